"""Where people crowd: stair foot, corridor, merging streams; flows are counted, not assumed."""

import numpy as np
import pytest

from evacuation import BOUNDING, LABORATORY, Floor, Laws
from evacuation.laws import UP_OVER_DOWN
from tests.evacuation.plans import Watch, alarm, door, evacuate, people, plan, room, stair, watch

STOREYS = ({"id": "f1", "z_m": 0.0}, {"id": "f2", "z_m": 3.6})


def entries(run: Watch, space: str) -> list[float]:
    """Seconds at which people came into a space that they did not start in."""
    first: dict[str, int] = {}
    for person, where, _, begin, _ in run.moves.segments + run.crowd.open_segments():
        if where == space:
            first.setdefault(person, begin)
    return sorted(t / 1000 for t in first.values() if t > 0)


def test_people_crowd_at_the_room_door_and_at_the_stair_foot() -> None:
    floor = plan(
        room("room", 0, 0, 8, 5, storey="f1"),
        room("corridor", 8, 1.5, 12, 2, kind="corridor", storey="f1", width_m=2.0),
        stair("stair", 8.0, 2.0, "f1"),
        room("up", 20, 0, 5, 5, kind="landing", storey="f2"),
        door("mouth", "room", "corridor", 8, 2.5, 2.0, kind="opening"),
        door("foot", "corridor", "stair", 20, 2.5, 2.0),
        door("head", "stair", "up", 20, 2.5, 2.0),
        door("x", "up", "street", 25, 2.5, 2.0),
        storeys=STOREYS,
    )
    run = watch(floor, people(150, "room"))
    peaks = {"mouth": 0, "foot": 0}
    while run.crowd.inside:
        run.go(1, alarm(floor))
        peaks = {p: max(n, run.crowd.queue(p)) for p, n in peaks.items()}
    onto_stair = entries(run, "stair")
    middle = onto_stair[37:113]
    gaps = np.diff(middle)
    assert peaks["mouth"] > 20
    assert peaks["foot"] > 5
    assert 1.0 / gaps.mean() == pytest.approx(1.01 * 1.7 * UP_OVER_DOWN, rel=0.05)
    assert gaps.std() / gaps.mean() < 0.15
    assert entries(run, "corridor")[113] < onto_stair[113]


def corridor() -> Floor:
    """The 60 x 2 m corridor of ISO 20414 test 13, in pieces of 12 m."""
    pieces = [room(f"c{k}", 12 * k, 0, 12, 2, kind="corridor", width_m=2.0) for k in range(5)]
    links = [
        door(f"d{k}", f"c{k}", f"c{k + 1}", 12 * (k + 1), 1, 2.0, kind="opening") for k in range(4)
    ]
    return plan(*pieces, *links, door("x", "c4", "street", 60, 1, 2.0, kind="opening"))


def flow_at_24_m(density: float, laws: Laws = BOUNDING) -> float:
    """Persons per second over the line at 24 m, counted before the open end is felt there.

    Mean of eight seeds: at low density few pass in ten seconds.
    """
    floor = corridor()
    crowd = [p for k in range(5) for p in people(round(24 * density), f"c{k}", f"c{k}-")]
    crossed = 0
    for seed in range(8):
        run = watch(floor, crowd, seed, laws).go(14, alarm(floor))
        crossed += sum(4.0 <= t < 14.0 for t in entries(run, "c2"))
    return crossed / 80.0


def test_the_fundamental_diagram_is_met_by_counts_and_falls_in_dense_crowds() -> None:
    flows = {d: flow_at_24_m(d) for d in (0.5, 1.0, 2.0, 3.0, 3.7)}
    speeds = [flow / (d * 2.0) for d, flow in flows.items()]
    cap = 1.3 * 1.6
    law = {d: min(1.4 * (1 - 0.266 * max(d, 0.54)) * d * 2.0, cap) for d in (0.5, 1.0, 2.0)}
    assert {d: flows[d] for d in law} == pytest.approx(law, rel=0.2)
    assert speeds == sorted(speeds, reverse=True)
    assert speeds[0] <= 1.2 * 1.1
    assert flows[3.7] < flows[3.0] < flows[2.0]


def test_the_laboratory_laws_follow_headways_in_lanes_and_fall_as_well() -> None:
    for density in (1.75, 3.0):
        law = (1.0 - 0.36 * 0.45 * density) / (1.06 * 0.45)  # Seyfried 2005 in lanes of 0.45 m
        assert flow_at_24_m(density, LABORATORY) == pytest.approx(law * 2.0, rel=0.1)
    assert flow_at_24_m(5.0, LABORATORY) < flow_at_24_m(2.0, LABORATORY)


