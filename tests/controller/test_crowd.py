"""Crowd warnings: four levels by signs that agree, holds that end, nothing by a blind camera."""

from __future__ import annotations

import json

import pytest

from controller import matrix
from controller.crowdfile import CrowdEntry, WatchEntry
from controller.crowdvalues import body_m2, crowd
from controller.interface import files
from controller.interface.people import PeopleFile
from controller.interface.points import PointList, Quality
from controller.replay import replay
from tests.controller.conftest import PEOPLE
from tests.controller.crowded import WATCHED, WATCHED_POINTS, Landing


@pytest.fixture
def stair_points(tmp_path):
    (tmp_path / "points.yaml").write_text(WATCHED_POINTS)
    return PointList.load(tmp_path / "points.yaml")


@pytest.fixture
def stair_matrix(tmp_path, stair_points):
    def build(text=WATCHED):
        (tmp_path / "matrix.yaml").write_text(text)
        return matrix.load(tmp_path / "matrix.yaml", stair_points)

    return build


@pytest.fixture
def stair(stair_points, stair_matrix):
    landing = Landing(stair_points, stair_matrix())
    landing.out_per_s = 1.0
    landing.run(1)
    return landing


def test_a_flight_is_unknown_until_its_camera_has_said_everything(stair_points, stair_matrix):
    landing = Landing(stair_points, stair_matrix())
    assert landing.level == "unknown"
    landing.run(1)
    assert landing.level == "green"
    assert landing.out("wait-1.show") is None


def test_density_alone_is_amber_1_after_ten_seconds_and_never_amber_2(stair):
    stair.see(density=4.0)
    stair.run(9)
    assert stair.level == "green"
    stair.run(2)
    assert stair.level == "amber1"
    assert stair.out("wait-1.show") == "slow"
    stair.run(60)
    assert stair.level == "amber1", "people walk out at 1 per m and s: one sign of three"


def test_a_dense_flow_that_breaks_down_is_amber_2_after_five_seconds(stair):
    stair.run(10)
    stair.see(density=4.0)
    stair.out_per_s = 0.2
    stair.run(13)
    assert stair.level == "amber2"
    assert stair.out("wait-1.show") == "wait"
    assert {"dense", "breakdown"} <= set(
        next(r for r in stair.journal.records if r.get("what") == "amber2")["why"]
    )


def test_a_slow_flow_in_a_thin_crowd_is_nothing(stair):
    stair.out_per_s = 0.0
    stair.see(density=2.0, speed=0.0)
    stair.run(60)
    assert stair.level == "green"


def test_people_who_stand_packed_are_red_without_a_fall(stair):
    stair.out_per_s = 0.0
    stair.see(density=5.5, speed=0.0)
    stair.run(8)
    assert stair.level == "red"
    assert stair.out("pa-1.message") == "wait"


