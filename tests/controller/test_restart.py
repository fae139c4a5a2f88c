"""The controller is killed and started again: nothing that was latched or running is lost."""

from __future__ import annotations

import pytest

from controller.__main__ import main
from controller.decider import SETTLE_MS
from controller.interface.files import BadFile
from controller.interface.points import Quality
from controller.replay import replay
from controller.state import StateFile
from tests.controller.field import Field
from tests.controller.test_scan import commands, fire


@pytest.fixture
def kept(tmp_path):
    return tmp_path / "state.json"


def started(site, kept, before=None, down_ms=0):
    """A controller with a memory; the field is the one that was there before, as it stands."""
    began = 0 if before is None else before.began + before.now + down_ms
    scan = [0]
    field = Field(site, memory=StateFile(kept, lambda: began + scan[0]))
    field.began, field.clock = began, scan
    if before is not None:
        field.boards = before.boards
        for link in field.modbus_links.values():
            link.answer = field.boards[next(n for n, b in field.modbus_links.items() if b is link)]
    return field


def said(field, kind):
    return [(r["t"], r["e"], r.get("what")) for r in field.journal.records if r["k"] == kind]


def test_a_confirmed_fire_stands_over_a_restart_although_the_smoke_is_gone(site, kept):
    before = started(site, kept)
    fire(before)
    before.until(5000)
    before.boards["fire-1"].words.update({0: 0x1400, 1: 0x1400})
    before.until(6000)
    after = started(site, kept, before)
    after.until(60_000)
    assert not [d for d in said(after, "decision") if d[2] == "off"]
    assert said(after, "command") == []
    after.state("desk-1", "seen", "reset")
    after.until(62_000)
    off = [e for _, e, what in said(after, "decision") if what == "off"]
    assert off == ["first-a>desk", "fire-a>sounders", "fire-a>voice"]


def test_outputs_that_forgot_are_told_again(site, kept):
    before = started(site, kept)
    fire(before)
    before.until(2000)
    assert before.boards["doors-1"].coils == {20: 1, 1: 1}
    before.boards["doors-1"].coils.clear()
    after = started(site, kept, before)
    after.until(2000)
    assert after.boards["doors-1"].coils == {20: 1, 1: 1}
    assert [c[1] for c in commands(after)] == ["pa-1.message#1"], "the others keep their numbers"


def test_a_delay_goes_on_where_it_was(site, kept):
    before = started(site, kept)
    fire(before)
    before.until(2000)
    assert "fire-a>voice" not in [e for _, e, _ in said(before, "decision")]
    after = started(site, kept, before)
    after.until(10_000)
    (at,) = [t for t, e, what in said(after, "decision") if e == "fire-a>voice"]
    assert at == pytest.approx(500 + 3000 - 2000, abs=500), (
        "3 s from the fire, not from the restart"
    )


def test_one_detector_before_and_one_after_confirm(site, kept):
    before = started(site, kept)
    before.boards["fire-1"].words[0] = 0x0C01
    before.until(2000)
    before.boards["fire-1"].words[0] = 0x1400
    before.until(3000)
    after = started(site, kept, before)
    after.until(2000)
    after.boards["fire-1"].words[1] = 0x0C01
    after.until(4000)
    confirmed = [r for r in after.journal.records if r.get("what") == "confirmed"]
    assert [r["inputs"] for r in confirmed] == [["sd-1", "sd-2"]]


def test_a_crowd_is_not_forgotten_before_its_camera_speaks_again(site, kept):
    before = started(site, kept)
    before.until(0)
    for _ in range(6):
        before.state("cam-1", "density", 4.0)
        before.until(before.now + 1000)
    assert ("crowd>desk", "on") in [(e, w) for _, e, w in said(before, "decision")]
    after = started(site, kept, before)
    after.until(SETTLE_MS - 250)
    assert said(after, "decision") == []
    after.until(SETTLE_MS)
    assert [(e, w) for _, e, w in said(after, "decision")] == [("crowd>desk", "off")]


def test_an_all_clear_ends_it_at_once(site, kept):
    before = started(site, kept)
    before.until(0)
    for _ in range(6):
        before.state("cam-1", "density", 4.0)
        before.until(before.now + 1000)
    after = started(site, kept, before)
    after.until(1000)
    after.state("cam-1", "density", 1.0)
    after.until(1500)
    assert [(t, w) for t, _, w in said(after, "decision")] == [(1250, "off")]


def test_a_zone_that_has_not_been_read_again_is_not_reset(site, kept):
    before = started(site, kept)
    fire(before)
    before.until(2000)
    before.boards["fire-1"].words.update({0: 0x1400, 1: 0x1400})
    before.until(4000)
    after = started(site, kept, before)
    after.modbus_links["fire-1"].silent = True
    after.until(1000)
    after.state("desk-1", "seen", "reset")
    after.until(3000)
    assert not [r for r in after.journal.records if r.get("what") == "reset"]


def test_the_journal_after_a_restart_proves_itself(site, kept, tmp_path):
    before = started(site, kept)
    fire(before)
    before.until(2000)
    after = started(site, kept, before)
    after.until(30_000)
    path = tmp_path / "controller.jsonl"
    path.write_text("\n".join(after.journal.lines) + "\n", "utf-8")
    found = replay(path, site.points, site.matrix)
    assert (found.line, found.decisions) == (0, 1)


