"""Quantities as people write them (`10 s`, `2 min`, `800 kW`, `3.5 /m2`) into base units."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator

from controller.interface.files import nearest

_FORM = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([^\s\d.]\S*|1/m)\s*")
_DURATIONS = {"ms": 1, "s": 1_000, "min": 60_000, "h": 3_600_000}
_POWERS = {"kW": 1.0, "MW": 1_000.0}
_DENSITIES = {"/m2": 1.0, "p/m2": 1.0, "p/m²": 1.0, "/m²": 1.0}
_EXTINCTIONS = {"/m": 1.0, "1/m": 1.0}
_ILLUMINANCES = {"lx": 1.0}
_FLOWS = {"/s": 1.0, "p/s": 1.0, "/min": 1 / 60, "p/min": 1 / 60}
_LENGTHS = {"m": 1.0, "cm": 0.01}


def _parse(text: Any, units: dict[str, Any], what: str, example: str) -> tuple[float, str]:
    """Return (number, unit); raise ValueError with the nearest valid unit."""
    match = _FORM.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise ValueError(
            f"{text!r} is not a {what}; write a number and a unit, such as `{example}`"
        )
    number, unit = match.groups()
    if unit not in units:
        hint = nearest(unit, units) or next(iter(units))
        raise ValueError(
            f"{text!r}: unknown unit {unit!r} of a {what}; did you mean `{number} {hint}`?"
        )
    return float(number), unit


def duration_ms(text: Any) -> int:
    """Milliseconds of a duration such as `250 ms`, `10 s`, `2 min`."""
    number, unit = _parse(text, _DURATIONS, "duration", "10 s")
    return round(number * _DURATIONS[unit])


def power_kw(text: Any) -> float:
    """Kilowatts of a heat release rate such as `800 kW`."""
    number, unit = _parse(text, _POWERS, "heat release rate", "800 kW")
    return number * _POWERS[unit]


def density_per_m2(text: Any) -> float:
    """People per square metre, written `3.5 /m2`."""
    number, unit = _parse(text, _DENSITIES, "density", "3.5 /m2")
    return number * float(_DENSITIES[unit])


def extinction_per_m(text: Any) -> float:
    """Light extinction coefficient of smoke, written `0.5 /m`."""
    number, unit = _parse(text, _EXTINCTIONS, "extinction coefficient", "0.5 /m")
    return number * float(_EXTINCTIONS[unit])


def illuminance_lx(text: Any) -> float:
    """Illuminance, written `1 lx`."""
    number, unit = _parse(text, _ILLUMINANCES, "illuminance", "1 lx")
    return number * _ILLUMINANCES[unit]


def flow_per_s(text: Any) -> float:
    """People per second, written `0.5 /s`."""
    number, unit = _parse(text, _FLOWS, "flow of people", "0.5 /s")
    return number * _FLOWS[unit]


def length_m(text: Any) -> float:
    """Metres of a width, written `1.2 m`."""
    number, unit = _parse(text, _LENGTHS, "length", "1.2 m")
    return number * _LENGTHS[unit]


def spoken(ms: float) -> str:
    """Return a duration as a person says it: `850 ms`, `12.5 s`, `3 min 20 s`."""
    if ms < 1_000:
        return f"{ms:.0f} ms"
    if ms < 120_000:
        return f"{ms / 1_000:.1f} s"
    minutes, rest = divmod(round(ms / 1_000), 60)
    return f"{minutes} min {rest} s"


Duration = Annotated[int, BeforeValidator(duration_ms)]
Power = Annotated[float, BeforeValidator(power_kw)]
Density = Annotated[float, BeforeValidator(density_per_m2)]
Extinction = Annotated[float, BeforeValidator(extinction_per_m)]
Illuminance = Annotated[float, BeforeValidator(illuminance_lx)]
Flow = Annotated[float, BeforeValidator(flow_per_s)]
Metres = Annotated[float, BeforeValidator(length_m)]


def quantile(counts: dict[int, int], share: float) -> int:
    """Return the least value that at least this share of the counted ones do not exceed."""
    left = share * sum(counts.values())
    for value, count in sorted(counts.items()):
        left -= count
        if left <= 0:
            return value
    return 0