@pytest.mark.parametrize(("width", "share"), [(1.0, 1 / 2), (1.7, 2 / 3)])
def test_streams_merge_by_the_width_of_their_portals(width: float, share: float) -> None:
    floor = plan(
        room("a", 0, 0, 10, 10, storey="f2"),
        room("b", 10, 0, 10, 10, storey="f2"),
        stair("stair", 8.0, 1.3, "f1"),
        door("da", "a", "stair", 10, 5, 1.0),
        door("db", "b", "stair", 10, 5, width),
        door("x", "stair", "street", 10, 5, 1.3),
        storeys=STOREYS,
    )
    early = people(120, "a", "a", xy=(9.0, 5.0))
    late = people(120, "b", "b", xy=(11.0, 5.0), pre_movement_ms=10_000)
    run = watch(floor, early + late).go(70, alarm(floor))
    came: dict[str, int] = {}
    for person, where, _, begin, _ in run.moves.segments:
        if where == "stair" and begin > 12_000:
            came.setdefault(person, begin)
    from_b = sum(1 for person in came if person.startswith("b"))
    assert from_b / len(came) == pytest.approx(share, abs=0.04)


def test_a_full_space_lets_nobody_in() -> None:
    floor = plan(
        room("room", 0, 0, 10, 10),
        room("lobby", 10, 4, 2, 2),
        door("in", "room", "lobby", 10, 5, 4.0),
        door("x", "lobby", "street", 12, 5, 0.8),
    )
    run = watch(floor, people(100, "room"))
    fullest = 0.0
    while run.crowd.inside:
        run.go(1, alarm(floor))
        fullest = max(fullest, run.crowd.density("lobby"))
    assert 2.0 < fullest <= 4.0


def test_equal_bottlenecks_in_series_do_not_build_a_second_queue() -> None:
    floor = plan(
        room("first", 0, 0, 10, 10),
        room("second", 10, 0, 10, 10),
        door("middle", "first", "second", 10, 5),
        door("x", "second", "street", 20, 5),
    )
    run = watch(floor, people(150, "first"))
    second = 0
    while run.crowd.inside:
        run.go(1, alarm(floor))
        second = max(second, run.crowd.queue("x"))
    assert second <= 3


def test_opposing_people_lengthen_the_time_of_the_others() -> None:
    floor = plan(
        room("a", 0, 0, 10, 10),
        room("way", 10, 4, 10, 2, kind="corridor", width_m=2.0),
        room("b", 20, 0, 10, 10),
        door("da", "a", "way", 10, 5, 2.0, kind="opening"),
        door("db", "way", "b", 20, 5, 2.0, kind="opening"),
        door("xa", "a", "street", 0, 5, 4.0),
        door("xb", "b", "street", 30, 5, 4.0),
    )
    times = []
    for opposing in (0, 10, 50, 100):
        crowd = people(100, "a", "a", knows=("xb",)) + people(opposing, "b", "b", knows=("xa",))
        out = evacuate(floor, crowd).out_s
        times.append(max(t for person, t in out.items() if person.startswith("a")))
    assert times == sorted(times)
    assert times[0] < times[1] < times[3]


@pytest.mark.parametrize("speed_m_s", [0.8, 1.0, 1.3])
def test_a_full_stair_carries_its_specific_flow_however_fast_its_people_walk(
    speed_m_s: float,
) -> None:
    floor = plan(
        room("top", 0, 0, 20, 15, storey="f1"),
        stair("s", 11.5, 2.4, "f0", riser_m=0.15, tread_m=0.28),
        room("foot", 20, 0, 4, 3.25, kind="landing", storey="f0"),
        door("t", "top", "s", 20, 5, 2.4),
        door("b", "s", "foot", 20, 2, 2.4),
        door("x", "foot", "street", 24, 2, 2.4),
        storeys=({"id": "f0", "z_m": 0.0}, {"id": "f1", "z_m": 3.6}),
    )
    run = evacuate(floor, people(500, "top", speed_m_s=speed_m_s))
    times = sorted(run.out_s.values())
    flow = (len(times) - 1) / (times[-1] - times[0])
    assert flow == pytest.approx(BOUNDING.stair_flow_per_m_s(0.15, 0.28) * 2.1, rel=0.05)
