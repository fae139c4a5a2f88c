"""How alike two egress curves are, and when repeated runs have said what they have to say.

A curve is the vector of exit times, s: cell i holds when the i-th person was out, in rising order.
Sources: Peacock, Reneke, Davis and Jones 1999 (the functional measures); Ronchi, Reneke and
Peacock 2014 and NIST TN 1822 (2013) section 5 (convergence of the mean curve of repeated runs).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
LAG_SHARE = 0.05
"""Lag of the secant cosine as a share of the persons (TN 1822 uses 0.03 to 0.05)."""


def relative_difference(x: ArrayLike, y: ArrayLike) -> float:
    """Return ERD = |x - y| / |y|, 0 for equal curves; inf against a curve that is all zero."""
    a, b = _pair(x, y)
    size = float(np.linalg.norm(b))
    gap = float(np.linalg.norm(a - b))
    return gap / size if size else (0.0 if gap == 0.0 else float("inf"))


def projection(x: ArrayLike, y: ArrayLike) -> float:
    """Return EPC = <x, y> / |y|^2, the factor that brings y closest to x; 1 for equal curves."""
    a, b = _pair(x, y)
    size = float(b @ b)
    return float(a @ b) / size if size else (1.0 if not a.any() else float("inf"))


def secant_cosine(x: ArrayLike, y: ArrayLike, lag: int | None = None) -> float:
    """Return SC, the cosine between the slopes of two curves; 1 for equal shape.

    Slopes are differences over `lag` persons (5 % of them, at least 1). Curves without slope
    have one shape: 1 if both are level, 0 if one is. ValueError for a lag below 1.
    """
    a, b = _pair(x, y)
    step = max(1, round(LAG_SHARE * a.size)) if lag is None else lag
    if step < 1:
        raise ValueError(f"a lag is one person or more, not {lag}")
    da, db = a[step:] - a[:-step], b[step:] - b[:-step]
    size = sqrt(float(da @ da) * float(db @ db))
    return float(da @ db) / size if size else float(not da.any() and not db.any())


def _pair(x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
    a, b = np.asarray(x, np.float64), np.asarray(y, np.float64)
    if a.shape != b.shape or a.ndim != 1 or not a.size:
        raise ValueError(f"curves of one length are compared, not of {a.shape} and {b.shape}")
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        raise ValueError("a curve of an incomplete run has no end and can not be compared")
    return a, b


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """What counts as converged; declared before the runs (Ronchi, Reneke and Peacock 2014).

    Each is the greatest change that still counts, as a share; `runs` is b, how many runs on end
    must stay below all five.
    """

    tet: float = 0.005
    sd: float = 0.05
    erd: float = 0.01
    epc: float = 0.01
    sc: float = 0.01
    runs: int = 10

    @classmethod
    def parse(cls, text: str) -> "Thresholds":
        """Read ``tet=0.01,runs=20``; the others keep their values. ValueError for anything else."""
        given: dict[str, Any] = {}
        for part in filter(None, text.split(",")):
            name, _, value = (word.strip() for word in part.partition("="))
            if name not in {one.name for one in fields(cls)}:
                known = ", ".join(one.name for one in fields(cls))
                raise ValueError(f"--thresholds {part!r}: write one of {known}, as tet=0.01")
            given[name] = _limit(name, value)
        runs = int(given.pop("runs", cls().runs))
        return replace(cls(runs=runs), **given)


def _limit(name: str, value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = float("nan")
    if not 0.0 < number < float("inf") or (name == "runs" and number != int(number)):
        kind = "a whole number above zero" if name == "runs" else "a share above zero, as 0.01"
        raise ValueError(f"--thresholds {name}={value}: {kind} is needed")
    return number


@dataclass(frozen=True, slots=True)
class Change:
    """What one more run changed: TETconv, SDconv, ERDconv, EPCconv, SCconv; inf: not known yet."""

    tet: float
    sd: float
    erd: float
    epc: float
    sc: float

    def within(self, limits: Thresholds) -> bool:
        """Tell whether all five are below their thresholds."""
        return all(getattr(self, f.name) < getattr(limits, f.name) for f in fields(self))


@dataclass(slots=True)
class Convergence:
    """The mean curve of the runs so far, and what each run changed.

    With m_j the mean curve after j runs and ERD_j = ERD(m_j, m_j-1): ERDconv_j = |ERD_j - ERD_j-1|,
    EPC and SC alike; TETconv_j and SDconv_j are relative changes of the mean and of the standard
    deviation (n - 1) of the total evacuation time, the greatest exit time of a run.
    """

    limits: Thresholds = field(default_factory=Thresholds)
    changes: list[Change] = field(default_factory=list)
    compared: tuple[float, float, float] | None = None
    """ERD, EPC and SC of the last mean curve against the one before; none before two runs."""
    incomplete: bool = False
    _mean: Floats | None = None
    _totals: list[float] = field(default_factory=list)
    _calm: int = 0

    def add(self, exit_times_s: ArrayLike) -> None:
        """Take in one run, in any order of persons; an infinite time makes it incomplete."""
        curve = np.sort(np.asarray(exit_times_s, np.float64))
        self.incomplete |= not bool(np.isfinite(curve).all())
        if self.incomplete:
            return
        before, self._mean = self._mean, self._joined(curve)
        self._totals.append(float(curve[-1]))
        if before is None:
            return
        old, m = self.compared, self._mean
        self.compared = (
            relative_difference(m, before), projection(m, before), secant_cosine(m, before),
        )  # fmt: skip
        self._book(old, self.compared)

    @property
    def converged(self) -> bool:
        """Whether the last b runs all stayed below every threshold and none was incomplete."""
        return not self.incomplete and self._calm >= self.limits.runs

    @property
    def total_s(self) -> tuple[float, ...]:
        """The total evacuation times of the complete runs, s."""
        return tuple(self._totals)

    def _joined(self, curve: Floats) -> Floats:
        if self._mean is None:
            return curve
        _pair(curve, self._mean)
        return np.asarray(self._mean + (curve - self._mean) / (len(self._totals) + 1))

    def _book(self, old: Sequence[float] | None, new: Sequence[float]) -> None:
        totals = np.array(self._totals)
        gaps = [abs(a - b) for a, b in zip(new, old, strict=True)] if old else [np.inf] * 3
        known = len(totals) >= 3
        self.changes.append(
            Change(
                _change(float(totals.mean()), float(totals[:-1].mean())),
                _change(_sd(totals), _sd(totals[:-1])) if known else float("inf"),
                *gaps,
            )
        )
        self._calm = self._calm + 1 if self.changes[-1].within(self.limits) else 0

    def thresholds(self) -> dict[str, float]:
        """Return the thresholds by name, for a report."""
        return asdict(self.limits)


def _change(new: float, old: float) -> float:
    return abs(new - old) / abs(new) if new else (0.0 if old == new else float("inf"))


def _sd(totals: Floats) -> float:
    return float(totals.std(ddof=1))
