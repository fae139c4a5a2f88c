"""The crush zone's acceptance tests, over a few seeds: what must hold at any number of them."""

import pytest

from evacuation.verification import cascades, stampede
from evacuation.zone.parameters import Parameters
from scenarios import verifying


def test_a_file_presses_with_the_sum_of_its_drives():
    found = stampede.force_chain()
    assert found.verdict == "pass", found.measured


def test_hurrying_to_a_narrow_door_takes_longer():
    walking, running = (stampede.room_time(speed, 1) for speed in (1.5, 5.0))
    assert running[0] > 1.05 * walking[0]
    assert running[1] > walking[1], "more people are pressed"


def test_a_calm_stair_has_the_flow_of_the_handbooks():
    found = stampede.stair_capacity(range(1, 3))
    assert 0.95 <= found.values["flow"] <= 1.35, found.measured


def test_a_fall_in_the_dark_costs_more_than_in_the_light():
    light, dark = (cascades.cascade(1, Parameters(), count=200, lux=lux) for lux in (100.0, 0.05))
    assert dark.fallen > light.fallen
    assert dark.outcome.harm >= light.outcome.harm


def test_the_group_is_known_by_its_name():
    assert {one.id for one in stampede.cases()} == {*(f"C{k}" for k in range(1, 13)), "C19"}
    assert all(one.group == "stampede" and one.note for one in stampede.cases())
    with pytest.raises(ValueError, match="did you mean `stampede`"):
        verifying.verify("stampedes")
