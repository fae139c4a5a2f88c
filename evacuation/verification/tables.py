"""Walking speeds of the standards' populations, m/s. The library takes speeds as given; the
verification cases draw them from here."""

from dataclasses import dataclass

import numpy as np

from evacuation.streams import stream


@dataclass(frozen=True, slots=True)
class Share:
    """A group of a population: its part in per cent and the range of its free speeds."""

    name: str
    percent: float
    low: float
    high: float


RIMEA_AGES = (
    Share("under 30", 30.0, 0.58, 1.61),
    Share("30 to 50", 40.0, 1.41, 1.54),
    Share("over 50", 25.0, 0.68, 1.41),
    Share("impaired", 5.0, 0.46, 0.76),
)
"""Level speeds by age of RiMEA 2.2.1 after Weidmann; the parts are the suite's own."""
IMO_MALES = (Share("male 30 to 50", 100.0, 0.97, 1.62),)
IMO_MIX = (
    Share("female under 30", 7.0, 0.93, 1.55),
    Share("female 30 to 50", 7.0, 0.71, 1.19),
    Share("female over 50", 16.0, 0.56, 0.94),
    Share("female impaired 1", 10.0, 0.43, 0.71),
    Share("female impaired 2", 10.0, 0.37, 0.61),
    Share("male under 30", 7.0, 1.11, 1.85),
    Share("male 30 to 50", 7.0, 0.97, 1.62),
    Share("male over 50", 16.0, 0.84, 1.40),
    Share("male impaired 1", 10.0, 0.64, 1.06),
    Share("male impaired 2", 10.0, 0.55, 0.91),
)
"""Passengers of IMO MSC.1/Circ.1533, uniform speeds on the level."""
BOYCE = {
    "no disability": (1.25, 0.32),
    "walking disability": (0.80, 0.37),
    "crutches": (0.94, 0.30),
    "stick": (0.81, 0.38),
    "manual wheelchair": (0.69, 0.35),
    "electric wheelchair": (0.89, 0.10),
}
"""Mean and deviation on the level (Boyce, Shields and Silcock 1999); 0.10 of the electric
wheelchair is the suite's own, none is published."""
LEAST_M_S = 0.1


def drawn(shares: tuple[Share, ...], count: int, name: str) -> list[tuple[Share, float]]:
    """Draw a group by its part and a speed in its range for each of ``count`` persons."""
    source = stream(1, f"verification/{name}")
    part = np.array([share.percent for share in shares])
    picked = source.choice(len(shares), size=count, p=part / part.sum())
    return [(shares[k], float(source.uniform(shares[k].low, shares[k].high))) for k in picked]


def normal(mean: float, deviation: float, count: int, name: str) -> list[float]:
    """Draw normal speeds, again where one falls below 0.1 m/s."""
    source = stream(1, f"verification/{name}")
    found: list[float] = []
    while len(found) < count:
        value = float(source.normal(mean, deviation))
        if value >= LEAST_M_S:
            found.append(value)
    return found
