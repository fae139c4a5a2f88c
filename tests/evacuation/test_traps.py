"""Eleven mistakes seen in models of people on nodes and links, each made impossible."""

from dataclasses import replace

import numpy as np
import pytest

from evacuation import BOUNDING, Floor
from tests.evacuation.plans import Watch, alarm, door, evacuate, people, plan, room, stair, watch

STOREYS = tuple({"id": f"f{k}", "z_m": 3.6 * k} for k in range(4))


def one_room(width: float = 1.0) -> Floor:
    return plan(room("room", 0, 0, 10, 10), door("door", "room", "street", 10, 5, width))


def passages(run: Watch, a: str, b: str) -> list[int]:
    """Times at which people went from space a to space b or back."""
    found = []
    last: dict[str, str] = {}
    for person, space, _, begin, _ in run.moves.segments:
        if {last.get(person), space} == {a, b}:
            found.append(begin)
        last[person] = space
    return sorted(found)


def test_1_n_people_need_n_minus_1_headways() -> None:
    times = sorted(evacuate(one_room(), people(10, "room", xy=(10.0, 5.0))).out_s.values())
    assert times[-1] - times[0] == pytest.approx(9 / 0.91, abs=0.002)


@pytest.mark.parametrize("idle_ms", [0, 100_000])
def test_2_a_door_saves_up_no_credit_while_nobody_comes(idle_ms: int) -> None:
    imo = replace(BOUNDING, door_flow=1.33)
    line = [
        replace(p, pre_movement_ms=idle_ms + 100 * k)
        for k, p in enumerate(people(40, "room", xy=(10.0, 5.0)))
    ]
    run = evacuate(one_room(), line, laws=imo)
    assert run.last_s - idle_ms / 1000 == pytest.approx(39 / 0.931, abs=0.02)


def test_3_two_directions_do_not_double_a_door() -> None:
    floor = plan(
        room("a", 0, 0, 8, 8),
        room("b", 8, 0, 8, 8),
        door("middle", "a", "b", 8, 4),
        door("xa", "a", "street", 0, 4, 4.0),
        door("xb", "b", "street", 16, 4, 4.0),
    )
    crowd = people(40, "a", "a", knows=("xb",)) + people(40, "b", "b", knows=("xa",))
    run = evacuate(floor, crowd)
    times = passages(run, "a", "b")
    assert len(times) == 80
    assert min(np.diff(times)) >= 1000 / 0.91 - 2
    assert times[-1] - times[0] == pytest.approx(79_000 / 0.91, rel=0.05)


def twin_stairs() -> Floor:
    """A hall between two corridors; the stairs at their ends, 1.2 and 2.1 m, are out of sight."""
    parts = [room("hall", 0, -5, 10, 10, storey="f1")]
    for side, x, width in (("l", -10.0, 1.2), ("r", 10.0, 2.1)):
        end = x * 2 if side == "l" else 20.0
        parts += [
            room(f"c{side}", min(x, end) if side == "l" else x, -2, 10, 4, storey="f1"),
            stair(f"s{side}", 6.0, width, "f0"),
            door(f"d{side}", "hall", f"c{side}", 0 if side == "l" else 10, 0, 4.0),
            door(f"t{side}", f"c{side}", f"s{side}", -10 if side == "l" else 20, 0, 3.0),
            door(f"x{side}", f"s{side}", "street", -10 if side == "l" else 20, 0, 3.0),
        ]
    return plan(*parts, storeys=STOREYS)


def test_4_equal_ways_are_shared_by_width_and_not_all_take_one() -> None:
    floor = twin_stairs()
    run = evacuate(floor, people(400, "hall", xy=(5.0, 0.0)))
    share = run.used()["xr"] / 400
    assert share == pytest.approx(1.8 / 2.7, abs=0.08)
    alone = evacuate(floor, people(400, "hall", xy=(5.0, 0.0), knows=("xr",)))
    assert run.last_s < 0.8 * alone.last_s


