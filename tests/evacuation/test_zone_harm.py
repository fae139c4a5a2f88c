"""Falls, piles, dose and word in the crush zone: oracles by hand."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from evacuation.zone import scenes
from evacuation.zone.body import BUILDS
from evacuation.zone.kernels.arrays import FALLEN
from evacuation.zone.parameters import Parameters
from tests.evacuation.crush import pupils, way

NOBODY_HELPS = replace(scenes.CALM, helpers_s=1e6)


def test_a_dose_follows_the_law_of_force_and_time():
    """At F1 dose 1 takes 300 s; at half the tolerable force it heals with 120 s."""
    zone = way(replace(scenes.CALM, tough_sigma=0.0, missteps=-1.0))
    zone.place(
        [replace(one, speed_m_s=0.001) for one in pupils(2, kind="adult")], [(2, 0.7), (5, 0.7)]
    )
    f = zone.store.people
    f.dose[1] = 0.2
    for _ in range(100):
        f.load[:2] = 0.0
        f.sxx[0] = 0.0
        zone.advance(100)
        f.ring[:10] = 1112.0
    # the first mean of a second is of ten full tenths, one of which the zone writes anew (0 N)
    mean = f.squeeze[0]
    assert mean == pytest.approx(1112.0 * 0.9, rel=1e-6)
    expected = 99 * 0.1 * (mean / 1112.0) ** 1.739 / 300.0
    assert f.dose[0] == pytest.approx(expected, rel=0.02)
    assert f.dose[1] == pytest.approx(0.2 * (1 - 0.1 / 120.0) ** 100, rel=1e-9)


def test_who_falls_alone_gets_up_and_walks_on():
    zone = way(NOBODY_HELPS)
    zone.place(pupils(1), [(3.0, 0.7)])
    zone.advance(1_000)
    zone.trip("p0")
    assert (zone.fallen, zone.standing) == (1, 0)
    found = zone.advance(60_000)
    assert found.risen == 1
    assert [one.id for one in found.left] == ["p0"]
    assert found.left[0].state.falls == 1


def test_getting_up_takes_its_mean_time():
    times = []
    for seed in range(60):
        zone = way(replace(NOBODY_HELPS, noise_n=0.0), seed=seed)
        zone.place(pupils(1), [(3.0, 0.7)])
        zone.trip("p0")
        while not zone.advance(100).risen:
            pass
        times.append(zone.now_ms / 1000)
    # exponential with mean 6 s: the mean of 60 has a standard error of 0.77 s
    assert np.mean(times) == pytest.approx(6.0, abs=2.5 * 0.77)


def test_those_below_in_a_pile_carry_those_above():
    """Three on top of each other: 0.7 m g, then twice that, and none on the topmost."""
    zone = way(NOBODY_HELPS)
    zone.place(pupils(3), [(3.0, 0.75)] * 3)
    for name in ("p0", "p1", "p2"):
        zone.trip(name)
    zone.advance(100)
    f = zone.store.people
    weight = 0.7 * BUILDS["pupil"].mass_kg * 9.81
    assert f.layer[:3].tolist() == [1, 2, 3]
    assert f.load[:3] == pytest.approx([2 * weight, weight, 0.0])


def test_helpers_take_a_pile_off_from_the_top():
    zone = way(replace(scenes.CALM, helpers_s=10.0, rescue_s=5.0, rise_s=1e6))
    zone.place(pupils(3), [(3.0, 0.75)] * 3)
    for name in ("p0", "p1", "p2"):
        zone.trip(name)
    out = zone.advance(40_000).left
    assert [one.id for one in out] == ["p2", "p1", "p0"]
    assert {one.line for one in out} == {""}
    assert [b.t_ms - a.t_ms for a, b in pairwise(out)] == [5_000, 5_000]
    assert zone.inside == 0


def test_fallen_people_are_in_the_way():
    def last_out(lie: int) -> int:
        zone = way(replace(NOBODY_HELPS, rise_s=1e6, missteps=-1.0))
        zone.place(pupils(lie, first=50), [(5.0 + 0.3 * k, 0.3 + 0.3 * k) for k in range(lie)])
        for k in range(lie):
            zone.trip(f"p{50 + k}")
        zone.place(pupils(8), [(0.4 + 0.5 * k, 0.75) for k in range(8)])
        left = zone.advance(60_000).left
        return max((one.t_ms for one in left), default=60_000) if len(left) == 8 else 60_000

    assert last_out(0) < last_out(1) <= last_out(4)


def test_word_of_a_fall_goes_up_the_crowd_at_its_speed():
    zone = scenes.stairwell(80, 4.0, 1, replace(NOBODY_HELPS, word_m_s=0.5, rise_s=1e6))
    zone.trip(scenes.lowest(zone, 3.5))
    f = zone.store.people
    zone.advance(1_000)
    place = f.way[zone.store.discs.kind[: zone.store.slots] == FALLEN].max()
    zone.advance(9_000)
    knows = f.way[np.flatnonzero(f.informed)]
    assert len(knows)
    assert knows.max() <= place + 0.5 * 10.0 + 1.0
    zone.word.tell_all(zone.tick)
    zone.advance(1_000)
    assert f.informed.sum() > len(knows)


def test_darkness_raises_the_hazard_of_a_misstep_fivefold():
    def hazard(lux: float) -> float:
        law = replace(Parameters(), push_share=0.0, noise_n=0.0, dark_speed=1.0)
        zone = scenes.stairwell(1, 0.02, 1, law, lux=lux)
        zone.store.people.limit[:] = 1e9
        zone.advance(10_000)
        return float(zone.store.people.hazard[0])

    assert hazard(0.05) / hazard(100.0) == pytest.approx(5.0, rel=0.02)
    assert hazard(1.0) / hazard(100.0) == pytest.approx(2.0, rel=0.02)


def test_one_flight_walked_freely_has_the_hazard_that_was_counted():
    """1/63,000 minor accidents per flight, 0.6 of it by the rail; one body is 0.3 adults/m2."""
    zone = scenes.stairwell(1, 0.02, 1, replace(scenes.CALM, noise_n=0.0))
    f, d, end = zone.store.people, zone.store.discs, zone.layout.box[1]
    f.limit[0] = 1e9
    d.x[0] = end - 2.0 - 3.55
    zone.advance(500)
    before = f.hazard[0]
    start = d.x[0]
    zone.advance(2_000)
    walked = (d.x[0] - start) / scenes.FLIGHT_M
    expected = 0.6 * walked / 63_000
    assert f.hazard[0] - before == pytest.approx(expected, rel=0.05)
