"""The laboratory laws: headways in lanes, queues that move on, long ways against short openings."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from evacuation import BOUNDING, LABORATORY, Floor
from evacuation.laws import CREEP_FLOW, LAWS
from tests.evacuation.plans import Watch, alarm, door, evacuate, people, plan, room, watch
from tests.evacuation.test_cells import corridor, loads
from tests.evacuation.test_congestion import entries

LANE_M, BODY_M, GAP_S = 0.45, 0.36, 1.06


def falling(flow_per_m_s: float) -> float:
    """The density that carries a flow in a crowd, per m2: D (1/(w D) - d) / T solved for D."""
    return (1.0 - flow_per_m_s * GAP_S * LANE_M) / (BODY_M * LANE_M)


def opened(length: float, width: float, exit_m: float) -> Floor:
    return plan(
        room("c", 0, 0, length, width, kind="corridor", width_m=width),
        door("x", "c", "street", length, width / 2, exit_m, kind="opening"),
    )


@pytest.mark.parametrize("name", LAWS)
def test_the_storage_density_carries_the_flow_that_passes(name) -> None:
    laws = LAWS[name]
    supply, storage = laws.supply_table(), laws.storage_table()
    for row in (0, 1):
        left = supply[row, round(laws.jam_per_m2 / 0.01)]
        for k in (50, 80, 90, 95):
            density = laws.jam_per_m2 / storage[row, k]
            expected = max(k / 100, left)
            assert supply[row, round(density / 0.01)] == pytest.approx(expected, abs=0.03)
        assert storage[row, round(100 * CREEP_FLOW) - 5] == pytest.approx(1.0, abs=0.05)


def test_a_queue_before_an_exit_stands_as_loose_as_its_flow_asks() -> None:
    # 0.9 m opening of a 1.8 m corridor: 2.2 * 0.9 / 1.8 = 1.1 /(m s)
    run = watch(opened(40, 1.8, 0.9), people(90, "c", xy=(0.0, 0.9)), laws=LABORATORY)
    run.go(45, alarm(run.crowd.floor))
    waiting = [n / (2 * 1.8) for n in loads(run, "c")][-4:]
    assert np.mean(waiting) == pytest.approx(falling(1.1), rel=0.12)


def test_a_queue_before_a_closed_exit_closes_up_to_jam_density() -> None:
    floor = opened(40, 1.8, 0.9)
    run = watch(floor, people(90, "c", xy=(0.0, 0.9)), laws=LABORATORY)
    run.go(60, alarm(floor, closed=frozenset({"x"})))
    assert loads(run, "c")[-1] / (2 * 1.8) >= 0.95 * LABORATORY.jam_per_m2


def through(length: float) -> float:
    """Persons per second and metre through a way of 1.8 m, of some length, from a dense room."""
    way = [room("way", 12, 5, length, 1.8, kind="corridor", width_m=1.8)] if length else []
    floor = plan(
        room("hall", 0, 0, 12, 12),
        *way,
        *([door("mouth", "hall", "way", 12, 5.9, 1.8, kind="opening")] if length else []),
        door("x", "way" if length else "hall", "street", 12 + length, 5.9, 1.8, kind="opening"),
    )
    crowd = people(300, "hall", speed_m_s=1.34)
    times = sorted(evacuate(floor, crowd, laws=LABORATORY).out_s.values())
    return 200 / (times[250] - times[50]) / 1.8


def test_a_short_opening_passes_more_than_a_long_way_of_its_width() -> None:
    assert through(0.0) == pytest.approx(2.2, rel=0.02)
    at_capacity = (1.0 / (BODY_M + GAP_S * 1.34)) * 1.34 / LANE_M
    assert through(12.0) == pytest.approx(at_capacity, rel=0.05)


def lane(laws=LABORATORY, per_m: float = 1.5, piece: float = 5.0) -> Watch:
    """A way 0.8 m wide in pieces, people at even distances all along it."""
    count = round(40 / piece)
    rows = [
        room(f"c{k}", piece * k, 0, piece, 0.8, kind="corridor", width_m=0.8) for k in range(count)
    ]
    ends = [f"c{k}" for k in range(count)] + ["street"]
    joints = [
        door(f"o{k}", a, b, piece * (k + 1), 0.4, 0.8, kind="opening")
        for k, (a, b) in enumerate(pairwise(ends))
    ]
    at = (np.arange(round(40 * per_m)) + 0.5) / per_m
    crowd = [
        replace(one, space=f"c{int(x / piece)}", xy=(float(x), 0.4))
        for one, x in zip(people(len(at), "c0", speed_m_s=1.34), at, strict=True)
    ]
    return watch(plan(*rows, *joints), crowd, laws=laws)


@pytest.mark.parametrize("per_m", [1.0, 1.5, 2.0])
def test_people_in_one_lane_keep_the_headway_of_seyfried_2005(per_m) -> None:
    run = lane(per_m=per_m)
    run.go(12, alarm(run.crowd.floor))
    came = entries(run, "c4")
    law = (1.0 / per_m - BODY_M) / GAP_S
    assert len([t for t in came if t > 0.0]) / 12.0 == pytest.approx(law * per_m, rel=0.2)


def test_a_lane_is_a_matter_of_these_laws_and_of_narrow_ways() -> None:
    assert lane().crowd._net.room["lane"][:-1].all()
    assert not lane(BOUNDING).crowd._net.room["lane"].any()
    assert not watch(corridor(20, 1.0), [], laws=LABORATORY).crowd._net.room["lane"].any()
