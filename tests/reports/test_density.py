"""Densities are people over area, exact in time, judged by Fruin's levels."""

from __future__ import annotations

import pyarrow as pa
import pytest

from reports.building import Building
from reports.density import crowding, people_at, series, service
from reports.journeys import Journeys

BUILDING = Building.from_mapping(
    {
        "storeys": [{"id": "s", "name": "S"}],
        "spaces": [
            {"id": "hall", "kind": "corridor", "storey": "s", "area_m2": 4.0},
            {"id": "nook", "kind": "corridor", "storey": "s", "area_m2": 0.5},
            {"id": "yard", "kind": "yard", "storey": "s", "area_m2": 1.0, "safe": True},
        ],
    }
)


def with_stays(*rows: tuple[str, str, int, int]) -> Journeys:
    columns = list(zip(*rows, strict=True))
    names = ("person", "space", "t_in_ms", "t_out_ms")
    table = pa.table(dict(zip(names, columns, strict=True)) | {"state": ["walk"] * len(rows)})
    return Journeys.from_table(table)


def test_the_worst_moment_is_when_most_are_there() -> None:
    crowds = crowding(
        with_stays(*((f"p{i}", "hall", 1000 * i, 10_000) for i in range(6))), BUILDING
    )
    assert crowds.worst is not None
    assert (crowds.worst.t_ms, crowds.worst.people) == (5_000, 6)
    assert crowds.worst.per_m2 == pytest.approx(1.5)
    assert crowds.at_worst["hall"] == pytest.approx(1.5)


def test_who_goes_makes_room_for_who_comes() -> None:
    crowds = crowding(with_stays(("a", "hall", 0, 5_000), ("b", "hall", 5_000, 9_000)), BUILDING)
    assert crowds.peaks[0].people == 1
    assert crowds.worst is None


def test_a_few_people_in_a_nook_are_no_crowd() -> None:
    stays = [(f"n{i}", "nook", 0, 9_000) for i in range(3)]
    stays += [(f"h{i}", "hall", 2_000, 9_000) for i in range(5)]
    crowds = crowding(with_stays(*stays), BUILDING)
    assert crowds.peaks[0].space == "nook"
    assert crowds.worst is not None
    assert crowds.worst.space == "hall"


def test_safe_places_are_never_crowded() -> None:
    assert not crowding(
        with_stays(*((f"p{i}", "yard", 0, 9_000) for i in range(9))), BUILDING
    ).peaks


def test_seconds_above_the_warning_density_are_added_up() -> None:
    rows = [(f"p{i}", "hall", 0, 8_000) for i in range(17)]
    rows += [(f"q{i}", "hall", 20_000, 21_500) for i in range(20)]
    assert crowding(with_stays(*rows), BUILDING).peaks[0].above_s == pytest.approx(9.5)


def test_a_series_steps_where_people_come_and_go() -> None:
    journeys = with_stays(("a", "hall", 0, 2_000), ("b", "hall", 1_000, 2_000))
    assert series(journeys, BUILDING, "hall") == [(0, 0.25), (1_000, 0.5), (2_000, 0.0)]
    assert people_at(journeys, 1_999) == {"hall": 2}


@pytest.mark.parametrize(
    ("area_m2", "walkway", "stair"),
    [
        (4.0, "A", "A"),
        (2.5, "B", "A"),
        (1.5, "C", "B"),
        (1.0, "D", "C"),
        (0.5, "E", "E"),
        (0.3, "F", "F"),
    ],
)
def test_levels_of_service_are_fruins(area_m2: float, walkway: str, stair: str) -> None:
    assert service(1 / area_m2, "corridor") == walkway
    assert service(1 / area_m2, "stair") == stair
