"""When people start: realised pre-movement times against what was assigned."""

import numpy as np
from scipy import stats

from evacuation.delay import DELAYS
from evacuation.streams import shares, words
from evacuation.verification.case import Case, Finding, case, judged
from evacuation.verification.drill import alarm, drill, people
from evacuation.verification.geometry import single_room

SEEDS, OCCUPANTS = 100, 10
FAMILIES = {
    "nist/uniform": stats.uniform(10.0, 90.0),
    "nist/normal": stats.truncnorm(-3.0, np.inf, 60.0, 20.0),
    "nist/lognormal": stats.lognorm(0.967, scale=np.exp(4.586)),
    "nist/gamma": stats.gamma(1.291, scale=103.901),
    "nist/weibull": stats.weibull_min(1.195, scale=139.285),
}
NAMES = [f"p{k}" for k in range(OCCUPANTS)]
"""The library's presets, and the distributions of NIST 1.1 and ISO 1 that they have to be."""


def started(family: str) -> tuple[list[float], float]:
    """Return the start times of 100 runs of 10 occupants, and the greatest delay to the draw."""
    floor = single_room(8, 5, (8.0, 2.5, 1.0))
    found, worst = [], 0.0
    for seed in range(SEEDS):
        lots = shares(words(seed, f"verification/{family}", NAMES))[:, 0]
        draws = DELAYS[family].seconds.quantiles(lots)
        crowd = [
            p
            for k, wait in enumerate(draws)
            for p in people(1, "room", f"p{k}", pre_movement_ms=round(1000 * wait))
        ]
        starts = drill(floor, crowd, seed).go(float(max(draws)) + 0.2, alarm(floor)).starts()
        own = [starts.get(f"p{k}0000", np.inf) for k in range(OCCUPANTS)]
        worst = max(worst, float(np.max(np.abs(np.array(own) - draws))))
        found += own
    return found, worst


@case(
    "R5", "people", "Pre-movement times", "RiMEA 5", "IMO 5", "NIST 1.1", "ISO 1",
    expected=(
        "8 x 5 m, 10 persons, 100 seeds: start = draw +/- 0.1 s; KS p > 0.01 at n = 1000 "
        "for five distributions (official: n = 10, which rejects nothing)"
    ),
    unit="p",
    by_construction=True,
    note="The start itself is measured, not the exit. The library's own presets draw the times; "
    "scipy.stats says how they should be spread.",
)  # fmt: skip
def premovement() -> Finding:
    """Compare the start times of each family with its distribution."""
    values, late = {}, 0.0
    for family, law in FAMILIES.items():
        found, worst = started(family)
        values[family] = float(stats.kstest(found, law.cdf).pvalue)
        late = max(late, worst)
    least = min(values, key=lambda name: values[name])
    text = f"start within {late:.3f} s of the draw; smallest KS p {values[least]:.3f} ({least})"
    return judged(late <= 0.1 and values[least] > 0.01, text, latest_s=late, **values)


CASES: tuple[Case, ...] = (premovement,)
