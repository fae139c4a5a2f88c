"""A small campus in motion: what devices do changes what people do, and every step is on record."""

from pathlib import Path

import pytest

from tests.twin.campus import Drill, small_campus
from twin.site import Site


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return small_campus(tmp_path)


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


def test_the_sums_of_every_person_make_up_the_time_to_the_exit(site: Site) -> None:
    drill = Drill(site)
    drill.run(20_000)
    drill.alarm()
    drill.run_out(400_000)
    assert len(drill.out()) == 43
    for record in drill.out():
        assert 20_000 <= record["noticed_ms"] <= record["start_ms"] <= record["t"]
        assert record["start_ms"] + record["walk_ms"] + record["queue_ms"] == record["t"]


def test_those_who_are_out_walk_to_their_assembly_area(site: Site) -> None:
    drill = Drill(site)
    drill.alarm()
    drill.run_out(400_000)
    by_class = [r for r in drill.out() if not r["e"].startswith("watch")]
    for record in by_class:
        assert 10 / 1.8 <= (record["assembled_ms"] - record["t"]) / 1000 <= 15 / 0.6
    assert [r["assembled_ms"] for r in drill.out() if r["e"].startswith("watch")] == [None]


def test_journeys_are_gapless_and_end_with_the_way_out(site: Site) -> None:
    drill = Drill(site)
    drill.alarm()
    drill.run_out(400_000)
    rows = drill.twin.journeys().to_pylist()
    left = {record["e"]: record["t"] for record in drill.out()}
    last: dict[str, int] = {}
    for row in rows:
        assert row["t_in_ms"] == last.get(row["person"], 0)
        assert row["t_out_ms"] > row["t_in_ms"]
        assert row["group"] == row["person"].rsplit(".", 1)[0]
        last[row["person"]] = row["t_out_ms"]
    assert last == left


def test_journeys_of_those_still_inside_reach_the_present(site: Site) -> None:
    drill = Drill(site)
    drill.run(30_000)
    rows = drill.twin.journeys().to_pylist()
    assert {(row["t_in_ms"], row["t_out_ms"]) for row in rows} == {(0, 30_000)}
    assert len(rows) == 43


def test_the_stranded_are_named_with_their_reason(site: Site) -> None:
    drill = Drill(site)
    drill.twin.stage.portal(0, "x2", "locked")
    drill.alarm()
    drill.run(120_000)
    drill.twin.finish(drill.now)
    stranded = drill.journal.of("person", what="stranded")
    assert len(stranded) == 43
    assert all(record["reason"] and record["space"] for record in stranded)


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


def test_a_pressed_call_point_is_on_record(site: Site) -> None:
    drill = Drill(site)
    drill.twin.stage.press(0, "mcp-hall")
    drill.run(5_000)
    assert [r["e"] for r in drill.journal.of("press")] == ["mcp-hall"]
    assert drill.journal.of("sense", e="mcp-hall", what="alarm")


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


def test_the_same_seed_gives_the_same_records_and_another_does_not(site: Site) -> None:
    def play(seed: int) -> list[dict[str, object]]:
        drill = Drill(site, seed=seed)
        drill.twin.stage.fire(2_000, "near", "fast", 500.0, 0.05)
        drill.sound("snd-near")
        drill.run(90_000)
        return drill.journal.records

    assert play(1) == play(1)
    assert play(1) != play(2)


def test_the_crowd_is_sampled_once_a_second_and_everybody_is_counted(site: Site) -> None:
    drill = Drill(site)
    drill.sound("snd-near")
    drill.run(60_000)
    samples = drill.journal.of("sample", e="crowd")
    assert [s["t"] for s in samples] == list(range(0, 61_000, 1_000))
    for s in samples:
        assert s["inside"] + s["out"] == 43
        assert s["waiting"] + s["walking"] + s["queued"] == s["inside"]


def test_skipped_slices_change_nothing(site: Site) -> None:
    ends = []
    for step_ms in (250, 1000):
        drill = Drill(site)
        drill.sound("snd-near")
        for now in range(0, 60_001, step_ms):
            drill.twin.advance(now)
        ends.append(drill.twin.journeys().to_pylist())
    assert ends[0] == ends[1]


def test_only_those_on_the_timetable_are_there(site: Site) -> None:
    assert Drill(site, period="night").twin.people == 1
    with pytest.raises(ValueError, match="did you mean 'lesson'"):
        Drill(site, period="leson")


def test_at_rest_the_twin_wakes_for_samples_and_for_what_is_scripted(site: Site) -> None:
    drill = Drill(site)
    drill.run(250)
    assert drill.twin.next_wake() == 1_000
    drill.twin.stage.portal(500, "x2", "locked")
    assert drill.twin.next_wake() == 750
    drill.run(750)
    assert drill.twin.next_wake() == 1_000
    assert drill.journal.of("portal")[0]["t"] == 500


def test_in_motion_the_twin_wakes_for_every_slice(site: Site) -> None:
    drill = Drill(site)
    drill.run(0)
    drill.sound("snd-near")
    assert drill.twin.next_wake() == 250
    drill.run(1_000)
    assert drill.twin.next_wake() == 1_250


def test_those_who_may_still_learn_of_an_open_door_are_not_settled(site: Site) -> None:
    drill = Drill(site)
    drill.twin.stage.portal(0, "x2", "locked")
    drill.alarm()
    drill.run(90_000)
    assert drill.twin.settled
    drill.twin.world.actuate("portal:x1", "unlocked", "lock-x1", "lock-x1.release#1")
    assert not drill.twin.settled


def test_what_a_device_moves_is_recorded_in_the_phase_in_which_it_acts(site: Site) -> None:
    drill = Drill(site)
    drill.twin.stage.mains(1_000, on=False)
    drill.run(5_000)
    released = drill.journal.of("portal", e="x1", what="open")
    assert [(r["p"], r["by"], r["cause"]) for r in released] == [(2, "lock-x1", "mains")]
    assert released[0]["t"] % 250 == 0


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
