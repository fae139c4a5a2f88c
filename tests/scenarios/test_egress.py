"""`twin egress`: what theory says comes out, bad input is one sentence, and both sites empty."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from controller.interface.files import BadFile
from evacuation.convergence import Thresholds
from scenarios.egress import Order, egress_text
from scenarios.egress import egress as ordered
from scenarios.egress.statistics import intervals, spread

CORRIDOR_M = 40.0


def site(folder: Path, count: int = 1) -> Path:
    """A corridor of 40 m with a room at its end and one door out; everybody walks at 1.25 m/s."""
    floor = {
        "floor": 1,
        "name": "Corridor",
        "source": "drawn for the test",
        "storeys": [{"id": "g", "name": "G", "z_m": 0.0}],
        "spaces": [
            {"id": "room", "name": "Room", "kind": "room", "storey": "g", "area_m2": 50.0,
             "outline": [[-10, 0], [0, 0], [0, 5], [-10, 5]]},
            {"id": "corridor", "name": "Corridor", "kind": "corridor", "storey": "g",
             "area_m2": 80.0, "outline": [[0, 0], [40, 0], [40, 2], [0, 2]]},
            {"id": "street", "name": "Street", "kind": "street", "area_m2": 1e4, "safe": True},
        ],
        "portals": [
            {"id": "door", "name": "Door", "between": ["room", "corridor"], "width_m": 1.0,
             "at": [0, 1], "kind": "door"},
            {"id": "out", "name": "Way out", "between": ["corridor", "street"], "width_m": 2.0,
             "at": [CORRIDOR_M, 1], "kind": "door"},
        ],
    }  # fmt: skip
    people = {
        "people": 1,
        "profiles": {
            "walker": {
                "speed": {"mean": 1.25, "sd": 0, "min": 1.0, "max": 1.5},
                "body_area_m2": 0.1,
            }
        },
        "pre_movement": {"ten": {"median_s": 10, "sigma": 0, "scatter_s": 0}},
        "timetable": [
            {"id": "lesson", "from": "08:00", "to": "09:00"},
            {"id": "night", "from": "22:00", "to": "23:00"},
        ],
        "groups": [
            {"id": "g", "kind": "class", "profile": "walker", "count": count,
             "pre_movement": "ten", "at": {"lesson": "room"}}
        ],
    }  # fmt: skip
    (folder / "floor.yaml").write_text(json.dumps(floor))
    (folder / "people.yaml").write_text(json.dumps(people))
    return folder


def egress(floor: Path, seeds: Sequence[int] = (1,), **more: Any) -> dict[str, Any]:
    return ordered(Order(floor=floor, seeds=seeds, **{"laws": ("bounding",), **more}))


def rows(folder: Path, file: str, part: str) -> list[dict[str, Any]]:
    return list(json.loads((folder / file).read_text())[part])


def rewrite(folder: Path, file: str, part: str, value: object) -> None:
    document = json.loads((folder / file).read_text())
    document[part] = value
    (folder / file).write_text(json.dumps(document))


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


def test_quantiles_reach_infinity_only_where_the_incomplete_runs_lie() -> None:
    times = np.array([10.0] * 9 + [np.inf])
    found = spread(times)
    assert found["p5"] == found["p50"] == 10.0
    assert found["p95"] is found["max"] is found["mean"] is found["sd"] is None
    bounds = intervals(times[:, None], "test")
    assert bounds is not None
    assert bounds["p50"] == [10.0, 10.0]
    assert bounds["p95"][1] is None


def test_the_interval_of_a_mean_is_that_of_theory() -> None:
    values = np.linspace(0.0, 100.0, 101)
    bounds = intervals(values[:, None], "test")
    assert bounds is not None
    half = 1.96 * values.std(ddof=1) / np.sqrt(101)
    assert bounds["mean"] == pytest.approx([50 - half, 50 + half], abs=0.9)
    assert intervals(values[:1, None], "one run") is None


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


def refused(place: Path, **more: Any) -> str:
    with pytest.raises((BadFile, ValueError)) as caught:
        egress(place, **more)
    return str(caught.value)


def test_unknown_names_get_the_nearest_one(tmp_path: Path) -> None:
    place = site(tmp_path)
    assert "'lesson'" in refused(place, period="leson")
    assert "'door'" in refused(place, closed=["dor"])
    assert "'laboratory'" in refused(place, laws=("labratory",))
    assert "primary-school" in refused(Path("primary-schol"))
    assert "night" in refused(place, period="night")
    assert "seed" in refused(place, seeds=[])


def test_a_population_that_names_no_room_is_refused(tmp_path: Path) -> None:
    place = site(tmp_path)
    groups = rows(place, "people.yaml", "groups")
    groups[0]["at"] = {"lesson": "rom"}
    rewrite(place, "people.yaml", "groups", groups)
    text = refused(place)
    assert "people.yaml" in text
    assert "'rom'" in text
    assert "'room'" in text


def test_a_million_people_in_a_cupboard_are_refused(tmp_path: Path) -> None:
    text = refused(site(tmp_path, count=1_000_000))
    assert "1000000 people do not fit in room (50 m2)" in text
    assert "groups[0].at.lesson" in text


def test_a_room_without_a_way_out_is_refused_when_somebody_is_in_it(tmp_path: Path) -> None:
    place = site(tmp_path, count=3)
    portals = rows(place, "floor.yaml", "portals")
    rewrite(place, "floor.yaml", "portals", portals[1:])
    text = refused(place)
    assert "3 people are in room, which reaches no exit" in text
    rewrite(place, "floor.yaml", "portals", portals[:1])
    assert "no exit" in refused(place)


@pytest.mark.parametrize(
    ("part", "key", "value"),
    [("portals", "width_m", 0), ("spaces", "area_m2", -1.0), ("portals", "between", ["room", "x"])],
)
def test_floors_that_can_not_be_are_refused(
    tmp_path: Path, part: str, key: str, value: object
) -> None:
    place = site(tmp_path)
    entries = rows(place, "floor.yaml", part)
    entries[0][key] = value
    rewrite(place, "floor.yaml", part, entries)
    text = refused(place)
    assert f"{part}[0].{key}" in text
    assert "floor.yaml" in text
