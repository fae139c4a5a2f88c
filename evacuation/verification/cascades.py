"""One fall on a full stair: whether it ends there or becomes a cascade, and what staff change."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evacuation.verification.case import Finding, judged
from evacuation.zone import scenes
from evacuation.zone.parameters import Parameters
from evacuation.zone.scenes import Outcome, Watch
from evacuation.zone.zone import Zone

Seeds = Sequence[int]
# Staff as on the graph: their word is heeded, they help after 20 s, and who they help is up twice
# as fast.
MARSHALS = Parameters(told_share=0.9, word_m_s=1.0, helpers_s=20.0, rise_s=3.0)
STAFF_S = 10.0
FALL_AT_M = 3.5
"""The forced fall: in the middle of the lowest flight."""


@dataclass(frozen=True, slots=True)
class Cascade:
    """What came of one forced fall on a stair."""

    outcome: Outcome
    fallen: int
    pile_m: float


def cascade(
    seed: int, parameters: Parameters, density: float = 4.0, count: int = 400, staff: bool = False,
    width: float = 1.2, lux: float = 100.0, told_s: float = STAFF_S,
) -> Cascade:  # fmt: skip
    """Trip one pupil on the lowest flight after 10 s, and watch for three minutes."""
    zone = scenes.stairwell(count, density, seed, parameters, width, lux)
    watch, pile = Watch(zone), 0.0
    watch.go(10.0)
    zone.trip(scenes.lowest(zone, FALL_AT_M))
    if staff:
        zone.word.tell_all(zone.tick + round(10 * told_s))
    while zone.inside and zone.now_ms < 180_000:
        watch.go(1.0)
        pile = max(pile, _pile(zone))
    people = {fall.id for fall in watch.falls}
    return Cascade(watch.outcome(), len(people) + 1, pile)


def _pile(zone: Zone) -> float:
    """Length of the longest row of lying bodies with no gap of more than a metre, m."""
    d, slots = zone.store.discs, zone.store.slots
    x = np.sort(d.x[np.flatnonzero(d.kind[:slots] == 2)])
    if len(x) == 0:
        return 0.0
    parts = np.split(x, np.flatnonzero(np.diff(x) > 1.0) + 1)
    return float(max(part[-1] - part[0] for part in parts))


def single_trip(seeds: Seeds) -> Finding:
    """Trip one with nobody about, with staff on the stair, and in a thin crowd."""
    alone = [cascade(seed, Parameters()) for seed in seeds]
    staff = [cascade(seed, MARSHALS, staff=True) for seed in seeds]
    thin = [cascade(seed, Parameters(), density=1.0, count=150) for seed in seeds]
    grew = [one for one in alone if one.fallen >= 10]
    chance = len(grew) / len(seeds)
    rows = [
        (one.fallen, one.outcome.dead, one.fallen - one.outcome.dead, one.pile_m) for one in grew
    ]
    mean = np.mean(rows or [(0, 0, 0, 0.0)], axis=0).tolist()
    dead = [float(np.mean([one.outcome.dead for one in runs])) for runs in (alone, staff)]
    none = sum(one.outcome.dead == 0 for one in staff) / len(seeds)
    small = sum(one.fallen >= 3 for one in thin) / len(seeds)
    wrong = ["chance"] * (not 0.2 <= chance <= 0.9) + ["fallen"] * (not 15 <= mean[0] <= 100)
    wrong += ["dead"] * (not 1 <= mean[1] <= 20) + ["injured"] * (not 8 <= mean[2] <= 60)
    wrong += ["pile"] * (mean[3] > 1.5 * scenes.FLIGHT_M) + ["thin"] * (small > 0.05)
    wrong += ["staff"] * (dead[1] > 0.15 * dead[0]) + ["none with staff"] * (none < 0.7)
    text = (
        f"alone: P(>= 10 fall) {chance:.2f}, then {mean[0]:.0f} fall, {mean[1]:.1f} reach dose 1, "
        f"{mean[2]:.0f} fall and live, pile {mean[3]:.1f} m; with staff {dead[1]:.2f} against "
        f"{dead[0]:.2f}, none in {none:.2f}; thin: P(>= 3 fall) {small:.2f}"
        + f"; off: {', '.join(wrong)}"
        * bool(wrong)
    )
    return judged(not wrong, text, chance=chance, fallen=mean[0], dead=mean[1], thin=small)