def test_quiet_scans_write_nothing(site, kept):
    field = started(site, kept)
    field.until(1000)
    stamp = kept.stat().st_mtime_ns, kept.stat().st_ino
    field.until(20_000)
    assert (kept.stat().st_mtime_ns, kept.stat().st_ino) == stamp


def saved(site, kept):
    """A file with two saves, and where in it they begin."""
    field = started(site, kept)
    field.boards["fire-1"].words[0] = 0x0C01
    field.until(2000)
    field.boards["fire-1"].words[1] = 0x0C01
    field.until(4000)
    data = kept.read_bytes()
    size = (len(data) - 4096) // 2
    return data, sorted((4096, 4096 + size), key=lambda at: int(data[at:].split(b" ", 2)[1]))


DAMAGES = [
    lambda b, at: b[:at] + b[at:].replace(b"true", b"fals", 1),
    lambda b, at: b[:at] + b"\xff" + b[at + 1 :],
    lambda b, at: b[:at] + bytes(2048) + b[at + 2048 :],
    lambda b, at: b[: at + 100] + bytes(100) + b[at + 200 :],
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_copy_is_named_and_the_older_one_taken(site, kept, damage):
    data, (older, newer) = saved(site, kept)
    kept.write_bytes(damage(data, newer))
    after = started(site, kept)
    (note,) = [r["text"] for r in after.journal.records if r.get("what") == "older-state"]
    assert note.startswith(f"{kept}: a copy is damaged; that of save ")
    (state,) = [r["state"] for r in after.journal.records if r.get("what") == "restore"]
    assert [name for name, d in state["alarms"]["devices"].items()] == ["sd-1"]
    kept.write_bytes(damage(data, older))
    other = started(site, kept)
    (state,) = [r["state"] for r in other.journal.records if r.get("what") == "restore"]
    assert [name for name, d in state["alarms"]["devices"].items()] == ["sd-1", "sd-2"]


@pytest.mark.parametrize("damage", [
    lambda d, a, b: DAMAGES[0](DAMAGES[1](d, a), b), lambda d, a, b: b"", lambda d, a, b: b"x" + d,
    lambda d, a, b: d[:4096], lambda d, a, b: b"campus-controller state 3" + d[25:],
])  # fmt: skip
def test_what_cannot_be_read_at_all_is_refused_not_guessed(site, kept, folder, damage, capsys):
    data, places = saved(site, kept)
    kept.write_bytes(damage(data, *places))
    with pytest.raises(BadFile, match="damaged"):
        started(site, kept)
    words = ["--site", str(folder), "--state", str(kept), "--journal", str(kept.parent / "j")]
    assert main(words) == 2
    assert f"{kept}:1:" in capsys.readouterr().err


def test_a_making_that_was_cut_short_leaves_the_old_state(site, kept):
    data, _ = saved(site, kept)
    kept.with_name("state.json.part").write_bytes(b"half of")
    assert StateFile(kept).load() is not None
    assert kept.read_bytes() == data


def test_more_space_is_set_aside_without_a_moment_without_a_state(site, kept):
    data, _ = saved(site, kept)
    wide = StateFile(kept, copy_bytes=1 << 21)
    state, _ = wide.load()
    wide.save({**state, "more": 1}, 5000)
    assert kept.stat().st_size == 4096 + 2 * (1 << 21) > len(data)
    assert StateFile(kept).load()[0] == {**state, "more": 1}


def test_a_state_that_outgrows_its_space_is_a_fault_and_the_last_one_stays(tmp_path):
    file = StateFile(tmp_path / "s", copy_bytes=4096)
    file.save({"a": 1}, 0)
    file.save({"a": "x" * 5000}, 250)
    assert "do not fit the 4096 set aside" in file.trouble
    assert StateFile(tmp_path / "s").load()[0] == {"a": 1}
    file.save({"a": 2}, 500)
    assert file.trouble == ""


def asked(field):
    return [(r["id"], r["what"]) for r in field.journal.records if r["k"] == "operation"]


def test_an_order_that_still_stands_after_a_restart_is_not_carried_out_again(site, kept, tmp_path):
    before = started(site, kept)
    fire(before)
    before.until(1000)
    before.state("desk-1", "seen", "order acknowledge")
    before.until(1500)
    before.state("desk-1", "seen", "order silence")
    before.until(2000)
    assert asked(before) == [("desk-1#1", "acknowledge"), ("desk-1#2", "silence")]
    after = started(site, kept, before)
    after.until(0)
    after.state("desk-1", "seen", "order silence")
    after.until(5000)
    assert asked(after) == []
    after.state("desk-1", "seen", "")
    after.until(6000)
    after.state("desk-1", "seen", "order silence")
    after.until(7000)
    assert asked(after) == [("desk-1#3", "silence")]
    path = tmp_path / "controller.jsonl"
    path.write_text("\n".join(after.journal.lines) + "\n", "utf-8")
    found = replay(path, site.points, site.matrix)
    assert (found.journal_says, found.program_says) == ("", "")


def test_an_order_that_the_broker_brings_again_is_not_carried_out_again(site):
    field = Field(site)
    field.until(0)
    field.state("desk-1", "seen", "order lockdown")
    field.until(1000)
    field.controller.decider.intake.doubt("desk-1.seen", Quality.STALE)
    field.until(2000)
    field.state("desk-1", "seen", "order lockdown")
    field.until(3000)
    heard = [r["quality"] for r in field.journal.records if r["e"] == "desk-1.seen"]
    assert heard[-2:] == ["stale", "good"], "it was heard anew"
    assert asked(field) == [("desk-1#1", "lockdown")]
