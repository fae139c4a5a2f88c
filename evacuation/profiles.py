"""Published walking speeds by age, impairment and kind of person, as profiles to name in a file.

Speeds in m/s: ``level`` free on the level, ``down`` and ``up`` along the slope of a stair (None: by
the stair law). "(m)": from memory, not confirmed in the source. ``wheels_m``: can not take stairs
unaided, and needs this clear width (0.80 m: a wheelchair of 0.70 m and hands, assumed).
"""

from dataclasses import dataclass

from evacuation.distribution import Distribution, constant, normal, uniform

LEAST_M_S = 0.1
"""No draw is slower."""
WHEELCHAIR_M = 0.80


@dataclass(frozen=True, slots=True)
class Profile:
    """How one sort of people walks, and who measured it."""

    level: Distribution
    source: str
    down: Distribution | None = None
    up: Distribution | None = None
    body_area_m2: float = 0.113
    wheels_m: float = 0.0
    dose_limit: float = 1.0


def _imo(level: str, down: str, up: str, note: str = "") -> Profile:
    """Uniform ranges as the circular prints them."""
    ends = [uniform(*(float(v) for v in text.split())) for text in (level, down, up)]
    return Profile(ends[0], f"IMO MSC.1/Circ.1533 annex (m){note}", ends[1], ends[2])


def _boyce(
    level: tuple[float, float],
    down: tuple[float, float] | None = None,
    up: tuple[float, float] | None = None,
    wheels_m: float = 0.0,
    note: str = "(m)",
) -> Profile:
    """Mean and deviation, cut at 0.1 m/s and at the mean plus three deviations."""
    cut = [normal(m, s, LEAST_M_S, m + 3 * s + 1e-9) if s else constant(m) for m, s in
           (level, down or (1.0, 0.0), up or (1.0, 0.0))]  # fmt: skip
    source = f"Boyce, Shields and Silcock 1999 {note}"
    stairs = (cut[1] if down else None, cut[2] if up else None)
    return Profile(cut[0], source, *stairs, wheels_m=wheels_m)


_FRUIN = "RiMEA 2.2.1 after Weidmann; stairs: Fruin's means inside buildings, for everybody alike"
_CREW = "; crew, taken as passengers under 30"

