"""Distributions as people write them in a file: a family and its parameters, with units."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from controller.interface.files import Entry

Family = Literal["constant", "uniform", "normal", "lognormal", "gamma", "weibull", "loglogistic"]
NEEDS: dict[str, tuple[str, ...]] = {
    "constant": ("value",),
    "uniform": ("min", "max"),
    "normal": ("mean", "sd"),
    "lognormal": ("median", "sigma"),
    "gamma": ("shape", "scale"),
    "weibull": ("shape", "scale"),
    "loglogistic": ("median", "shape"),
}
"""What each family needs; `min` and `max` besides cut the others off."""
PURE = ("sigma", "shape")
"""Parameters without a unit."""
Rate = Annotated[float, Field(gt=0, le=5, allow_inf_nan=False)]
Spread = Annotated[float, Field(ge=0, le=20, allow_inf_nan=False)]
Time = Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False)]


class SpeedEntry(Entry):
    """A walking speed, m/s; `min` and `max` cut it off."""

    distribution: Family = "normal"
    value: Rate | None = None
    mean: Rate | None = None
    sd: Spread | None = None
    median: Rate | None = None
    sigma: Spread | None = None
    shape: Spread | None = None
    scale: Rate | None = None
    min: Rate | None = None
    max: Rate | None = None

    @model_validator(mode="after")
    def _complete(self) -> SpeedEntry:
        found = {name: getattr(self, name) for name in type(self).model_fields}
        _check(self.distribution, found, "", "speed")
        if self.distribution == "normal" and (self.min is None or self.max is None):
            raise ValueError("a normal speed needs min and max: a normal tail reaches zero")
        if self.mean is not None and not (self.min or 0) <= self.mean <= (self.max or self.mean):
            raise ValueError("speed needs min <= mean <= max")
        return self

    def parameters(self) -> dict[str, float]:
        """The parameters of the family by name."""
        return {name: getattr(self, name) for name in NEEDS[self.distribution]}


class SecondsEntry(Entry):
    """A time in seconds; `min_s` and `max_s` cut it off. A lognormal if nothing else is said."""

    distribution: Family | None = None
    value_s: Time | None = None
    mean_s: Time | None = None
    sd_s: Time | None = None
    median_s: Time | None = None
    sigma: Spread | None = None
    shape: Spread | None = None
    scale_s: Time | None = None
    min_s: Time | None = None
    max_s: Time | None = None

    @model_validator(mode="after")
    def _complete(self) -> SecondsEntry:
        if self.is_given:
            found = {name: getattr(self, name) for name in SecondsEntry.model_fields}
            _check(self.family, found, "_s", "time")
        elif self.distribution is not None:
            raise ValueError("write a preset or a distribution, not both")
        return self

    @property
    def is_given(self) -> bool:
        """Whether the distribution stands here."""
        return True

    @property
    def family(self) -> Family:
        """The family: lognormal if none is named."""
        return self.distribution or "lognormal"

    def parameters(self) -> dict[str, float]:
        """The parameters of the family by name, seconds."""
        names = {name: _key(name, "_s") for name in NEEDS[self.family]}
        return {name: getattr(self, key) for name, key in names.items()}


def _key(name: str, unit: str) -> str:
    return name if name in PURE else f"{name}{unit}"


def _check(family: str, found: dict[str, object], unit: str, noun: str) -> None:
    """ValueError for parameters that are missing, of another family, or the wrong way round."""
    needed = [_key(name, unit) for name in NEEDS[family]]
    missing = [key for key in needed if found[key] is None]
    if missing:
        raise ValueError(f"a {family} {noun} needs {' and '.join(needed)}")
    cuts = [] if family == "constant" else [f"min{unit}", f"max{unit}"]
    allowed = {"distribution", *needed, *cuts}
    foreign = [key for key, value in found.items() if value is not None and key not in allowed]
    if foreign:
        raise ValueError(f"a {family} {noun} has no {', '.join(foreign)}")
    low, high = found[f"min{unit}"], found[f"max{unit}"]
    if isinstance(low, float) and isinstance(high, float) and low > high:
        raise ValueError(f"{noun} needs min <= max")
    scale = found[needed[-1]]
    if family in ("gamma", "weibull", "loglogistic") and not (scale and found[needed[0]]):
        raise ValueError(f"a {family} {noun} needs {' and '.join(needed)} above zero")
