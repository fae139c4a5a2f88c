"""A test's outcome, and what every test works with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from math import ceil
from typing import Any, Generic, TypeVar

PASS, FAIL, SKIP = "pass", "fail", "skip"


class BrokenError(Exception):
    """The device does not do what it must; one sentence with what was seen."""


class InapplicableError(Exception):
    """The test says nothing of this device; one sentence why."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict of one test; `detail` says what was seen."""

    id: str
    title: str
    verdict: str
    detail: str

    def document(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Limits:
    """How a test is to be done: whether it may write, and for how long it soaks.

    `power_cycle` and `provoke` are commands for the shell: the device off and on; something happens
    in front of it.
    """

    read_only: bool = False
    soak_s: float = 0.0
    power_cycle: str = ""
    client_id: str = ""
    provoke: str = ""


@dataclass(slots=True)
class Latencies:
    """Measured times in ms, by what was measured."""

    taken: dict[str, list[float]] = field(default_factory=dict)

    def add(self, what: str, ms: float) -> None:
        """Keep one."""
        self.taken.setdefault(what, []).append(ms)

    def document(self) -> dict[str, dict[str, float]]:
        """Return count, p50, p99 and max of each."""
        return {what: _figures(ms) for what, ms in self.taken.items()}


def quantile(values: list[float], share: float) -> float:
    """Return the least value that at least this share of all do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


def _figures(ms: list[float]) -> dict[str, float]:
    return {
        "count": len(ms),
        "p50_ms": round(quantile(ms, 0.5), 2),
        "p99_ms": round(quantile(ms, 0.99), 2),
        "max_ms": round(max(ms), 2),
    }


B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class Check(Generic[B]):
    """One test: it returns what it saw, or raises BrokenError or InapplicableError."""

    id: str
    title: str
    run: Callable[[B], Awaitable[str]]
    writes: bool = False


Run = Callable[[B], Awaitable[str]]


class Roll(Generic[B]):
    """The tests of one kind of bench, in the order in which they stand in the source."""

    def __init__(self) -> None:
        self._checks: list[Check[B]] = []

    def test(self, id: str, title: str, *, writes: bool = False) -> Callable[[Run[B]], Run[B]]:
        """A decorator: the function below is the test of this id."""

        def enter(run: Run[B]) -> Run[B]:
            self._checks.append(Check(id, title, run, writes))
            return run

        return enter

    @property
    def checks(self) -> tuple[Check[B], ...]:
        """All of them."""
        return tuple(self._checks)


async def judge(check: Check[B], bench: B, limits: Limits) -> Outcome:
    """Run one test and return its outcome; a lost connection or a silent device is a failure."""
    if check.writes and limits.read_only:
        return Outcome(check.id, check.title, SKIP, "it writes, and --read-only forbids that")
    try:
        detail = await check.run(bench)
    except InapplicableError as why:
        return Outcome(check.id, check.title, SKIP, str(why))
    except BrokenError as why:
        return Outcome(check.id, check.title, FAIL, str(why))
    except OSError as error:  # TimeoutError is one too
        text = f"the connection failed: {error or type(error).__name__}"
        return Outcome(check.id, check.title, FAIL, text)
    return Outcome(check.id, check.title, PASS, detail)


def chosen(checks: tuple[Check[B], ...], globs: tuple[str, ...]) -> tuple[Check[B], ...]:
    """Return the tests that match; ValueError with all ids for a glob that matches none."""
    for glob in globs:
        if not any(fnmatchcase(check.id, glob) for check in checks):
            known = ", ".join(check.id for check in checks)
            raise ValueError(f"`--test {glob}`: no such test; there are {known}")
    return tuple(
        check for check in checks if not globs or any(fnmatchcase(check.id, g) for g in globs)
    )


def demand(holds: bool, sentence: str) -> None:
    """Raise BrokenError with the sentence unless it holds."""
    if not holds:
        raise BrokenError(sentence)
