"""What is on record: journeys, seconds, samples, wakes, and the same from the same seed."""

import pytest

from tests.twin.campus import Drill
from twin.site import Site


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


def test_a_pressed_call_point_is_on_record(site: Site) -> None:
    drill = Drill(site)
    drill.twin.stage.press(0, "mcp-hall")
    drill.run(5_000)
    assert [r["e"] for r in drill.journal.of("press")] == ["mcp-hall"]
    assert drill.journal.of("sense", e="mcp-hall", what="alarm")


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


def test_what_a_device_moves_is_recorded_in_the_phase_in_which_it_acts(site: Site) -> None:
    drill = Drill(site)
    drill.twin.stage.measures.mains(1_000, on=False, night=False)
    drill.run(5_000)
    released = drill.journal.of("portal", e="x1", what="open")
    assert [(r["p"], r["by"], r["cause"]) for r in released] == [(2, "lock-x1", "mains")]
    assert released[0]["t"] % 250 == 0
