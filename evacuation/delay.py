"""Pre-movement times: how long people take from the first cue to the first step, by preset.

"(m)": from memory, not confirmed in the source. "(judgement)": of this project.
"""

from dataclasses import dataclass

import numpy as np

from evacuation.distribution import Distribution, lognormal, uniform


@dataclass(frozen=True, slots=True)
class Delay:
    """One draw for a whole group plus a normal scatter per person, or a draw per person, s."""

    seconds: Distribution
    scatter_s: float = 0.0
    per_person: bool = True
    source: str = ""


_PD = "BS PD 7974-6 (m): evenly from the first to the last occupant (spread as uniform: judgement)"
_NIST = "NIST TN 1822 as its public re-implementations have it"

DELAYS: dict[str, Delay] = {
    "preset/trained-school": Delay(
        lognormal(25.0, 0.5), 4.0, False, "teacher-led class that drills (judgement); means of 20 "
        "and 46 s in Najmanova and Ronchi 2017"),
    "preset/university": Delay(lognormal(45.0, 0.7), source="(judgement)"),
    "preset/poor-management": Delay(
        lognormal(98.0, 0.967), source="NIST's lognormal, taken for poor management (judgement)"),
    "pd7974/awake-familiar-m1": Delay(uniform(30.0, 90.0), source=_PD),
    "pd7974/awake-familiar-m2": Delay(uniform(60.0, 180.0), source=_PD),
    "pd7974/awake-unfamiliar-m1": Delay(uniform(30.0, 150.0), source=_PD),
    "pd7974/awake-unfamiliar-m2": Delay(uniform(60.0, 240.0), source=_PD),
    "imo/day": Delay(
        Distribution("lognormal", {"median": float(np.exp(3.44)), "sigma": 0.94}, 0.0, 300.0),
        source="IMO MSC.1/Circ.1533 (m)"),
    "imo/night": Delay(
        Distribution(
            "lognormal", {"median": float(np.exp(3.95)), "sigma": 0.84}, 0.0, 300.0, 400.0),
        source="IMO MSC.1/Circ.1533 (m)"),
    "nist/uniform": Delay(uniform(10.0, 100.0), source="RiMEA 5, NIST 1.1, IMO 5"),
    "nist/normal": Delay(
        Distribution("normal", {"mean": 60.0, "sd": 20.0}), source="ISO 20414 test 1, cut at 0"),
    "nist/lognormal": Delay(lognormal(float(np.exp(4.586)), 0.967), source=_NIST),
    "nist/gamma": Delay(
        Distribution("gamma", {"shape": 1.291, "scale": 103.901}), source=_NIST),
    "nist/weibull": Delay(
        Distribution("weibull", {"shape": 1.195, "scale": 139.285}), source=_NIST),
}  # fmt: skip
"""Every preset by name. The third management level of PD 7974-6 (over 15 min) has no upper end."""
