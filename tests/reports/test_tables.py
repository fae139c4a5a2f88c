"""Flows, stairs, storeys and queues are counted from the records, and agree with each other."""

from __future__ import annotations

import pytest

from reports import tables
from reports.building import Building
from reports.dossier import Dossier
from reports.people import headcount, losses, start
from tests.reports.leaving import IGNITION


def test_everybody_who_left_left_by_one_exit(dossier: Dossier) -> None:
    rows = tables.exits(dossier)
    assert sum(row.people for row in rows) == len(dossier.of("person", "out"))
    assert {row.portal for row in rows} == {"a.x1", "a.x2"}
    assert headcount(dossier) == sum(row.people for row in rows) + len(losses(dossier))


def test_a_person_every_half_second_is_a_flow_of_two() -> None:
    assert tables.peak_flow([500 * i for i in range(100)]) == pytest.approx(2.0)
    assert tables.peak_flow([]) == 0.0
    assert tables.peak_flow([7]) == pytest.approx(0.1)


def test_stairs_carry_the_people_of_the_storeys_above(dossier: Dossier) -> None:
    # three storeys of four rooms with ten people; one person on the third never leaves the room
    assert tables.stairs(dossier) == {"Stair A": 39, "Stair B": 40}


def test_a_storey_with_somebody_left_is_never_clear(dossier: Dossier) -> None:
    rows = {row.name: row for row in tables.storeys(dossier)}
    assert rows["3F"].clear_ms is None
    assert rows["2F"].clear_ms is not None
    assert rows["1F"].clear_ms == dossier.of("person", "out")[-1]["t"]
    assert [row.people for row in rows.values()] == [40, 40, 40]


def test_waiting_by_space_is_waiting_by_person(dossier: Dossier) -> None:
    by_space = sum(row.person_s for row in tables.queues(dossier))
    by_person = sum(r["queue_ms"] for r in dossier.of("person", "out")) / 1000
    assert by_space == pytest.approx(by_person)


def test_who_stayed_is_named_with_place_and_reason(dossier: Dossier) -> None:
    (loss,) = losses(dossier)
    assert (loss.person, loss.space) == ("c3-1.p01", "a.f3.r1")
    assert "smoke" in loss.reason


def test_seconds_count_from_the_ignition(dossier: Dossier) -> None:
    assert start(dossier).t_ms == IGNITION
    assert start(dossier).say == "ignition in Class 1-2"


def test_flights_above_each_other_are_one_stair() -> None:
    flight = {"kind": "stair", "storey": "s0", "area_m2": 5.0}
    square = [[0, 0], [2, 0], [2, 4], [0, 4]]
    far = [[x + 30, y] for x, y in square]
    building = Building.from_mapping(
        {
            "spaces": [
                {**flight, "id": "st1.s0-s1", "name": "Stair from cellar", "outline": square},
                {**flight, "id": "st1.s1-s2", "name": "Stair from ground", "outline": square},
                {**flight, "id": "st2.s0-s1", "name": "Other stair", "outline": far},
            ]
        }
    )
    assert building.stairs() == {
        "Other stair": ("st2.s0-s1",),
        "Stair st1": ("st1.s0-s1", "st1.s1-s2"),
    }


def test_people_stand_on_the_slope_of_a_stair() -> None:
    raw = {"id": "st", "kind": "stair", "area_m2": 10.0, "width_m": 2.0, "slope_length_m": 8.0}
    building = Building.from_mapping({"spaces": [raw, {**raw, "id": "c", "kind": "corridor"}]})
    assert building.spaces["st"].area_m2 == 16.0
    assert building.spaces["c"].area_m2 == 10.0
