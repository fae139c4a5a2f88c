"""`twin egress`: what theory says comes out, and both sites empty."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet
import pytest

from evacuation.convergence import Thresholds
from scenarios.cli import main
from scenarios.egress import egress_text
from tests.scenarios.corridor import CORRIDOR_M, egress, rewrite, rows, site


def test_one_person_takes_pre_movement_and_length_over_speed(tmp_path: Path) -> None:
    place = site(tmp_path)
    spaces = rows(place, "floor.yaml", "spaces")
    spaces[0] |= {"area_m2": 0.25, "outline": [[-0.5, 0.75], [0, 0.75], [0, 1.25], [-0.5, 1.25]]}
    rewrite(place, "floor.yaml", "spaces", spaces)
    run = egress(place, seeds=[1])["runs"][0]
    least = 10.0 + CORRIDOR_M / 1.25
    assert least <= run["exit_times_s"][0] <= least + 0.6 / 1.25 + 0.1


def test_a_door_passes_its_specific_flow(tmp_path: Path) -> None:
    document = egress(site(tmp_path, count=100), seeds=[1], laws=("bounding", "laboratory"))
    bounding, laboratory = document, document["other_laws"]["laboratory"]
    # SFPE: 1.3 P/(m s) on 1.0 m less 2 x 0.15 m; laboratory: 1.9 P/(m s) on the clear width
    for part, flow in ((bounding, 1.3 * 0.7), (laboratory, 1.9)):
        door = part["portals"]["door"]
        assert door["count"] == 100
        assert 99 / (door["last_s"] - door["first_s"]) == pytest.approx(flow, rel=0.05)
        assert door["peak_flow_per_s"] == pytest.approx(flow, abs=0.11)


def test_series_agree_with_the_totals(tmp_path: Path) -> None:
    document = egress(site(tmp_path, count=60), seeds=[3])
    door, room = document["portals"]["door"], document["spaces"]["room"]
    assert door["cumulative"][-1] == 60
    assert sum(door["flow_per_s"]) == pytest.approx(60)
    assert room["density_per_m2"][0] == pytest.approx(60 / 50)
    assert max(room["density_per_m2"]) == pytest.approx(room["peak_density_per_m2"], abs=1e-3)
    assert max(room["queue"]) == room["peak_queue"] > 10
    times = document["runs"][0]["exit_times_s"]
    assert len(times) == len(document["person_ids"]) == document["people"] == 60
    assert max(times) == document["total_time_s"]["max"] == document["exit_time_s"]["max"]
    assert document["bottlenecks"][0]["portal"] == "door"
    assert document["bottlenecks"][0]["delay_person_s"] == pytest.approx(sum(room["queue"]), 0.02)


def test_same_seeds_same_document_in_one_process_or_in_two(tmp_path: Path) -> None:
    place = site(tmp_path, count=30)
    once = egress(place, seeds=[1, 2, 3], jobs=1)
    assert json.dumps(egress(place, seeds=[1, 2, 3], jobs=1)) == json.dumps(once)
    assert json.dumps(egress(place, seeds=[1, 2, 3], jobs=2)) == json.dumps(once)


def test_summary_leaves_out_what_is_long(tmp_path: Path) -> None:
    short = egress(site(tmp_path, count=5), seeds=[1], summary=True)
    assert "exit_times_s" not in short["runs"][0]
    assert short["runs"][0]["exit_time_s"]["max"] == short["total_time_s"]["max"]
    assert "cumulative" not in short["portals"]["door"]
    assert "queue" not in short["spaces"]["room"]
    assert short["portals"]["door"]["count"] == 5


def test_runs_that_say_the_same_stop_early(tmp_path: Path) -> None:
    loose = Thresholds(tet=0.5, sd=10.0, erd=0.5, epc=0.5, sc=0.5, runs=3)
    document = egress(
        site(tmp_path, count=20), seeds=range(1, 41), until_converged=True, thresholds=loose
    )
    assert document["convergence"]["stopped_early"]
    assert 5 <= document["seeds"] == len(document["runs"]) < 20


def test_thresholds_out_of_reach_use_every_seed(tmp_path: Path) -> None:
    never = Thresholds(tet=0.0)
    document = egress(
        site(tmp_path, count=5), seeds=range(1, 8), until_converged=True, thresholds=never
    )
    assert document["seeds"] == 7
    assert not document["convergence"]["converged"]


def test_people_behind_a_closed_door_are_stranded_and_the_times_have_no_end(tmp_path: Path) -> None:
    document = egress(site(tmp_path, count=10), seeds=[1, 2], closed=["out"])
    assert {row["person"] for row in document["stranded"]} == {f"g.p{n:02}" for n in range(1, 11)}
    assert all("out" in row["reason"] and row["where"] for row in document["stranded"])
    assert document["total_time_s"]["p50"] is document["exit_time_s"]["mean"] is None
    assert document["runs"][0]["exit_times_s"] == [None] * 10
    assert document["incomplete_runs"] == 2
    assert "infinitely long" in egress_text(document)
    assert json.dumps(document, allow_nan=False)


def test_closing_an_exit_sends_people_elsewhere() -> None:
    school = Path("primary-school")
    free = egress(school, seeds=[1], summary=True)
    shut = egress(school, seeds=[1], summary=True, closed=["a.x-a"])
    assert free["portals"]["a.x-a"]["count"] > 300
    assert shut["portals"]["a.x-a"]["count"] == 0
    assert not shut["stranded"]
    assert shut["total_time_s"]["max"] > free["total_time_s"]["max"]


@pytest.mark.parametrize(
    ("name", "period", "people"),
    [("primary-school", "lesson", 1425), ("kit-institute", "workday", 201)],
)
def test_both_sites_empty(name: str, period: str, people: int) -> None:
    document = egress(Path(name), seeds=[1, 2], laws=("bounding", "laboratory"), summary=True)
    assert (document["period"], document["people"]) == (period, people)
    assert not document["stranded"]
    out = sum(row["count"] for row in document["portals"].values() if row["leads_out"])
    assert out == pytest.approx(people)
    assert 100 < document["total_time_s"]["mean"] < 900
    assert "laboratory" in egress_text(document)


def test_each_person_s_way_out_and_every_second_go_to_files(tmp_path: Path) -> None:
    place, out = site(tmp_path, count=40), tmp_path / "tables"
    whole = egress(place, seeds=[1, 2])
    short = egress(place, seeds=[1, 2], out=out)
    assert "cumulative" not in short["portals"]["door"]
    exits = parquet.read_table(out / "exits.parquet").to_pydict()
    times = [t for run in whole["runs"] for t in run["exit_times_s"]]
    assert exits["exit_s"] == pytest.approx(times, abs=5e-4)
    assert set(exits["exit"]) == {"out"}
    assert exits["seed"] == [1] * 40 + [2] * 40
    portals = parquet.read_table(out / "portals.parquet").to_pylist()
    passed = [row["cumulative"] for row in portals if row["portal"] == "door"]
    assert passed == pytest.approx(whole["portals"]["door"]["cumulative"], abs=1e-3)
    spaces = parquet.read_table(out / "spaces.parquet").to_pylist()
    dense = [row["density_per_m2"] for row in spaces if row["space"] == "room"]
    assert dense == pytest.approx(whole["spaces"]["room"]["density_per_m2"], abs=1e-4)
    egress(place, out=out, table="csv")
    assert (out / "exits.csv").read_text().startswith('"laws","seed","person","exit_s","exit"')


def test_levels_of_service_tell_walking_from_waiting(tmp_path: Path) -> None:
    room = egress(site(tmp_path, count=100), seeds=[1])["spaces"]["room"]
    assert room["averaging_area_m2"] == 50.0
    # 100 on 50 m2: 0.5 m2 each, E on a walkway (0.46-0.93) and D in a queue (0.28-0.65)
    assert (room["level_of_service"], room["queue_level_of_service"]) == ("E", "D")
    waited = sum(room["queue_level_person_s"].values())
    assert waited == pytest.approx(sum(room["queue"]), rel=0.01)
    assert room["queue_level_person_s"]["D"] > room["queue_level_person_s"]["F"] == 0.0
    lone = egress(site(tmp_path), seeds=[1])["spaces"]["room"]
    assert lone["queue_level_of_service"] is None


def test_exposure_is_the_integral_of_density_over_two(tmp_path: Path) -> None:
    document = egress(site(tmp_path, count=150), seeds=[1])
    room = document["spaces"]["room"]
    # 150 on 50 m2 start at 3 /m2: what lies above 2 /m2, second by second
    dense = np.array(room["density_per_m2"])
    assert room["density_time_s_per_m2"] == pytest.approx(np.maximum(dense - 2, 0).sum(), abs=0.1)
    above = float((dense[dense > 2] * 50).sum())
    assert room["person_s_above_per_m2"]["2"] == pytest.approx(above, rel=1e-3)
    assert room["person_s_above_per_m2"]["4"] == 0.0
    assert document["exposure"]["person_s_above_per_m2"]["2"] >= room["person_s_above_per_m2"]["2"]


def test_the_document_has_the_keys_that_scripts_rely_on(tmp_path: Path) -> None:
    document = egress(site(tmp_path, count=20), seeds=[1, 2])
    assert set(document["exit_time_s"]) >= {"mean", "sd", "p5", "p50", "p95", "max", "interval_95"}
    assert set(document["portals"]["out"]) >= {"count", "first_s", "last_s", "peak_flow_per_s"}
    assert set(document["spaces"]["room"]) >= {"peak_density_per_m2", "peak_queue"}
    assert (document["seeds"], document["people"], document["stranded"]) == (2, 20, [])
    assert [run["seed"] for run in document["runs"]] == [1, 2]
    times = np.array([run["exit_times_s"] for run in document["runs"]])
    assert document["exit_time_s"]["mean"] == pytest.approx(times.mean(), abs=1e-3)
    assert document["exit_time_s"]["p95"] == pytest.approx(np.sort(times.ravel())[37], abs=1e-3)
    assert document["total_time_s"]["sd"] == pytest.approx(times.max(axis=1).std(ddof=1), abs=1e-3)
    low, high = document["total_time_s"]["interval_95"]["p95"]
    assert low <= document["total_time_s"]["p95"] <= high
    names = {"TETconv", "SDconv", "ERDconv", "EPCconv", "SCconv", "ERD", "EPC", "SC"}
    assert names <= set(document["convergence"])


def test_bottlenecks_are_ranked_by_what_they_cost(tmp_path: Path) -> None:
    place = site(tmp_path, count=60)
    portals = rows(place, "floor.yaml", "portals")
    portals[1]["width_m"] = 0.9  # narrower than the door before it: both hold people up
    rewrite(place, "floor.yaml", "portals", portals)
    ranked = egress(place, seeds=[1])["bottlenecks"]
    delays = [row["delay_person_s"] for row in ranked]
    assert [row["portal"] for row in ranked] == ["door", "out"]
    assert delays == sorted(delays, reverse=True)
    assert sum(row["share"] for row in ranked) == pytest.approx(1.0, abs=0.002)


def test_a_run_without_laws_named_reports_both_presets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = site(tmp_path, count=30)
    monkeypatch.setattr("sys.argv", ["twin", "egress", str(place), "--seeds", "1", "--json"])
    with pytest.raises(SystemExit) as ended:
        main()
    document = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert ended.value.code in (0, None)
    assert document["laws"] == "bounding"
    other = document["other_laws"]["laboratory"]
    assert other["total_time_s"]["max"] < document["total_time_s"]["max"]


def test_who_waits_in_a_refuge_is_no_stranded_person(tmp_path: Path) -> None:
    folder = site(tmp_path)
    floor = json.loads((folder / "floor.yaml").read_text())
    floor["spaces"][1] |= {"refuge": True}
    floor["portals"][1] |= {"width_m": 0.7}
    people = json.loads((folder / "people.yaml").read_text())
    people["groups"][0] |= {"profile": "boyce/electric-wheelchair", "count": 2}
    (folder / "floor.yaml").write_text(json.dumps(floor))
    (folder / "people.yaml").write_text(json.dumps(people))
    document = egress(folder)
    assert [row["where"] for row in document["refuge"]] == ["corridor", "corridor"]
    assert document["stranded"] == []
    assert document["incomplete_runs"] == 0
    assert document["runs"][0]["refuge"] == 2
    assert 10.0 < document["exit_time_s"]["max"] < 40.0
    assert "waiting for help in a refuge at the end: 2 people in corridor" in egress_text(document)


def test_a_floor_and_a_density_are_enough(tmp_path: Path) -> None:
    folder = site(tmp_path)
    people = folder / "area.yaml"
    people.write_text(
        "people: 1\nareas: [{id: all, density_per_m2: 0.5, profile: mix/rimea,"
        " pre_movement: preset/university}]\n"
    )
    document = egress(folder / "floor.yaml", people=people)
    assert document["people"] == 65
    assert document["stranded"] == []
