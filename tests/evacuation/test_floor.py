"""A floor that can not be used says everything that is wrong with it, and where."""

import pytest

from evacuation import Conditions, Crowd, Floor, FloorError
from tests.evacuation.plans import STREET, alarm, door, people, plan, room, watch


def test_all_problems_are_told_at_once_with_place_and_nearest_name() -> None:
    rows = {
        "storeys": [{"id": "f1", "z_m": 0.0}],
        "spaces": [
            {"id": "hall", "kind": "hal", "area_m2": 50.0, "storey": "f2"},
            {"id": "st", "kind": "stair", "area_m2": 10.0},
            {"id": "hall", "kind": "hall", "area_m2": 50.0},
            {"id": "room", "area_m2": "big", "outline": [[0, 0], [1, 1]]},
            STREET,
        ],
        "portals": [
            {"id": "d1", "between": ["hall", "strete"], "at": [0, 0]},
            {"id": "d2", "between": ["hall", "hall"], "width_m": 1.0, "at": [0, 0]},
            {"id": "d3", "between": ["hall", "street"], "width_m": 1.0},
        ],
    }
    with pytest.raises(FloorError) as caught:
        Floor.from_mapping(rows)
    problems = {path: (message, close) for path, message, close in caught.value.problems}
    assert problems["spaces[0].kind"] == ("no kind of space hal", "hall")
    assert problems["spaces[0].storey"] == ("no storey f2", "f1")
    assert problems["spaces[1].width_m"][0] == "st needs a width_m above zero"
    assert problems["spaces[1].slope_length_m"][0] == "st needs a slope_length_m above zero"
    assert problems["spaces[2].id"][0] == "hall is used twice"
    assert problems["spaces[3].outline"][0] == "an outline needs three points or more"
    assert "spaces[3].area_m2" in problems
    assert problems["portals[0].between[1]"] == ("no space strete", "street")
    assert problems["portals[0].width_m"][0] == "d1 needs a width_m above zero"
    assert problems["portals[1].between"][0] == "a portal joins two different spaces"
    assert problems["portals[2].at"][0].startswith("a portal needs its place")


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_sizes_and_places_are_finite(value: float) -> None:
    rows = {
        "storeys": [{"id": "f1", "z_m": value}],
        "spaces": [room("room", 0, 0, 5, 5) | {"area_m2": value}, STREET],
        "portals": [door("x", "room", "street", 0, 2, value) | {"at": [value, 0]}],
    }
    with pytest.raises(FloorError) as caught:
        Floor.from_mapping(rows)
    wrong = {path for path, _, _ in caught.value.problems}
    assert wrong >= {"storeys[0].z_m", "spaces[0].area_m2", "portals[0].width_m", "portals[0].at"}


def cut_off() -> Floor:
    return plan(
        room("room", 0, 0, 5, 5),
        room("a", 10, 0, 5, 5),
        room("b", 15, 0, 5, 5),
        room("lone", 30, 0, 5, 5),
        {"id": "lift", "kind": "lift", "area_m2": 3.0},
        door("x", "room", "street", 0, 2),
        door("ab", "a", "b", 15, 2),
        door("l1", "a", "lift", 10, 2),
        door("l2", "lift", "room", 5, 2),
    )


def test_rooms_that_reach_no_exit_are_listed_with_the_reason() -> None:
    floor = cut_off()
    found = dict(floor.unreachable())
    assert set(found) == {"a", "b", "lone"}
    assert found["lone"] == "the space has no portal"
    assert "b, lift" in found["a"]
    assert floor.exits == ("x",)


def test_people_in_rooms_without_a_way_out_are_stranded_with_the_reason() -> None:
    floor = cut_off()
    run = watch(floor, people(1, "a", "a") + people(1, "lone", "l") + people(1, "room", "r"))
    run.go(60, alarm(floor))
    assert run.crowd.settled
    assert [(s.person, s.space, s.reason) for s in run.crowd.stranded()] == [
        ("a0000", "a", "the room reaches no exit"),
        ("l0000", "lone", "the room reaches no exit"),
    ]
    assert {person for person, *_ in run.crowd.open_segments()} == {"a0000", "l0000"}


def test_people_who_found_every_way_closed_say_which() -> None:
    floor = plan(
        room("class", 0, 0, 5, 5),
        room("hall", 5, 0, 20, 5),
        room("porch", 25, 0, 5, 5),
        door("d", "class", "hall", 5, 2),
        door("p", "hall", "porch", 25, 2),
        door("x", "porch", "street", 30, 2),
    )
    run = watch(floor, people(1, "hall")).go(60, alarm(floor, closed=frozenset({"x", "p"})))
    assert run.crowd.stranded()[0].reason == "waiting behind closed portal p"


def test_people_in_unknown_places_are_named_all_at_once() -> None:
    floor = cut_off()
    wrong = people(1, "rom") + people(1, "room", "q", knows=("ab",))
    with pytest.raises(ValueError, match=r"rom, which is no space \(nearest: room\).*ab, which is"):
        Crowd(floor, wrong, seed=1)


def test_conditions_with_unknown_names_say_the_nearest() -> None:
    floor = plan(room("room", 0, 0, 5, 5), door("door-1", "room", "street", 0, 2))
    crowd = Crowd(floor, people(1, "room"), seed=1)
    with pytest.raises(ValueError, match=r"dor-1, which is no portal \(nearest: door-1\)"):
        crowd.advance(100, Conditions(closed=frozenset({"dor-1"})))