def test_twenty_seconds_of_more_in_than_out_is_amber_1(stair):
    for people in range(30):
        stair.see(count=people // 2)
        stair.run(1)
    assert stair.level == "amber1"


def test_amber_2_of_a_stopped_flight_ends_once_it_flows_though_it_stays_dense(stair):
    stair.see(density=4.0)
    stair.out_per_s = 0.0
    stair.run(13)
    assert stair.level == "amber2"
    stair.out_per_s = 0.9
    stair.run(22)
    assert stair.level == "amber2", "0.9 is above 0.8, and not well above it"
    stair.out_per_s = 1.1
    stair.run(22)
    assert stair.level == "amber1", "five seconds until the window is full of it, fifteen to clear"


def test_a_level_is_left_well_below_where_it_was_reached(stair):
    stair.see(density=2.6)
    stair.run(12)
    stair.see(density=2.1)
    stair.run(60)
    assert stair.level == "amber1", "2.1 is above 0.8 of 2.5"
    stair.see(density=1.9)
    stair.run(14)
    assert stair.level == "amber1"
    stair.run(2)
    assert stair.level == "green"


@pytest.mark.parametrize("quality", [Quality.STALE, Quality.FAULT, Quality.UNKNOWN])
def test_a_camera_that_cannot_be_trusted_steers_nobody_and_is_told(stair, quality):
    stair.see(fallen=1)
    stair.run(1)
    assert stair.out("wait-1.show") == "wait"
    for name in stair.picture:
        stair.decider.intake.doubt(f"cam-s.{name}", quality)
    stair.at(stair.now / 1000)
    assert stair.level == "unknown"
    assert (stair.out("wait-1.show"), stair.out("pa-1.message")) == ("off", "")
    assert stair.out("desk-1.alarm") == "unseen"
    for _ in range(11):
        stair.at(stair.now / 1000 + 1)
    assert ("stair", "unseen") in {(e, w) for e, w, _ in stair.decider.intake.faults}
    stair.see(fallen=0)
    stair.run(1)
    assert ("stair", "unseen") not in {(e, w) for e, w, _ in stair.decider.intake.faults}


def test_a_covered_lens_is_unknown_not_empty(stair):
    stair.see(count=0, density=0.0, tamper=True)
    stair.at(stair.now / 1000)
    assert stair.level == "unknown"


@pytest.mark.parametrize("heads", [("sd-1", "sd-2"), ("mcp-1",)])
def test_every_hold_drops_at_once_when_people_are_to_leave(stair, heads):
    stair.see(fallen=1)
    stair.run(1)
    for head in heads:
        stair.say(head, "alarm")
    stair.at(stair.now / 1000)
    assert stair.level == "red", "the camera sees what it sees"
    assert stair.out("wait-1.show") == "off"
    assert stair.out("pa-1.message") != "wait"
    freed = [(r["e"], r["cause"]) for r in stair.journal.records if r.get("what") == "freed"]
    assert ("r>hold", "fire") in freed
    assert ("r>say", "fire") in freed


def test_an_ordered_evacuation_drops_holds_too(stair):
    stair.see(fallen=1)
    stair.run(1)
    stair.ask("evacuate")
    assert stair.out("wait-1.show") == "off"


def test_no_hold_outlives_its_longest_time_even_if_the_cause_comes_and_goes(stair):
    stair.see(fallen=1)
    stair.run(1)
    stair.run(9)
    stair.see(fallen=0)
    stair.run(33)
    assert (stair.level, stair.out("wait-1.show")) == ("green", "off"), "nobody asks for it"
    stair.see(fallen=1)
    stair.run(16)
    assert stair.out("wait-1.show") == "wait", "59 s after it began"
    stair.run(3)
    assert stair.level == "red"
    assert stair.out("wait-1.show") == "slow", "the meter of amber 1 has a time of its own"
    freed = [r for r in stair.journal.records if r.get("what") == "freed"]
    assert {r["cause"] for r in freed} == {"at_most_s"}
    stair.see(fallen=0)
    stair.run(31 + 31)
    stair.see(fallen=1)
    stair.run(1)
    assert stair.out("wait-1.show") == "wait", "after a rest another fall holds again"


def test_a_marshal_who_does_not_answer_is_followed_by_the_next(stair):
    stair.see(fallen=1)
    stair.run(29)
    assert stair.out("desk-1.alarm") == "send-marshal"
    stair.run(2)
    assert stair.out("desk-1.alarm") == "marshal-missing"
    assert stair.ask("acknowledge", "stair").granted
    assert stair.out("desk-1.alarm") == "send-marshal"
    assert not stair.ask("acknowledge", "stair").granted, "nothing waits any more"


def test_levels_and_holds_survive_a_restart_until_the_camera_is_heard(
    stair, stair_points, stair_matrix
):
    stair.see(fallen=1)
    stair.run(20)
    state = json.loads(json.dumps(stair.decider.capture()))
    later = Landing(stair_points, stair_matrix())
    later.decider.restore(state, stair.now - 2000)
    later.at(1)
    assert later.level == "red"
    assert "wait-1.show" in later.decider.claimed
    later.out_so_far = stair.out_so_far
    later.see(fallen=1)
    later.run(43)
    assert later.out("wait-1.show") == "slow", "19 s before and 43 s after are 62 s: 60 s at most"


def test_a_camera_that_stays_silent_after_a_restart_steers_nobody(
    stair, stair_points, stair_matrix
):
    stair.see(fallen=1)
    stair.run(1)
    later = Landing(stair_points, stair_matrix())
    later.decider.restore(json.loads(json.dumps(stair.decider.capture())), stair.now)
    later.at(11)
    assert later.level == "unknown"
    assert "wait-1.show" not in later.decider.claimed


def test_replay_repeats_every_warning(stair, tmp_path, stair_points, stair_matrix):
    stair.picture |= {"density": 4.0}
    stair.run(20)
    stair.picture |= {"fallen": 1}
    stair.run(70)
    records = stair.journal.lines
    path = tmp_path / "controller.jsonl"
    path.write_text("\n".join(records) + "\n")
    found = replay(path, stair_points, stair_matrix())
    assert found.line == 0, (found.journal_says, found.program_says)


def test_bodies_count_by_their_size(tmp_path):
    (tmp_path / "people.yaml").write_text(PEOPLE)
    people = files.load(tmp_path / "people.yaml", PeopleFile)
    group = people.groups[0]
    profile = people.profiles[group.profile]
    assert body_m2(people, [group.id]) == pytest.approx(profile.body_area_m2 or 0.113, rel=0.2)
    entry = CrowdEntry(watches=(WatchEntry(id="w", say="", camera="c", space="s", width_m=1.0),))
    assert crowd(entry, None).watches["w"].adults == 1.0


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ("camera: cam-s, space: a.stair", "camera: cam-t, space: a.stair", "no such camera"),
        ("space: a.stair", "space: a.other", "cam-s does not see a.other"),
        ("camera: cam-s, space: a.stair", "camera: cam-1, space: a.r1", "does not tell line-out"),
        ("level: amber1", "level: amber2", "level amber1 of 'stair' has no effect"),
        (", steers: true, at_most_s: 300", ", steers: true", "needs a longest time"),
        (", steers: true, at_most_s: 300", "", "a fire would not end it"),
        ("value: slow, steers", "value: no-entry, steers", ""),
        ("value: slow, steers: true, at_most_s: 300", "value: no-entry", "would not open it"),
        ("outputs: [wait-1.show], value: slow", "outputs: [lock-1.release], value: true",
         "it never locks"),
        ("level: red, watches", "watches", "a cause 'crowd' needs 'level'"),
        ("watches: [stair], priority: 7", "watches: [stairs], priority: 7", "names no watch"),
        ("{id: stair, say", "{id: sd-1, say", "is the id of something else"),
    ],
)  # fmt: skip
def test_what_is_unsafe_about_warnings_is_found_before_anything_runs(
    stair_points, tmp_path, was, becomes, says
):
    assert was in WATCHED
    (tmp_path / "matrix.yaml").write_text(WATCHED.replace(was, becomes, 1))
    found = [str(p) for p in matrix.check(tmp_path / "matrix.yaml", stair_points)]
    assert any(says in one for one in found) if says else not found


def test_a_group_that_nobody_knows_is_found(stair_points, tmp_path):
    (tmp_path / "people.yaml").write_text(PEOPLE)
    people = files.load(tmp_path / "people.yaml", PeopleFile)
    text = WATCHED.replace("width_m: 1.0}", "width_m: 1.0, people: [nobody]}")
    (tmp_path / "matrix.yaml").write_text(text)
    with pytest.raises(files.BadFile, match="'nobody' names no group"):
        matrix.load(tmp_path / "matrix.yaml", stair_points, people)
