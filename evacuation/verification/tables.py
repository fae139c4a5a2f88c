"""Walking speeds of the standards' populations, m/s, as they are printed."""

from dataclasses import dataclass

import numpy as np

from evacuation.profiles import MIXES, PROFILES
from evacuation.streams import shares, words


@dataclass(frozen=True, slots=True)
class Share:
    """A group of a population: its part in per cent and the range of its free speeds."""

    name: str
    percent: float
    low: float
    high: float


RIMEA_AGES = (
    Share("rimea/under-30", 30.0, 0.58, 1.61),
    Share("rimea/30-50", 40.0, 1.41, 1.54),
    Share("rimea/over-50", 25.0, 0.68, 1.41),
    Share("rimea/impaired", 5.0, 0.46, 0.76),
)
"""Level speeds by age of RiMEA 2.2.1 after Weidmann; the parts are this project's own."""
IMO_MALES = (Share("imo/male-30-50", 100.0, 0.97, 1.62),)
IMO_MIX = (
    Share("imo/female-under-30", 7.0, 0.93, 1.55),
    Share("imo/female-30-50", 7.0, 0.71, 1.19),
    Share("imo/female-over-50", 16.0, 0.56, 0.94),
    Share("imo/female-impaired-1", 10.0, 0.43, 0.71),
    Share("imo/female-impaired-2", 10.0, 0.37, 0.61),
    Share("imo/male-under-30", 7.0, 1.11, 1.85),
    Share("imo/male-30-50", 7.0, 0.97, 1.62),
    Share("imo/male-over-50", 16.0, 0.84, 1.40),
    Share("imo/male-impaired-1", 10.0, 0.64, 1.06),
    Share("imo/male-impaired-2", 10.0, 0.55, 0.91),
)
"""Passengers of IMO MSC.1/Circ.1533, uniform speeds on the level."""
BOYCE = tuple(name for name in PROFILES if name.startswith("boyce/"))
"""Tables of Boyce, Shields and Silcock 1999."""


def drawn(table: str, count: int) -> list[tuple[str, float]]:
    """Draw a profile and a level speed for each of ``count`` persons, from a table or a mix."""
    parts = MIXES.get(table, {table: 100.0})
    names, ends = list(parts), np.cumsum(list(parts.values()))
    lots = shares(words(1, f"verification/{table}", [f"p{k}" for k in range(count)]))
    picked = np.searchsorted(ends, lots[:, 0] * ends[-1], side="right").tolist()
    kinds = [names[k] for k in picked]
    speeds = [PROFILES[kind].level.quantiles(lots[k, 1]) for k, kind in enumerate(kinds)]
    return [(kind, float(speed)) for kind, speed in zip(kinds, speeds, strict=True)]
