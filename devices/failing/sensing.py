"""Faults of what a device senses: its reading, true or already false, through one more fault."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from numpy.random import Generator

_MINUTE_MS = 60_000
_BELOW_ZERO = "temperature_c"


class Sensing(Protocol):
    """One fault of sensing; `place` and `quantity` name the reading (see `Surroundings.probe`)."""

    def __call__(self, reading: float, place: str, quantity: str, now: int) -> float:
        """What the sensor gives for it."""
        ...


def stuck(rng: Generator, value: float, began: int) -> Sensing:
    """It gives its last reading for ever."""
    held: dict[tuple[str, str], float] = {}
    return lambda reading, place, quantity, now: held.setdefault((place, quantity), reading)


def drift(rng: Generator, value: float, began: int) -> Sensing:
    """It reads `value` more with every minute."""
    return lambda r, place, quantity, now: _real(r + value * (now - began) / _MINUTE_MS, quantity)


def noise(rng: Generator, value: float, began: int) -> Sensing:
    """Normal noise with a standard deviation of `value`, new at every reading."""
    return lambda r, place, quantity, now: _real(r + float(rng.normal(0.0, value)), quantity)


def blind(rng: Generator, value: float, began: int) -> Sensing:
    """It senses nothing: a covered lens, a misaligned beam, a masked head."""
    keep = stuck(rng, value, began)

    def sense(reading: float, place: str, quantity: str, now: int) -> float:
        steady = quantity in (_BELOW_ZERO, "passes", "mains")
        return keep(reading, place, quantity, now) if steady else 0.0

    return sense


def _real(reading: float, quantity: str) -> float:
    """Counts, densities and extinctions are never below zero."""
    return reading if quantity == _BELOW_ZERO else max(0.0, reading)


SENSINGS: dict[str, Callable[[Generator, float, int], Sensing]] = {
    "stuck": stuck,
    "drift": drift,
    "noise": noise,
    "blind": blind,
}
