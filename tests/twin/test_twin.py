"""A small campus in motion: what devices do changes what people do, and every step is on record."""

from pathlib import Path

import pytest

from tests.twin.campus import Drill, small_campus
from twin.site import Site


def groups_out(drill: Drill) -> set[str]:
    return {record["e"].rsplit(".", 1)[0] for record in drill.out()}


def test_nobody_leaves_while_nothing_happens(site: Site) -> None:
    drill = Drill(site)
    drill.run(120_000)
    assert drill.twin.people == drill.twin.inside == 43
    assert drill.out() == []


def test_pre_movement_starts_only_where_the_sounder_is_heard(site: Site) -> None:
    drill = Drill(site)
    drill.twin.stage.portal(0, "d2", "closed")
    drill.twin.stage.portal(0, "d3", "closed")
    drill.sound("snd-near", "snd-near.on#7")
    drill.run(10_000)
    heard = {record["e"] for record in drill.journal.of("cue", what="sounder")}
    assert heard == {"near", "hall"}
    drill.run(180_000)
    assert groups_out(drill) == {"c-near", "watch"}
    assert {(r["cue"], r["cause"]) for r in drill.out()} == {("snd-near", "snd-near.on#7")}


def test_the_voice_is_heard_where_its_zone_covers(site: Site) -> None:
    drill = Drill(site)
    drill.twin.world.actuate("voice:pa-far", "evacuate", "pa-far", "pa-far.message#1")
    drill.run(1_000)
    cues = drill.journal.of("cue", what="voice")
    assert [(c["e"], c["source"], c["cause"]) for c in cues] == [
        ("far", "pa-far", "pa-far.message#1")
    ]


def test_a_test_message_makes_nobody_leave(site: Site) -> None:
    drill = Drill(site)
    drill.twin.world.actuate("voice:pa-far", "test", "pa-far", "pa-far.message#1")
    drill.run(60_000)
    assert drill.out() == []


def test_a_locked_exit_keeps_people_in_until_its_lock_lets_go(site: Site) -> None:
    drill = Drill(site)
    drill.twin.stage.portal(0, "x2", "locked")
    drill.alarm()
    drill.run(90_000)
    assert drill.out() == []
    drill.twin.world.actuate("portal:x1", "unlocked", "lock-x1", "lock-x1.release#1")
    drill.run_out(400_000)
    assert {r["portal"] for r in drill.out()} == {"x1"}
    opened = drill.journal.of("portal", what="open", by="lock-x1")
    assert opened
    assert drill.twin.inside == 0


def test_a_script_may_open_an_exit_and_lock_it_again_while_people_queue(site: Site) -> None:
    drill = Drill(site)
    stage = drill.twin.stage
    stage.portal(0, "x1", "locked")
    stage.portal(0, "x2", "locked")
    stage.portal(90_000, "x2", "open")
    stage.portal(95_000, "x2", "locked")
    stage.portal(200_000, "x2", "open")
    drill.alarm()
    drill.run(201_000)
    drill.run_out(600_000)
    times = [record["t"] for record in drill.out()]
    first = [t for t in times if t < 110_000]
    assert min(times) >= 90_000
    assert max(first) <= 95_250
    assert first
    assert min(t for t in times if t not in first) >= 200_000
    assert drill.twin.inside == 0


def test_a_fire_is_sensed_by_its_detector_seconds_after_it_smokes(site: Site) -> None:
    drill = Drill(site)
    drill.twin.stage.fire(5_000, "near", "fast", 500.0, 0.05)
    drill.run(120_000)
    ignited = drill.journal.of("hazard", what="ignition")[0]["t"]
    smoky = drill.journal.of("hazard", what="smoke", e="near")[0]["t"]
    alarm = drill.journal.of("sense", e="sd-near", what="alarm")[0]["t"]
    assert ignited == 5_000 < smoky < alarm
    assert 2_000 <= alarm - smoky <= 60_000


