"""Falls before a camera: suspected at once, sure when they last, and what each asks for."""

from __future__ import annotations

from tests.controller.crowded import WATCHED, landed


def test_who_bends_for_a_moment_is_no_fall_where_the_site_waits(tmp_path):
    text = WATCHED.replace("  counted: 1.0", "  counted: 1.0\n  fall_for_s: 2")
    stair = landed(tmp_path, text)
    stair.out_per_s = 1.0
    stair.see(fallen=1)
    stair.run(1)
    stair.see(fallen=0)
    stair.run(5)
    assert stair.level == "green"
    stair.see(fallen=1)
    stair.run(4)
    assert stair.level == "red"


def test_a_suspected_fall_meters_at_once_and_holds_when_it_lasts(tmp_path):
    text = WATCHED.replace("  counted: 1.0", "  counted: 1.0\n  fall_for_s: 8")
    stair = landed(tmp_path, text)
    stair.out_per_s = 1.0
    stair.run(1)
    stair.see(fallen=1)
    stair.at(stair.now / 1000)
    assert (stair.level, stair.out("wait-1.show")) == ("amber1", "slow")
    assert [r["why"] for r in stair.journal.records if r.get("what") == "amber1"] == [
        ["fall suspected"]
    ]
    stair.run(7)
    assert stair.level == "amber1"
    stair.run(2)
    assert (stair.level, stair.out("wait-1.show")) == ("red", "wait")


def test_two_who_lie_are_a_fall_sooner_than_one(tmp_path):
    text = WATCHED.replace("  counted: 1.0", "  counted: 1.0\n  fall_for_s: 8\n  falls_for_s: 1")
    stair = landed(tmp_path, text)
    stair.run(1)
    stair.see(fallen=2)
    stair.at(stair.now / 1000)
    assert stair.level == "amber1"
    stair.run(1)
    assert stair.level == "red"


_MAYBE = (
    "  - {id: maybe, say: Maybe, when: crowd, level: suspected, watches: [stair], priority: 6}\n"
)
_SUSPECTED = (
    WATCHED.replace("  counted: 1.0", "  counted: 1.0\n  fall_for_s: 60")
    .replace("  - {id: alone,", f"{_MAYBE}  - {{id: alone,")
    .replace("  alone: {next: X}", "  alone: {next: X}\n  maybe: {hold: X}")
)


def test_a_suspected_fall_holds_at_once_and_until_nobody_has_lain_for_five_seconds(tmp_path):
    stair = landed(tmp_path, _SUSPECTED)
    stair.out_per_s = 1.0
    stair.run(1)
    stair.see(fallen=1)
    stair.at(stair.now / 1000)
    assert (stair.level, stair.out("wait-1.show")) == ("amber1", "wait")
    stair.see(fallen=0)
    stair.run(4)
    assert stair.out("wait-1.show") == "wait"
    stair.run(2)
    assert (stair.level, stair.out("wait-1.show")) == ("green", "off")


def test_a_suspected_fall_is_red_at_once_on_a_flight_that_has_stopped(tmp_path):
    stair = landed(tmp_path, _SUSPECTED)
    stair.see(density=4.0)
    stair.run(13)
    assert stair.level == "amber2"
    stair.see(fallen=1)
    stair.at(stair.now / 1000)
    assert stair.level == "red"


def test_a_fall_is_red_at_once_and_stays_so_until_nobody_lies_for_a_while(tmp_path):
    stair = landed(tmp_path)
    stair.out_per_s = 1.0
    stair.run(1)
    stair.see(fallen=1)
    stair.at(stair.now / 1000)
    assert stair.level == "red"
    assert stair.out("wait-1.show") == "wait"
    stair.see(fallen=0)
    stair.run(29)
    assert stair.level == "red"
    stair.run(2)
    assert stair.level == "green"
    assert stair.out("wait-1.show") == "off"
