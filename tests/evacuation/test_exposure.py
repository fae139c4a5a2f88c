"""Levels of service, exposure to density, and which of two doors people used."""

import numpy as np
import pytest

from evacuation import Crowd
from evacuation.exposure import (
    Doorways,
    by_level,
    density_time,
    level,
    levels,
    person_seconds,
    queue_level,
)
from tests.evacuation.plans import alarm, door, people, plan, room


@pytest.mark.parametrize(
    ("area_m2", "walkway", "stair"),
    [(4.0, "A", "A"), (2.5, "B", "A"), (1.5, "C", "B"), (1.0, "D", "C"), (0.5, "E", "E"),
     (0.4, "F", "E"), (0.3, "F", "F")],
)  # fmt: skip
def test_fruins_levels_on_the_level_and_on_stairs(area_m2: float, walkway: str, stair: str) -> None:
    assert level(1.0 / area_m2, stair=False) == walkway
    assert level(1.0 / area_m2, stair=True) == stair


@pytest.mark.parametrize(
    ("area_m2", "letter"), [(1.3, "A"), (1.0, "B"), (0.7, "C"), (0.3, "D"), (0.2, "E"), (0.1, "F")]
)
def test_fruins_levels_of_a_queue(area_m2: float, letter: str) -> None:
    assert queue_level(1.0 / area_m2) == letter


def test_person_seconds_by_level_add_up() -> None:
    density = np.array([[0.1, 3.0, 3.0], [0.0, 0.1, 0.1]])
    persons = np.array([[1, 30, 30], [0, 2, 2]])
    tally = by_level(levels(density, np.array([False, False])), persons, 1.0)
    assert tally.sum() == persons.sum()
    assert tally[0].tolist() == [1, 0, 0, 0, 0, 60]


def test_exposure_counts_only_what_lies_above() -> None:
    density = np.array([[1.0, 3.0, 5.0], [2.0, 2.0, 2.0]])
    persons = np.array([[10, 30, 50], [4, 4, 4]])
    assert density_time(density, 2.0, 1.0).tolist() == [4.0, 0.0]
    above = person_seconds(density, persons, (2.0, 4.0, 5.0), 1.0)
    assert above.tolist() == [[80.0, 50.0, 0.0], [0.0, 0.0, 0.0]]


def test_each_of_two_doors_is_told_from_the_other() -> None:
    floor = plan(
        room("room", 0, 0, 20, 4),
        room("hall", 0, 4, 20, 4),
        door("west", "room", "hall", 1, 4),
        door("east", "room", "hall", 19, 4),
        door("x", "hall", "street", 10, 8, 2.0),
    )
    crowd = Crowd(
        floor,
        people(3, "room", "w", xy=(1.0, 2.0)) + people(3, "room", "e", xy=(19.0, 2.0)),
        seed=1,
    )
    watch = Doorways(crowd)
    names = sorted(["w0000", "w0001", "w0002", "e0000", "e0001", "e0002"])
    before = watch.portals(names, np.zeros(6, np.int64))
    for _ in range(6):
        crowd.advance(1_000, alarm(floor))
        watch.look()
    came = watch.portals(names, np.full(6, 5))
    assert before.tolist() == [-1] * 6
    assert [list(floor.portals)[k] for k in came.tolist()] == ["east"] * 3 + ["west"] * 3


def test_queues_are_those_of_the_crowd() -> None:
    floor = plan(room("room", 0, 0, 10, 5), door("x", "room", "street", 10, 2))
    crowd = Crowd(floor, people(60, "room"), seed=1)
    watch = Doorways(crowd)
    for second in range(1, 20):
        crowd.advance(1_000, alarm(floor))
        watch.look()
        assert watch.queues[0, second] == crowd.queue("x")
    assert watch.queues[0].max() > 20
