"""The journal: a chain that shows every change, readable up to the last whole line."""

from __future__ import annotations

import pytest

from controller.interface import journal
from controller.interface.journal import Journal


@pytest.fixture
def written(tmp_path):
    path = tmp_path / "j.jsonl"
    book = Journal(path, "ab" * 16, {"site": "s", "started": "2026-01-01"})
    for number in range(5):
        book.record(number * 250, 3, "input", "sd-1.state", value="归", was=None)
    book.close()
    return path, book


def test_what_was_written_is_read(written):
    path, book = written
    header, records = journal.read(path)
    assert header == {"header": {"site": "s", "started": "2026-01-01"}, "chain": "ab" * 16}
    assert [r["n"] for r in records] == [1, 2, 3, 4, 5]
    assert (records[4]["t"], records[4]["value"], records[4]["h"]) == (1000, "归", book.chain)
    assert journal.verify(path) is None
    assert book.counts == {"input": 5}


@pytest.mark.parametrize(
    ("damage", "line"),
    [
        (lambda lines: [*lines[:2], lines[2].replace("归", "来"), *lines[3:]], 3),
        (lambda lines: [*lines[:2], *lines[3:]], 3),
        (lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]], 3),
        (lambda lines: [lines[0].replace("abab", "acac"), *lines[1:]], 2),
        (lambda lines: ["junk", *lines[1:]], 1),
    ],
    ids=["changed", "dropped", "swapped", "start", "header"],
)
def test_damage_is_found_where_it_is(written, damage, line):
    path, _ = written
    lines = path.read_text("utf-8").split("\n")
    path.write_text("\n".join(damage(lines)), "utf-8")
    assert journal.verify(path) == line


@pytest.mark.parametrize("cut", [1, 7, 40])
def test_a_cut_tail_costs_only_the_last_line(written, cut):
    path, _ = written
    path.write_bytes(path.read_bytes()[:-cut])
    assert [r["n"] for r in journal.read(path)[1]] == [1, 2, 3, 4]
    assert journal.verify(path) is None


def test_the_header_is_outside_the_hash():
    one, two = Journal(None, "0", {"started": "now"}), Journal(None, "0", {"started": "later"})
    for book in (one, two):
        book.record(0, 3, "scan", "controller", what="start")
    assert one.bodies_sha256() == two.bodies_sha256()
    assert one.chain == two.chain


def test_memory_and_disk_say_the_same(written):
    path, book = written
    memory = Journal(None, "ab" * 16, {})
    for body in journal.read(path)[1]:
        data = {k: v for k, v in body.items() if k not in "tpkenh"}
        memory.record(body["t"], body["p"], body["k"], body["e"], **data)
    assert memory.bodies_sha256() == book.bodies_sha256()
    assert [r["h"] for r in memory.records] == [r["h"] for r in journal.read(path)[1]]
    assert "\n".join(journal.bodies(path)).count('"n":') == 5


def test_a_listener_hears_every_record():
    heard = []
    book = Journal(None, "0", {}, on_record=heard.append)
    book.record(250, 3, "ack", "p", id="p#1", r="ok")
    assert heard == [{"t": 250, "p": 3, "k": "ack", "e": "p", "n": 1, "id": "p#1", "r": "ok"}]
