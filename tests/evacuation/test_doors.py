"""Doors pass what their effective width allows, never more, in either direction."""

import pytest

from evacuation import LABORATORY, Floor
from evacuation.network import build
from tests.evacuation.plans import (
    Watch,
    alarm,
    door,
    evacuate,
    people,
    plan,
    room,
    stair,
    watch,
)


def classroom(width: float) -> Floor:
    """The 8 x 5 m room of IMO test 4, its door in the middle of a 5 m wall."""
    return plan(room("room", 0, 0, 8, 5), door("door", "room", "street", 8, 2.5, width))


def passed_within(run: Watch, window_s: float) -> int:
    times = sorted(run.out_s.values())
    return max(sum(1 for u in times if t <= u < t + window_s) for t in times)


@pytest.mark.parametrize("width", [0.8, 0.9, 1.0, 1.2, 2.0])
def test_100_people_leave_a_room_in_people_over_capacity(width: float) -> None:
    rate = 1.3 * (width - 0.3)
    run = evacuate(classroom(width), people(100, "room"))
    assert 99 / rate <= run.last_s <= 100 / rate + 8.0
    assert passed_within(run, 10.0) <= 10.0 * rate * 1.01 + 1


def test_a_door_of_1_m_meets_the_imo_cap_with_the_flow_of_imo() -> None:
    from dataclasses import replace

    from evacuation import BOUNDING

    imo = replace(BOUNDING, door_flow=1.33)
    run = evacuate(classroom(1.0), people(100, "room"), laws=imo)
    assert 106.0 <= run.last_s <= 118.0


def test_the_laboratory_laws_pass_1_9_per_metre_of_clear_width() -> None:
    run = evacuate(classroom(1.0), people(100, "room"), laws=LABORATORY)
    assert 99 / 1.9 <= run.last_s <= 99 / 1.9 + 8.0


def test_who_reaches_a_door_first_goes_first() -> None:
    run = evacuate(classroom(1.0), people(60, "room"))
    joined = {p: t for p, _, state, _, t in run.moves.segments if state == "walk"}
    order = sorted(run.out_s, key=run.out_s.__getitem__)
    assert [joined[p] for p in order] == sorted(joined[p] for p in order)


@pytest.mark.parametrize("width", [1.0, 1.2, 1.4, 1.6, 1.8])
def test_a_stair_carries_its_specific_flow_times_effective_width(width: float) -> None:
    floor = plan(
        room("room", 0, 0, 8, 5, storey="f2"),
        stair("stair", 4.24, width, "f1", riser_m=0.178, tread_m=0.279),
        door("in", "room", "stair", 8, 2.5, 2.4),
        door("x", "stair", "street", 8, 2.5, 2.4),
        storeys=({"id": "f1", "z_m": 0.0}, {"id": "f2", "z_m": 3.0}),
    )
    net = build(floor, watch(floor, people(1, "room")).crowd.laws)
    rate = float(net.line["entry"][0])
    assert rate == pytest.approx(1.01 * (width - 0.3), rel=0.02)
    out = sorted(evacuate(floor, people(100, "room")).out_s.values())
    assert 99 / (out[-1] - out[0]) == pytest.approx(rate, rel=0.08)
    assert out[-1] >= 99 / rate


def test_two_directions_share_one_door() -> None:
    floor = plan(
        room("a", 0, 0, 8, 8),
        room("b", 8, 0, 8, 8),
        door("middle", "a", "b", 8, 4),
        door("xa", "a", "street", 0, 4, 4.0),
        door("xb", "b", "street", 16, 4, 4.0),
    )
    crossing = people(40, "a", "a", knows=("xb",)) + people(40, "b", "b", knows=("xa",))
    run = watch(floor, crossing).go(300, alarm(floor))
    changed = [t for _, s, st, _, t in run.moves.segments if st == "queue" and s in "ab"]
    assert run.last_s >= 79 / 0.91
    assert len(changed) >= 40
    assert run.last_s <= 80 / 0.91 + 30
