"""What a controller does for itself: watchdogs of boards, overruns, clocks that jump, reload."""

from __future__ import annotations

import json

import pytest

from controller.__main__ import main
from controller.anchors import Anchors
from controller.interface.points import PointList, Quality, Sample
from controller.lead import Lead
from controller.ledger import Keeping, Ledger
from controller.parts import runs
from controller.proof import prove, read_anchors
from controller.pseudonym import Pseudonyms
from controller.reload import new_site
from controller.replay import replay
from controller.site import load
from controller.supervisor import Supervisor
from controller.upkeep import Upkeep
from tests.controller.conftest import MATRIX
from tests.controller.field import Field
from tests.controller.test_admission import OTHER, write_operators
from tests.controller.test_reception import answers, publish, text
from tests.controller.test_scan import fire

HEARTBEAT = "bolt: {discrete: 1}, heartbeat: {holding: 4, write: true}"


@pytest.fixture
def beating(folder):
    """A field whose door board watches its controller."""
    path = folder / "points.yaml"
    path.write_text(path.read_text().replace("bolt: {discrete: 1}", HEARTBEAT))
    field = Field(load(folder))
    field.until(0)
    return field


def strokes(field):
    return [
        ask.values[0]
        for ask in field.boards["doors-1"].asked
        if ask.function == 6 and ask.address == 4
    ]


def test_the_heartbeat_register_changes_once_a_second(beating):
    beating.until(5000)
    assert strokes(beating) == [1, 2, 3, 4, 5, 6]
    assert beating.until(5250).wake_ms <= 6000


def test_a_board_that_is_gone_and_back_is_beaten_again(beating):
    link = beating.modbus_links["doors-1"]
    beating.until(2000)
    link.up = False
    beating.until(8000)
    assert strokes(beating) == [1, 2, 3]
    link.up = True
    beating.until(20_000)
    assert strokes(beating)[-1] == 21


def test_a_fenced_board_is_claimed_first_and_a_higher_epoch_is_obeyed(folder):
    with (folder / "points.yaml").open("a") as file:
        file.write(
            "  - {id: board-1, kind: io-board, at: a, gateway: doors-1, unit: 247, "
            "points: {epoch: {holding: 0, write: true}, held: {input: 0}}}\n"
        )
    points = PointList.load(folder / "points.yaml")
    lead = Lead(points, 7)
    ((command, point),) = lead.claim("doors-1", 0)
    assert (command.value, point.id) == (7, "board-1.epoch")
    assert [c.value for c, _ in lead.due(0)] == [7]
    assert list(lead.due(500)) == []
    assert list(lead.claim("fire-1", 0)) == []
    said = {"board-1.held": Sample("board-1.held", 7, Quality.GOOD, 0)}
    assert lead.replaced(said) == 0
    said = {"board-1.held": Sample("board-1.held", 8, Quality.GOOD, 0)}
    assert lead.replaced(said) == 8
    said = {"board-1.held": Sample("board-1.held", 0xFFFF, Quality.GOOD, 0)}
    assert lead.replaced(said) == 0, "all ones is no epoch"
    assert list(Lead(points, 0).due(0)) == []


class Real:
    """A controller with its upkeep on the scan clock, and a real-time clock to be set."""

    def __init__(self, site, folder) -> None:
        self.utc_ms = 1_000_000
        self.book = Ledger(folder / "c.jsonl", {}, Keeping(reserve_bytes=4096),
                           Pseudonyms(bytes(32), site.points))  # fmt: skip
        self.field = Field(site)
        self.upkeep = Upkeep(
            self.book, None, Anchors(self.book, None, 1000), Supervisor({}), site.points,
            lambda: self.utc_ms + self.field.now, self.utc_ms,
        )  # fmt: skip
        self.field.keep(self.upkeep, self.book)

    def records(self, what):
        self.book.flush()
        return [
            body
            for one in runs(self.book.path)
            for body in map(json.loads, (line.body for line in one.lines))
            if body.get("what") == what
        ]


@pytest.fixture
def real(site, tmp_path):
    real = Real(site, tmp_path)
    yield real
    real.field.controller.stop()


@pytest.mark.parametrize("step", [3_600_000, -3_600_000])
def test_a_real_time_clock_that_jumps_moves_no_timer_and_is_on_record(real, step):
    real.field.until(250)
    fire(real.field)
    real.field.until(1000)
    real.utc_ms += step
    real.field.until(10_000)
    assert [(r["t"], r["ms"]) for r in real.records("clock-step")] == [(1250, step)]
    (voice,) = [
        json.loads(line.body)["t"]
        for one in runs(real.book.path)
        for line in one.lines
        if '"e":"fire-a>voice"' in line.body
    ]
    assert voice == 3500, "3 s after the fire, on the scan clock"
    (order,) = [p for topic, p in real.field.broker.sent if topic.endswith("cmd/message")][:1]
    assert json.loads(order)["t"] == 1_000_000 + step + 3500, "devices compare it with their clock"


