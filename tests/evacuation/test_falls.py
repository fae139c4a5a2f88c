"""Falls on the floor graph: hazards, piles, word, load, doses - against hand-made figures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from evacuation import Conditions, Crowd, Cue
from evacuation.conditions import Handling
from evacuation.crush.harm import Harm
from evacuation.crush.measures import Peak
from evacuation.crush.parameters import Falls
from evacuation.crush.pile import G, Pile
from evacuation.crush.risk import Outcome, Risk, interval, mechanism, risk_class
from evacuation.crush.scenes import LOWEST, Trial, descent, pupils, stairwell, trial

FALLS = Falls()
QUIET = Peak(1.0, 0.1, 0.0, 0.0, 0.0, 0, 0, 0, 0, 0)


def bell(floor, **handling):
    inner = tuple(name for name, space in floor.spaces.items() if not space.safe)
    return Conditions(cues=(Cue(inner, "bell", "sounder", ""),), handling=Handling(**handling))


@pytest.fixture(scope="session")
def alone():
    """One trip in a full stairwell with nobody about: the third seed becomes a cascade."""
    return trial(3, Trial(until_s=60.0))


def test_two_of_hopkins_points_are_on_the_dose_law():
    harm = Harm(np.array([70.0, 70.0]), np.array([0.5, 0.5]), FALLS)
    harm.felt[:] = (1112.0, 6227.0)
    levels = dict(harm.take(15.0))
    assert levels[1.0].tolist() == [1]
    assert harm.dose[0] == pytest.approx(15.0 / 300.0)


def test_the_dose_heals_below_what_is_tolerable():
    harm = Harm(np.array([70.0]), np.array([0.5]), FALLS)
    harm.felt[0] = 2000.0
    harm.take(20.0)
    before = float(harm.dose[0])
    harm.felt[0] = 600.0
    harm.take(12.0)
    assert float(harm.dose[0]) == pytest.approx(0.9 * before)


def test_weight_in_a_pile_is_that_of_the_rows_above():
    pile = Pile(0, 0, 1.0, 2, 0.0, 0.0, list(range(6)))
    assert pile.rows == 3
    assert [pile.above(k, FALLS) for k in range(6)] == [2, 2, 1, 1, 0, 0]
    assert pile.weight_n(0, 40.0, FALLS) == pytest.approx(2 * 0.7 * 40.0 * G)


def test_one_who_lies_narrows_a_stair_and_two_close_it_to_a_dense_crowd():
    one, two = (Pile(0, 0, 1.0, 2, 0.0, 0.0, list(range(n))) for n in (1, 2))
    assert one.blocks(1.2, 0.3, 5.0, FALLS) == pytest.approx((0.9 - 0.35) / 0.9)
    assert two.blocks(1.2, 0.3, 5.0, FALLS) == 0.0
    assert two.blocks(1.2, 0.3, 1.0, FALLS) == FALLS.zone.steps_over


def test_calm_crowds_do_not_push_and_urgent_ones_do():
    assert FALLS.pushing(1.0) == 0.05
    assert FALLS.pushing(1.5) == 0.2
    assert FALLS.packing(FALLS.pushing(1.0)) == 0.0
    assert FALLS.packing(FALLS.pushing(2.0)) == 1.05


def test_hurry_on_safe_ground_changes_nothing_there():
    """A street has places without limit: a number that must not grow."""
    floor = stairwell(1.2, 2)
    crowd = Crowd(floor, pupils(40, 1, storeys=2), 1, falls=FALLS)
    everywhere = Conditions(
        cues=bell(floor).cues, handling=Handling(urgency=dict.fromkeys(floor.spaces, 1.5))
    )
    outs = [one for _ in range(240) for one in crowd.advance(500, everywhere).outs]
    assert len(outs) == 40


def test_darkness_by_illuminance():
    assert [FALLS.darkness(lux) for lux in (100.0, 10.0, 1.0, 0.1, 0.0)] == [0, 0, 0.25, 1, 1]


def test_a_cascade_brings_more_falls_than_its_first(alone):
    shown, crowd = alone
    assert shown.people >= 3
    assert shown.secondary == shown.falls - 1
    assert shown.r_f > 1.0
    assert crowd.states()["fallen"] > 0
    assert crowd.whereabouts().fallen.sum() == crowd.states()["fallen"]


def test_nobody_is_lost_in_a_cascade(alone):
    _, crowd = alone
    assert sum(crowd.states().values()) == 400
    assert sum(crowd.counts().values()) == crowd.inside


def test_the_same_seed_gives_the_same_falls(alone):
    again, crowd = trial(3, Trial(until_s=60.0))
    assert again == alone[0]
    assert crowd.open_segments() == alone[1].open_segments()


def test_staff_who_stop_the_floors_leave_a_fall_harmless(alone):
    stopped, _ = trial(3, Trial(until_s=60.0, staff=True, stop_s=10.0))
    assert stopped.people < alone[0].people
    assert stopped.harm <= alone[0].harm


def test_worse_light_never_spares_a_fall():
    lit = descent(stairwell(1.5, 2), pupils(60, 1, storeys=2), 1).expected_falls
    assert _in_the_dark() >= 0.999 * FALLS.zone.dark * lit


def _in_the_dark() -> float:
    floor = stairwell(1.5, 2)
    crowd = Crowd(floor, pupils(60, 1, storeys=2), 1, falls=FALLS)
    before = crowd.hazard_left.sum()
    dark = bell(floor, light_lx=dict.fromkeys(floor.spaces, 0.1), urgency={"floor1": 1.0})
    while crowd.inside:
        crowd.advance(1000, dark)
        dark = replace(dark, cues=())
    return float(before - crowd.hazard_left.sum())


def test_a_held_portal_lets_nobody_through_and_a_metered_one_few():
    floor = stairwell(1.5, 2)
    crowd = Crowd(floor, pupils(60, 1, storeys=2), 1)
    crowd.advance(60_000, bell(floor, held=frozenset({"exit"})))
    assert crowd.inside == 60
    crowd.advance(60_000, Conditions(handling=Handling(metered={"exit": 0.25})))
    assert 60 - crowd.inside == pytest.approx(15, abs=1)


def test_a_portal_that_does_not_exist_is_named_with_the_nearest():
    crowd = Crowd(stairwell(1.5, 2), pupils(5, 1, storeys=2), 1)
    with pytest.raises(ValueError, match="nearest: exit"):
        crowd.advance(100, Conditions(handling=Handling(held=frozenset({"exits"}))))


def test_people_who_are_lent_stay_counted_and_come_back():
    floor = stairwell(1.5, 2)
    crowd = Crowd(floor, pupils(20, 1, storeys=2), 1, falls=FALLS)
    crowd.advance(40_000, bell(floor))
    taken = [who for who, _ in crowd.present([LOWEST])]
    assert len(taken) > 2
    crowd.lend(taken)
    crowd.advance(5_000, Conditions())
    assert {who for who, _ in crowd.present([LOWEST])} >= set(taken)
    for k, who in enumerate(taken):
        crowd.deliver(who, "foot1") if k % 2 else crowd.release(who)
    crowd.advance(120_000, Conditions())
    assert crowd.inside == 0


def test_classes_and_mechanisms_of_risk():
    assert risk_class(QUIET) == "low"
    assert risk_class(replace(QUIET, density_per_m2=3.0)) == "raised"
    dense = replace(QUIET, density_per_m2=4.0, breakdown_s=5.0)
    assert risk_class(dense) == "high"
    assert mechanism(dense) == "the flow breaks down in a dense crowd"
    assert risk_class(replace(QUIET, lying=12)) == "severe"


def test_chance_of_a_cascade_has_wilsons_interval():
    assert interval(0, 20) == pytest.approx((0.0, 0.161), abs=1e-3)
    some = Outcome(4.0, 0.0, 0.0, 0.0, 1, 0, 1, 0, 0, 0.0)
    many = replace(some, falls=21, secondary=20, people=20, harm=2.0, cascades=1)
    risk = Risk.of([some, many, some, some])
    assert (risk.chance, risk.people, risk.harm) == (0.25, 20.0, 2.0)
    assert risk.r_f == pytest.approx(20 / 4)
