"""The crush zone: who is owned by whom, walls, forces by hand, the same bytes again."""

from dataclasses import replace
from math import hypot

import numpy as np
import pytest

from evacuation.zone import scenes
from evacuation.zone.body import BUILDS, Body, State
from evacuation.zone.grids import BEHIND_M
from evacuation.zone.layout import Layout, Piece, rectangle
from evacuation.zone.parameters import Parameters, rows
from tests.evacuation.crush import filled, pupils, way

CALM = scenes.CALM


def test_everybody_is_owned_once_and_nobody_is_lost():
    zone = way(CALM)
    people = pupils(60)
    told = filled(zone, people, 20)
    inside = set(zone.store.slot)
    parts = [inside, set(told["left"]), set(told["waiting"])]
    assert sum(map(len, parts)) == 60
    assert set().union(*parts) == {one.id for one in people}
    assert (zone.entered, zone.gone, zone.inside) == (
        60 - len(told["waiting"]),
        len(told["left"]),
        len(inside),
    )
    assert told["left"]


def test_a_lone_walker_takes_the_time_of_his_speed():
    zone = way(replace(CALM, noise_n=0.0))
    zone.place(pupils(1, speed=1.25), [(0.5, 0.75)])
    left = zone.advance(12_000).left
    # 9.5 m at 1.25 m/s, and tau = 0.5 s to get to that speed
    assert left[0].t_ms == pytest.approx(1000 * (9.5 / 1.25 + 0.5), abs=60)
    assert left[0].line == "out"
    assert left[0].state.speed_m_s == pytest.approx(1.25, abs=0.01)


def test_who_finds_no_room_stays_with_who_offers_him():
    zone = way(CALM, width=0.5)
    zone.shut("gate", True)
    told = filled(zone, pupils(60), 60)
    assert told["waiting"]
    assert zone.supply("in", BUILDS["pupil"].radius_m) == 0
    zone.shut("gate", False)
    later = filled(zone, pupils(60)[60 - len(told["waiting"]) :], 30)
    assert later["in"]
    assert later["in"] == told["waiting"][: len(later["in"])], "in their order"


def test_a_blocked_line_spills_back_and_an_open_one_lets_go():
    zone = way(CALM)
    zone.block("out", True)
    told = filled(zone, pupils(30), 30)
    assert told["left"] == []
    # the wall stands behind the line, so that it never comes up inside a body
    assert zone.store.discs.x[: zone.store.slots].max() < 10.0 + BEHIND_M - 0.8 * 0.15
    zone.block("out", False)
    assert len(zone.advance(20_000).left) == 30


def test_what_he_takes_along_goes_in_and_out_again():
    zone = way(CALM)
    assert zone.offer("in", pupils(1)[0], State(dose=0.125, most_n=300.0, falls=2))
    state = zone.advance(15_000).left[0].state
    assert 0.1 < state.dose < 0.125, "it heals, by exp(- 10 s / 120 s) or so"
    assert (state.most_n, state.falls) == (300.0, 2)


def test_nobody_goes_through_a_wall_or_deep_into_another():
    watch = scenes.Watch(scenes.gate(3, replace(scenes.URGENT, missteps=-1.0), 100))
    scenes.fed(watch, scenes.crowd(100, BUILDS["child"], "out", 3), 3.0, 60.0)
    d, slots = watch.zone.store.discs, watch.zone.store.slots
    on = np.flatnonzero(d.kind[:slots] == 1)
    assert len(on) >= 90
    assert (d.y[on] > 0.8 * d.r[on]).all()
    assert (d.y[on] < 1.5 - 0.8 * d.r[on]).all()
    assert (d.x[on] < 12.0).all()
    away = np.hypot(d.x[on][:, None] - d.x[on], d.y[on][:, None] - d.y[on])
    deep = d.r[on][:, None] + d.r[on] - away
    np.fill_diagonal(deep, 0.0)
    assert deep.max() < 0.15 * d.r[on].min()


@pytest.mark.parametrize("dt_ms", [1.0, 2.0, 5.0])
def test_a_file_that_pushes_loads_the_gate_with_the_sum_of_its_drives(dt_ms):
    """40 kg at 1.5 m/s and tau = 0.5 s push with 120 N each; distance keeping takes at most 60."""
    zone = scenes.chain(10, dt_ms)
    zone.advance(20_000)
    load = zone.walls.mean[zone.walls.leaf == 1].max()
    assert 1200.0 - 60.0 <= load <= 1200.0 + 1.0
    squeezed = zone.store.people.squeeze[:10]
    # the k-th from behind carries half his own drive more than the k - 1 behind him push
    assert squeezed[9 - np.arange(10)] == pytest.approx(120.0 * (np.arange(10) + 0.5), abs=12.0)
    assert hypot(*zone.store.discs.vx[:10]) < 0.01


def test_pressure_from_outside_reaches_the_other_end():
    """25 people in a file between the line and a shut gate, who push nothing themselves."""
    zone = way(replace(scenes.CHAIN, push_speed=0.0, social_per_kg=0.0), width=0.5)
    bodies = [replace(one, speed_m_s=0.0) for one in pupils(25)]
    zone.place(bodies, [(0.16 + 0.3202 * k, 0.25) for k in range(25)])
    zone.shut("gate", True)
    zone.press("in", 200.0)
    zone.advance(20_000)
    at_gate = zone.walls.mean[zone.walls.leaf == 1].max()
    assert at_gate == pytest.approx(200.0, rel=0.02)
    assert zone.pressure("in") > 100.0
    zone.press("in", 0.0)
    zone.advance(20_000)
    assert zone.pressure("in") < 20.0


def test_the_same_seed_gives_the_same_bytes_and_another_does_not():
    def run(seed: int) -> bytes:
        watch = scenes.Watch(scenes.stairwell(60, 4.0, seed, Parameters()))
        watch.go(5.0)
        watch.zone.trip(scenes.lowest(watch.zone, 3.5))
        watch.go(10.0)
        d, f = watch.zone.store.discs, watch.zone.store.people
        return b"".join(array.tobytes() for array in (d.x, d.y, d.vx, f.dose, f.hazard, f.squeeze))

    assert run(1) == run(1)
    assert run(1) != run(2)


def test_one_advance_equals_many():
    def run(pieces: int) -> list[float]:
        zone = scenes.flight(40, 1)
        for _ in range(pieces):
            zone.advance(6_000 // pieces)
        return zone.store.discs.x.tolist()

    assert run(1) == run(6)


def test_a_step_that_is_no_tenth_and_an_unknown_aim_are_refused():
    zone = way()
    with pytest.raises(ValueError, match="tenths"):
        zone.advance(50)
    with pytest.raises(ValueError, match="'roof', which the zone has not"):
        zone.place([Body("a", BUILDS["adult"], 1.2, "roof")], [(1.0, 0.5)])
    with pytest.raises(ValueError, match="no line 'x'; it has in, out"):
        zone.supply("x", 0.2)
    with pytest.raises(ValueError, match="fewer than three corners"):
        Layout((), (), (Piece("a", ((0.0, 0.0), (1.0, 1.0))),))
    with pytest.raises(ValueError, match="two parts called 'a'"):
        Layout((), (), (Piece("a", rectangle(0, 0, 1, 1)), Piece("a", rectangle(0, 0, 1, 1))))


def test_every_parameter_says_unit_source_and_how_sure_it_is():
    known = rows()
    assert len(known) > 50
    assert all(unit and source for _, _, unit, _, source in known)
    assert {sure for *_, sure, _ in known} == {
        "measured", "published", "recalled", "fitted", "guessed",
    }  # fmt: skip