def tower(per_floor: int) -> tuple[Floor, Watch]:
    parts = []
    for k in range(1, 4):
        below = f"l{k - 1}" if k > 1 else "foot"
        parts += [
            room(f"r{k}", 0, 0, 10, 5, storey=f"f{k}"),
            room(f"l{k}", 10, 0, 3, 3, kind="landing", storey=f"f{k}"),
            stair(f"s{k}", 8.0, 1.5, f"f{k - 1}"),
            door(f"d{k}", f"r{k}", f"l{k}", 10, 2, 1.5),
            door(f"t{k}", f"l{k}", f"s{k}", 12, 2, 1.5),
            door(f"b{k}", f"s{k}", below, 12, 0, 1.5),
        ]
    foot = room("foot", 10, 0, 3, 3, kind="landing", storey="f0")
    floor = plan(*parts, foot, door("x", "foot", "street", 13, 0, 2.0), storeys=STOREYS)
    crowd = [p for k in range(1, 4) for p in people(per_floor, f"r{k}", f"r{k}-")]
    return floor, evacuate(floor, crowd, 3600)


def test_5_crowding_near_jam_density_does_not_freeze_the_flow() -> None:
    _, sparse = tower(50)
    _, dense = tower(175)
    stair_rate = 1.01 * 1.2
    assert dense.last_s <= 3 * 175 / stair_rate * 1.15 + 60
    assert dense.last_s / sparse.last_s <= 175 / 50


def test_6_a_ring_of_full_spaces_ends_as_stranded_and_not_for_ever() -> None:
    ring = ["a", "b", "c"]
    spaces = [room(s, 10 * k, 0, 2, 2) for k, s in enumerate(ring)]
    links = [door(f"d{k}", s, ring[(k + 1) % 3], 10 * k, 1) for k, s in enumerate(ring)]
    exits = [door(f"x{s}", s, "street", 10 * k, 2) for k, s in enumerate(ring)]
    floor = plan(*spaces, *links, *exits)
    crowd = [p for k, s in enumerate(ring) for p in people(16, s, s, knows=(f"x{ring[k - 2]}",))]
    run = watch(floor, crowd).go(120, alarm(floor))
    assert run.crowd.settled
    assert len(run.crowd.stranded()) == run.crowd.inside == 48
    assert all("full" in one.reason for one in run.crowd.stranded())


def test_7_short_links_do_not_cost_a_step_each() -> None:
    parts = [room(f"s{k}", k * 0.5, 0, 0.5, 4) for k in range(40)]
    links = [door(f"d{k}", f"s{k}", f"s{k + 1}", 0.5 * (k + 1), 2, 3.0) for k in range(39)]
    floor = plan(*parts, *links, door("x", "s39", "street", 20, 2, 3.0))
    walker = people(1, "s0", xy=(0.0, 2.0), speed_m_s=1.0)
    assert evacuate(floor, walker).last_s == pytest.approx(20.0, abs=0.25)


def test_8_a_stair_is_as_long_as_its_slope_and_not_as_its_plan() -> None:
    plan_m, rise_m = 8.0, 8.0 * 180 / 280
    slope = float(np.hypot(plan_m, rise_m))
    floor = plan(
        room("top", 0, 0, 2, 2, storey="f1"),
        stair("s", slope, 1.5, "f0", outline=[[0, 0], [8, 0], [8, 1.5], [0, 1.5]]),
        door("t", "top", "s", 0, 1, 1.5),
        door("x", "s", "street", 8, 1, 1.5),
        storeys=STOREYS,
    )
    walker = people(1, "top", xy=(0.0, 1.0), stair_speed_m_s=1.0)
    assert evacuate(floor, walker).last_s == pytest.approx(slope, abs=0.01)
    assert slope / plan_m > 1.15


def test_9_a_stair_longer_than_its_drawn_area_is_not_throttled() -> None:
    def emptied(area: float) -> float:
        floor = plan(
            room("top", 0, 0, 10, 10, storey="f1"),
            stair("s", 12.0, 2.0, "f0") | {"area_m2": area},
            door("t", "top", "s", 10, 5, 2.0),
            door("x", "s", "street", 10, 5, 2.0),
            storeys=STOREYS,
        )
        return evacuate(floor, people(150, "top")).last_s

    assert emptied(4.0) == emptied(24.0)


def test_10_the_order_in_which_people_are_listed_decides_nothing() -> None:
    crowd = people(60, "room")
    backwards = evacuate(one_room(), crowd[::-1])
    assert evacuate(one_room(), crowd).out_s == backwards.out_s


def test_11_the_place_where_one_starts_counts() -> None:
    near = people(1, "room", "n", xy=(8.0, 5.0), speed_m_s=1.0)
    far = people(1, "room", "f", xy=(1.0, 5.0), speed_m_s=1.0)
    out = evacuate(one_room(), near + far).out_s
    assert out == pytest.approx({"n0000": 2.0, "f0000": 9.0}, abs=0.001)
