"""One person on an empty floor takes length over speed, on the level, on stairs and in smoke."""

import pytest

from evacuation import Floor
from tests.evacuation.plans import alarm, door, evacuate, people, plan, room, stair, watch

STEP_S = 0.1
STOREYS = ({"id": "f1", "z_m": 0.0}, {"id": "f2", "z_m": 3.6})


def corridor(length: float) -> Floor:
    return plan(
        room("corridor", 0, 0, length, 2, kind="corridor"),
        door("end", "corridor", "street", length, 1, 2.0),
    )


def flight(length: float, **more: float) -> Floor:
    """A stair up to a landing that leads out above, and down to a door that leads out below."""
    return plan(
        stair("stair", length, 2.0, "f1", **more),
        room("top", 0, 0, 3, 3, kind="landing", storey="f2"),
        room("foot", 0, 0, 3, 3, kind="landing", storey="f1"),
        door("up", "stair", "top", 0, 1.5, 2.0),
        door("down", "stair", "foot", 0, 1.5, 2.0),
        door("x-up", "top", "street", 0, 1.5, 2.0),
        door("x-down", "foot", "street", 0, 1.5, 2.0),
        storeys=STOREYS,
    )


@pytest.mark.parametrize("speed", [1.0, 1.33])
def test_a_corridor_of_40_m_takes_length_over_speed(speed: float) -> None:
    walker = people(1, "corridor", xy=(0.0, 1.0), speed_m_s=speed)
    taken = evacuate(corridor(40.0), walker).last_s
    assert 40.0 / speed - 0.001 <= taken <= 40.0 / speed + 2 * STEP_S


@pytest.mark.parametrize("slice_ms", [100, 250, 1000])
@pytest.mark.parametrize(("start", "end"), [("top", "x-down"), ("foot", "x-up")])
@pytest.mark.parametrize("length", [10.0, 100.0])
def test_a_stair_takes_its_length_along_the_slope(
    length: float, start: str, end: str, slice_ms: int
) -> None:
    floor = flight(length)
    other = ({"x-up", "x-down"} - {end}).pop()
    walker = people(1, start, xy=(0.0, 1.5), stair_speed_m_s=1.0)
    run = watch(floor, walker).go(200, alarm(floor, closed=frozenset({other})), slice_ms)
    assert length - 0.001 <= run.last_s <= length + 2 * STEP_S


def test_a_stair_without_a_given_speed_follows_riser_and_tread() -> None:
    floor = flight(10.0, riser_m=0.18, tread_m=0.28)
    walker = people(1, "top", xy=(0.0, 1.5), speed_m_s=1.4 * (1 - 0.266 * 0.54))
    run = watch(floor, walker).go(60, alarm(floor, closed=frozenset({"x-up"})))
    assert run.last_s == pytest.approx(10.84, abs=0.02)


@pytest.mark.parametrize(
    ("extinction", "seconds"), [(0.5, 83.4), (1.0, 87.0), (3.0, 105.6), (7.5, 202.8)]
)
def test_smoke_slows_by_the_declared_law(extinction: float, seconds: float) -> None:
    floor = corridor(100.0)
    walker = people(1, "corridor", xy=(0.0, 1.0), speed_m_s=1.25)
    smoke = {"corridor": extinction}
    run = watch(floor, walker).go(300, alarm(floor, extinction_per_m=smoke))
    assert run.last_s == pytest.approx(seconds, rel=0.01)


def test_people_who_stand_nearer_to_the_door_are_out_earlier() -> None:
    floor = corridor(40.0)
    near = people(1, "corridor", "near", xy=(30.0, 1.0))
    far = people(1, "corridor", "far", xy=(0.0, 1.0))
    out = evacuate(floor, near + far).out_s
    assert out["far0000"] - out["near0000"] == pytest.approx(30.0 / 1.2, abs=0.01)


def test_a_chain_of_portals_without_length_costs_no_steps() -> None:
    spaces = [room(f"s{k}", 0, 0, 4, 4) for k in range(20)]
    links = [door(f"d{k}", f"s{k}", f"s{k + 1}", 4, 2) for k in range(19)]
    floor = plan(*spaces, *links, door("x", "s19", "street", 4, 2))
    walker = people(1, "s0", xy=(0.0, 2.0), speed_m_s=1.0)
    assert evacuate(floor, walker).last_s == pytest.approx(4.0, abs=0.01)


def test_time_slices_do_not_change_a_free_walk() -> None:
    floor = corridor(40.0)
    times = {
        ms: watch(floor, people(1, "corridor", xy=(0.0, 1.0))).go(60, alarm(floor), ms).last_s
        for ms in (50, 100, 250, 1000, 60000)
    }
    assert max(times.values()) - min(times.values()) <= 0.002