def test_people_leave_smoke_that_they_see(site: Site) -> None:
    drill = Drill(site)
    drill.twin.stage.smoke(0, "near", 0.5)
    drill.run(120_000)
    near = [r for r in drill.out() if r["e"].startswith("c-near")]
    assert near
    assert all(record["cause"] == "" for record in near)


def test_steam_raises_a_false_alarm_and_nobody_sees_smoke(site: Site) -> None:
    drill = Drill(site)
    drill.twin.stage.cook(0, "sd-near", 60_000)
    drill.run(60_000)
    assert drill.journal.of("sense", e="sd-near", what="alarm")
    assert drill.journal.of("hazard", what="smoke") == []
    assert drill.out() == []


def test_a_sign_that_bars_an_exit_turns_people_to_the_other(site: Site) -> None:
    shares = []
    for shown in ("off", "no-entry"):
        drill = Drill(site)
        drill.twin.world.portal("x1", "open", "test")
        drill.twin.world.actuate("sign:sign-hall", shown, "sign-hall", "sign-hall.show#1")
        drill.sound("snd-near")
        drill.run_out(400_000)
        shares.append(sum(record["portal"] == "x2" for record in drill.out()))
    assert shares[0] > 0
    assert shares[1] == 0


def test_a_scripted_fault_ends_at_its_time(site: Site) -> None:
    drill = Drill(site)
    drill.twin.stage.fault(1_000, "lock-x1", "stuck", for_ms=5_000)
    drill.run(10_000)
    faults = drill.journal.of("fault", e="lock-x1")
    assert [(f["t"], f["what"]) for f in faults] == [(1_000, "begin"), (6_000, "end")]


@pytest.mark.parametrize(
    ("verb", "arguments", "says"),
    [
        ("fire", ("naer", "fast", 500.0, 0.05), "no such space: 'naer'; did you mean 'near'"),
        ("fire", ("near", "fst", 500.0, 0.05), "did you mean 'fast'"),
        ("press", ("mcp-hal",), "did you mean 'mcp-hall'"),
        ("portal", ("x11", "locked"), "did you mean 'x1'"),
        ("portal", ("x1", "lokced"), "did you mean 'locked'"),
        ("fault", ("lock-x2", "stuck"), "lock-x1"),
        ("cook", ("sd-nea", 1000), "did you mean 'sd-near'"),
    ],
)
def test_a_misspelt_name_is_answered_with_the_nearest(
    site: Site, verb: str, arguments: tuple[object, ...], says: str
) -> None:
    stage = Drill(site).twin.stage
    with pytest.raises(ValueError, match=says):
        getattr(stage, verb)(0, *arguments)


def test_those_who_may_still_learn_of_an_open_door_are_not_settled(site: Site) -> None:
    drill = Drill(site)
    drill.twin.stage.portal(0, "x2", "locked")
    drill.alarm()
    drill.run(90_000)
    assert drill.twin.settled
    drill.twin.world.actuate("portal:x1", "unlocked", "lock-x1", "lock-x1.release#1")
    assert not drill.twin.settled


def test_people_who_start_in_safety_are_out_at_once(tmp_path: Path) -> None:
    drill = Drill(small_campus(tmp_path, at="yard"))
    drill.run(250)
    watch = [r for r in drill.out() if r["e"] == "watch.p01"]
    assert [(r["t"], r["portal"], r["walk_ms"]) for r in watch] == [(0, "", 0)]


def test_those_who_stay_in_a_fire_are_incapacitated_and_stay_behind(site: Site) -> None:
    drill = Drill(site)
    for exit_door in ("x1", "x2"):
        drill.twin.stage.portal(0, exit_door, "locked")
    drill.twin.stage.fire(0, "near", "ultra", 2000.0, 0.07)
    drill.run(2_000_000)
    fallen = drill.journal.of("person", what="incapacitated")
    assert fallen
    assert {record["space"] for record in fallen} <= {"near", "hall", "lobby", "far"}
    drill.twin.finish(drill.now)
    stranded = {record["e"] for record in drill.journal.of("person", what="stranded")}
    assert {record["e"] for record in fallen} <= stranded
