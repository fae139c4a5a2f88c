"""A journal proves its decisions: repeated from what the field said, they come out again."""

from __future__ import annotations

import json

import pytest

from controller.__main__ import main
from controller.interface.journal import Journal
from controller.interface.operation import Operation
from controller.replay import replay
from controller.state import StateFile
from tests.controller.conftest import MATRIX
from tests.controller.field import Field
from tests.controller.test_scan import fire


@pytest.fixture
def played(field, tmp_path):
    """A fire, a crowd, a lost gateway and a reset, written to disk as the controller would."""
    field.until(250)
    fire(field)
    field.state("cam-1", "density", 4.0)
    field.until(4000)
    field.modbus_links["fire-1"].silent = True
    field.until(30_000)
    field.modbus_links["fire-1"].silent = False
    field.boards["fire-1"].words.update({0: 0x1400, 1: 0x1400})
    field.until(40_000)
    field.state("desk-1", "seen", "reset")
    field.until(45_000)
    path = tmp_path / "controller.jsonl"
    path.write_text("\n".join(field.journal.lines) + "\n", "utf-8")
    return path


def rewritten(path, change):
    """The journal as somebody would forge it: with bodies changed, and a chain that holds."""
    book = Journal(None, "0", {})
    for line in path.read_text("utf-8").splitlines()[1:]:
        body = change(json.loads(line))
        if body is not None:
            data = {k: v for k, v in body.items() if k not in ("t", "p", "k", "e", "n", "h")}
            book.record(body["t"], body["p"], body["k"], body["e"], **data)
    path.write_text("\n".join(book.lines) + "\n", "utf-8")


def test_every_decision_comes_out_again(played, site):
    found = replay(played, site.points, site.matrix)
    assert (found.line, found.journal_says, found.program_says) == (0, "", "")
    kinds = [json.loads(line)["k"] for line in played.read_text("utf-8").splitlines()[1:]]
    assert found.records == len(kinds)
    assert found.decisions == kinds.count("decision") >= 8
    assert {"input", "alarm", "decision", "command", "ack", "feedback", "comms"} <= set(kinds)


def test_another_matrix_decides_otherwise(played, site, compile_matrix):
    other = compile_matrix(MATRIX.replace("voice: D3L", "voice: D4L"))
    found = replay(played, site.points, other)
    assert found.line > 0
    assert '"e":"fire-a>voice"' in found.journal_says
    assert '"e":"fire-a>voice"' not in found.program_says


@pytest.mark.parametrize("kind", ["decision", "command", "alarm", "feedback"])
def test_a_record_left_out_is_found_although_the_chain_holds(played, site, kind):
    dropped = []

    def drop_the_first(body):
        if body["k"] == kind and not dropped:
            dropped.append(body)
            return None
        return body

    rewritten(played, drop_the_first)
    found = replay(played, site.points, site.matrix)
    assert found.line > 0
    assert f'"k":"{kind}"' in found.program_says


def test_an_invented_input_is_found_by_what_it_should_have_caused(played, site):
    def invent(body):
        if body["k"] == "input" and body["e"] == "sd-1.state" and body["value"] == "alarm":
            return body | {"value": "normal"}
        return body

    rewritten(played, invent)
    assert replay(played, site.points, site.matrix).line > 0


def test_the_command_line_says_what_holds_and_what_does_not(played, folder, capsys):
    assert main(["verify-journal", str(played)]) == 0
    assert "unbroken; the chain ends in" in capsys.readouterr().out
    assert main(["replay", str(played), "--site", str(folder)]) == 0
    assert "decisions came out again" in capsys.readouterr().out
    lines = played.read_text("utf-8").splitlines()
    lines[5] = lines[5].replace('"t":0', '"t":1')
    played.write_text("\n".join(lines) + "\n", "utf-8")
    assert main(["verify-journal", str(played)]) == 1
    assert f"{played}:6: broken" in capsys.readouterr().out
    assert main(["verify-journal", str(played.with_name("none.jsonl"))]) == 2


def test_scans_that_an_overrun_swallowed_are_not_repeated(field, site, tmp_path):
    field.until(250)
    fire(field)
    field.until(500)
    field.now += 2250
    field.until(6000)
    assert any(r.get("what") == "overrun" for r in field.journal.records)
    path = tmp_path / "controller.jsonl"
    path.write_text("\n".join(field.journal.lines) + "\n", "utf-8")
    assert replay(path, site.points, site.matrix).line == 0


def test_operations_are_repeated_with_their_answers(field, site, tmp_path):
    decider = field.controller.decider
    field.until(250)
    fire(field)
    field.until(1000)
    for number, verb in enumerate(("silence", "reset", "lockdown")):
        asked = Operation(str(number), "anna", "guard", verb, "", "seen")
        decider.intake.now = field.now + 250
        decider.operate(asked, field.now + 250)
        field.until(field.now + 1000)
    field.until(8000)
    field.state("desk-1", "seen", "order disable b")
    field.until(10_000)
    path = tmp_path / "controller.jsonl"
    path.write_text("\n".join(field.journal.lines) + "\n", "utf-8")
    found = replay(path, site.points, site.matrix)
    assert (found.journal_says, found.program_says) == ("", "")
    asked = [r for r in field.journal.records if r["k"] == "operation"]
    assert [(r["what"], r["granted"]) for r in asked] == [
        ("silence", True), ("reset", False), ("lockdown", True), ("disable", True)
    ]  # fmt: skip
    rewritten(path, lambda b: b | {"granted": True} if b.get("what") == "reset" else b)
    assert replay(path, site.points, site.matrix).line > 0


def test_a_first_scan_that_came_late_is_the_first_one(site, tmp_path):
    memory = StateFile(tmp_path / "state")
    before = Field(site, memory=memory)
    fire(before)
    before.until(1000)
    after = Field(site, memory=StateFile(tmp_path / "state"))
    after.now = 2750
    after.until(6000)
    path = tmp_path / "controller.jsonl"
    path.write_text("\n".join(after.journal.lines) + "\n", "utf-8")
    found = replay(path, site.points, site.matrix)
    assert (found.journal_says, found.program_says) == ("", "")
    assert '"fire-a>voice"' in path.read_text("utf-8"), "due before the first scan, done in it"
