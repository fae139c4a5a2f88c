"""The declared laws: their tables, stairs up and down, bodies, and how they are asked for."""

from dataclasses import replace

import numpy as np
import pytest

from evacuation import BOUNDING, LABORATORY
from evacuation.curves import bodies
from evacuation.laws import (
    ADULT_M2,
    CREEP_FLOW,
    CREEP_SPEED,
    LAWS,
    PREDTECHENSKII,
    UP_OVER_DOWN,
    WEIDMANN,
    laws_named,
)
from tests.evacuation.plans import door, evacuate, people, plan, room, stair

STOREYS = ({"id": "f0", "z_m": 0.0}, {"id": "f1", "z_m": 3.6})


@pytest.mark.parametrize("laws", LAWS.values(), ids=LAWS)
def test_every_law_falls_and_ends_in_a_creep(laws):
    speeds, supplies = laws.speed_table(), laws.supply_table()
    assert (np.diff(speeds, axis=1) <= 1e-12).all()
    assert (np.diff(supplies, axis=1) <= 1e-12).all()
    assert speeds[:, 0] == pytest.approx(1.0)
    assert supplies[:, 0] == pytest.approx(1.0)
    top = round(min(laws.jam_per_m2 + 0.5, 12.0) / 0.01)
    assert speeds[:, top] == pytest.approx(CREEP_SPEED, abs=0.02)
    assert (supplies[:, top] >= CREEP_FLOW).all()
    assert (supplies[:, top] < 1.0).all()


def test_weidmanns_diagram_has_its_published_values():
    speeds = WEIDMANN.speed_table()[0] * 1.34
    published = {0.5: 1.298, 1.0: 1.058, 1.5: 0.807, 2.0: 0.606, 3.0: 0.331, 4.0: 0.156}
    found = {d: float(speeds[round(d / 0.01)]) for d in published}
    assert found == pytest.approx(published, abs=0.002)
    assert WEIDMANN.flow_per_m_s(1.75) == pytest.approx(1.225, abs=0.002)


def test_predtechenskii_and_milinskii_have_their_published_values():
    published = {0.1: 0.655, 0.2: 0.468, 0.3: 0.36, 0.5: 0.275, 0.7: 0.239, 0.92: 0.151}
    found = {d: float(bodies(np.array([d]), False)[0]) for d in published}
    assert found == pytest.approx(published, abs=0.002)


def flow(laws, up: bool, **person) -> float:
    floor = plan(
        room("from", 0, 0, 12, 10, storey="f0" if up else "f1"),
        stair("s", 6.0, 1.6, "f0", riser_m=0.178, tread_m=0.279),
        room("to", 12, 0, 5, 5, storey="f1" if up else "f0", kind="landing"),
        door("a", "from", "s", 12, 5, 2.4),
        door("b", "s", "to", 12, 5, 2.4),
        door("x", "to", "street", 17, 2, 4.0),
        storeys=STOREYS,
    )
    times = sorted(evacuate(floor, people(120, "from", **person), laws=laws).out_s.values())
    return (len(times) - 1) / (times[-1] - times[0])


@pytest.mark.parametrize("laws", [BOUNDING, LABORATORY])
def test_a_stair_carries_less_up_than_down_by_imos_ratio(laws):
    assert flow(laws, up=True) / flow(laws, up=False) == pytest.approx(UP_OVER_DOWN, abs=0.04)


def test_children_take_less_room_and_pass_quicker_by_the_law_of_bodies():
    floor = plan(room("room", 0, 0, 8, 8), door("x", "room", "street", 8, 4, 1.0))

    def passed(body_m2: float, laws=PREDTECHENSKII) -> float:
        crowd = people(100, "room", body_area_m2=body_m2)
        return 99 / (lambda t: t[-1] - t[0])(
            sorted(evacuate(floor, crowd, laws=laws).out_s.values())
        )

    adults, children = passed(ADULT_M2), passed(ADULT_M2 / 2)
    assert adults == pytest.approx(PREDTECHENSKII.door_flow, rel=0.03)
    assert children == pytest.approx(2 * adults, rel=0.05)
    assert passed(ADULT_M2 / 2, BOUNDING) == pytest.approx(passed(ADULT_M2, BOUNDING), rel=1e-6)


def test_a_given_share_replaces_riser_and_tread():
    laws = replace(BOUNDING, stair_share=0.5)
    assert laws.stair_factor(0.15, 0.30, up=False) == 0.5
    assert laws.stair_factor(0.15, 0.30, up=True) == 0.5 * UP_OVER_DOWN
    assert BOUNDING.stair_factor(0.15, 0.30, False) > BOUNDING.stair_factor(0.19, 0.25, False)


def test_laws_are_found_by_name_and_a_wrong_name_is_told_the_nearest():
    assert laws_named("bounding") is BOUNDING
    assert {laws_named(name).name for name in LAWS} == set(LAWS)
    with pytest.raises(ValueError, match="did you mean 'laboratory'"):
        laws_named("labratory")
    with pytest.raises(ValueError, match="there are bounding, laboratory"):
        laws_named("zzz")