def test_every_instant_of_the_grid_that_passed_is_counted_and_two_in_a_row_are_a_fault(real):
    real.field.until(1000)
    for _ in range(2):
        real.field.now += 500
        real.field.until(real.field.now + 250)
    found = real.records("overrun")
    assert [(r["ms"], r["count"]) for r in found] == [(500, 2), (500, 4)]
    assert [r["text"] for r in real.records("fault")] == ["scans take longer than the scan cycle"]
    real.field.until(real.field.now + 250)
    assert len(real.records("fault-over")) == 1
    assert replay(real.book.path, real.field.site.points, real.field.site.matrix).line == 0


def test_faults_of_the_controller_itself_are_told_on_its_status(real):
    real.field.until(1000)
    for trouble, status in (("the journal cannot be written: no space", "fault"), ("", "ready")):
        real.book.trouble = trouble
        real.field.broker.sent.clear()
        real.field.until(real.field.now + 250)
        told = {topic[-12:]: json.loads(payload) for topic, payload in real.field.broker.sent}
        assert told["oller/status"]["s"] == status
        assert told["state/faults"]["val"] == trouble


def test_outputs_that_cannot_be_reached_are_shown_with_their_safe_state(real):
    real.field.until(1000)
    real.field.modbus_links["doors-1"].silent = True
    real.field.until(20_000)
    (text,) = [r["text"] for r in real.records("fault") if r["name"] == "doors-1"]
    assert text.startswith("doors-1 is lost (door-lock: holds its last command; after the watch")
    assert "sounder: " in text
    told = [json.loads(p) for topic, p in real.field.broker.sent if topic.endswith("state/faults")]
    assert told[-1]["val"] == text
    real.field.modbus_links["doors-1"].silent = False
    real.field.until(60_000)
    assert [r["name"] for r in real.records("fault-over")] == ["doors-1"]


def test_anchors_go_to_the_notification_channel_and_hold_the_journal(real):
    real.field.until(1000)
    fire(real.field)
    real.field.until(5000)
    sent = [p for topic, p in real.field.broker.sent if topic.endswith("event/anchor")]
    kept = real.book.path.with_name("kept.jsonl")
    kept.write_bytes(b"\n".join(sent) + b"\n")
    assert len({json.loads(p)["id"] for p in sent}) == len(sent) >= 3
    assert prove(real.book.path, read_anchors(kept)).anchored == len(sent)
    lines = real.book.path.read_text("utf-8").splitlines(keepends=True)
    real.book.path.write_text("".join(lines[:10]), "utf-8")
    assert "cut off" in prove(real.book.path, read_anchors(kept)).broken


def test_a_matrix_with_a_typo_keeps_the_program_from_starting(folder, capsys):
    path = folder / "matrix.yaml"
    path.write_text(MATRIX.replace("sounders: L", "sounder: L"))
    assert main(["--site", str(folder), "--journal", str(folder / "j")]) == 2
    line = next(n for n, text in enumerate(MATRIX.splitlines(), 1) if "sounders: L" in text)
    said = capsys.readouterr().err
    assert said.startswith(f"{path}:{line}: ")
    assert "did you mean 'sounders'?" in said
    assert not (folder / "j").exists()


def test_a_reload_is_refused_while_a_zone_is_not_normal_and_for_a_typo(field, folder):
    field.until(2000)
    same, why = new_site(folder, field.controller.decider)
    assert (same is not None, why) == (True, "valid, and every zone normal")
    path = folder / "matrix.yaml"
    path.write_text(MATRIX.replace("sounders: L", "sounder: L"))
    none, why = new_site(folder, field.controller.decider)
    assert none is None
    assert f"{path}:" in why
    assert "sounders" in why, "the nearest name"
    path.write_text(MATRIX)
    fire(field)
    field.until(3000)
    none, why = new_site(folder, field.controller.decider)
    assert none is None
    assert why.startswith("not normal: zone a, output ")


def test_operators_are_on_record_under_pseudonyms_answered_by_name_and_repeated(folder, tmp_path):
    write_operators(folder)
    real = Real(load(folder), tmp_path)
    field, veil = real.field, real.book.veil
    field.until(0)
    began = real.upkeep.utc_ms
    lock = text("n1", verb="lockdown", by="head-1", key=OTHER, t_ms=began)
    publish(field, lock)
    field.until(250)
    publish(field, text("n2", verb="all-clear", by="head-1", key=OTHER, t_ms=began), seq=2)
    publish(field, text("n3", verb="lockdown", by="guard-1", t_ms=began), seq=3)
    publish(field, text("n4", by="guard-1", key=OTHER, t_ms=began), seq=4)
    field.until(1000)
    field.controller.stop()
    book = real.book.path.read_text("utf-8")
    assert "head-1" not in book
    assert "guard-1" not in book
    assert f'"operator":"{veil.of("head-1")}"' in book
    assert [a["id"] for a in answers(field)] == ["n1", "n2", "n3", "n4"]
    assert not any(veil.of("head-1") in a["text"] for a in answers(field))
    found = replay(real.book.path, field.site.points, field.site.matrix)
    assert (found.journal_says, found.program_says) == ("", "")