PROFILES: dict[str, Profile] = {
    "weidmann/adult": Profile(normal(1.34, 0.26, 0.70, 2.00), "Weidmann 1993 (m); cut off (ours)"),
    "rimea/under-30": Profile(uniform(0.58, 1.61), _FRUIN, constant(0.76), constant(0.55)),
    "rimea/30-50": Profile(uniform(1.41, 1.54), _FRUIN, constant(0.65), constant(0.50)),
    "rimea/over-50": Profile(uniform(0.68, 1.41), _FRUIN, constant(0.55), constant(0.42)),
    "rimea/impaired": Profile(uniform(0.46, 0.76), _FRUIN, constant(0.42), constant(0.32)),
    "rimea-outside/under-30": Profile(
        uniform(0.58, 1.61), _FRUIN.replace("inside", "outside"), constant(0.81), constant(0.58)),
    "rimea-outside/30-50": Profile(
        uniform(1.41, 1.54), _FRUIN.replace("inside", "outside"), constant(0.78), constant(0.58)),
    "rimea-outside/over-50": Profile(
        uniform(0.68, 1.41), _FRUIN.replace("inside", "outside"), constant(0.59), constant(0.42)),
    "imo/female-under-30": _imo("0.93 1.55", "0.56 0.94", "0.47 0.79"),
    "imo/female-30-50": _imo("0.71 1.19", "0.49 0.81", "0.44 0.74"),
    "imo/female-over-50": _imo("0.56 0.94", "0.45 0.75", "0.37 0.61"),
    "imo/female-impaired-1": _imo("0.43 0.71", "0.34 0.56", "0.28 0.46"),
    "imo/female-impaired-2": _imo("0.37 0.61", "0.29 0.49", "0.23 0.39"),
    "imo/male-under-30": _imo("1.11 1.85", "0.76 1.26", "0.50 0.84"),
    "imo/male-30-50": _imo("0.97 1.62", "0.64 1.07", "0.47 0.79"),
    "imo/male-over-50": _imo("0.84 1.40", "0.50 0.84", "0.38 0.64"),
    "imo/male-impaired-1": _imo("0.64 1.06", "0.38 0.64", "0.29 0.49"),
    "imo/male-impaired-2": _imo("0.55 0.91", "0.33 0.55", "0.25 0.41"),
    "imo/crew-female": _imo("0.93 1.55", "0.56 0.94", "0.47 0.79", _CREW),
    "imo/crew-male": _imo("1.11 1.85", "0.76 1.26", "0.50 0.84", _CREW),
    "boyce/no-disability": _boyce((1.25, 0.32), (0.70, 0.26), (0.70, 0.24)),
    "boyce/locomotion-disability": _boyce((0.80, 0.37), note="(m); stairs by the stair law"),
    "boyce/no-aid": _boyce((0.95, 0.32), (0.36, 0.14), (0.43, 0.13), note="; stairs (m)"),
    "boyce/crutches": _boyce((0.94, 0.30), (0.22, 0.0), (0.22, 0.0)),
    "boyce/stick": _boyce((0.81, 0.38), (0.32, 0.12), (0.35, 0.11)),
    "boyce/rollator": _boyce((0.57, 0.29), (0.16, 0.0), (0.14, 0.0)),
    "boyce/manual-wheelchair": _boyce((0.69, 0.35), wheels_m=WHEELCHAIR_M),
    "boyce/electric-wheelchair": _boyce((0.89, 0.0), wheels_m=WHEELCHAIR_M),
    "boyce/assisted-wheelchair": _boyce((1.30, 0.34), wheels_m=WHEELCHAIR_M),
    "boyce/assisted-ambulant": _boyce((0.78, 0.34), note="(m); stairs by the stair law"),
    "children/3-4": Profile(
        uniform(0.69, 1.33), "Najmanova and Ronchi 2017, Prague; up as down (ours)",
        constant(0.57), constant(0.57), 0.045),
    "children/5-6": Profile(
        uniform(0.69, 1.33), "Najmanova and Ronchi 2017: level as 3-4 years, stair a spiral one",
        constant(0.56), constant(0.56), 0.050),
    "children/6-10": Profile(
        normal(1.02, 0.20, 0.60, 1.50), "Ono et al. 2024, landings and flights; CoV 20 %",
        normal(0.85, 0.17, 0.50, 1.25), None, 0.055),
    "children/0-6-running": Profile(
        constant(2.23), "Larusdottir and Dederichs 2012 (m), running; stairs by the stair law",
        None, None, 0.045),
    "children/0-2": Profile(
        constant(0.60), "Larusdottir and Dederichs 2012 (m); stairs by the stair law",
        None, None, 0.040),
    "children/3-6": Profile(
        constant(0.84), "Larusdottir and Dederichs 2012 (m); stairs by the stair law",
        None, None, 0.045),
    "children/corridor-drill": Profile(
        constant(1.90), "Najmanova and Ronchi 2023, 3-7 years running in corridors; stairs by law",
        None, None, 0.045),
}  # fmt: skip
"""Every table by name: source/kind."""

HELPED: dict[str, Profile] = {
    "help/evacuation-chair": Profile(
        constant(1.46), "Hunt et al. 2015 (m); stairs inside the 0.60-0.84 m/s of Hunt et al. 2020;"
        " upwards it is carried (assumed)", constant(0.83), constant(0.30)),
    "help/carried": Profile(
        constant(1.00), "carry chair: slowest device of Hunt et al. 2020; level, up: assumed",
        constant(0.60), constant(0.30)),
    "help/pushed-wheelchair": Profile(
        constant(1.30), "assisted wheelchair of Boyce, Shields and Silcock 1999 (m); no stairs",
        None, None, 0.5, WHEELCHAIR_M),
    "help/led": Profile(
        constant(0.78), "assisted ambulant of Boyce, Shields and Silcock 1999 (m); stairs: no aid",
        constant(0.36), constant(0.43)),
}  # fmt: skip
"""How a party of one who needs help and his helpers moves."""

MIXES: dict[str, dict[str, float]] = {
    "mix/imo": {
        f"imo/{sex}-{kind}": part
        for sex in ("female", "male")
        for kind, part in (("under-30", 7.0), ("30-50", 7.0), ("over-50", 16.0),
                           ("impaired-1", 10.0), ("impaired-2", 10.0))
    },
    "mix/rimea": {
        "rimea/under-30": 30.0, "rimea/30-50": 40.0, "rimea/over-50": 25.0, "rimea/impaired": 5.0,
    },
}  # fmt: skip
"""Populations in per cent: passengers of IMO MSC.1/Circ.1533; RiMEA's ages, parts ours."""
