"""What is out of service, in test or in drill, and until when; each ends by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

NEVER = 1 << 62
"""A time that does not come."""


@dataclass(frozen=True, slots=True)
class Term:
    """It stands until `until_ms`; activity moves that to `lasts_ms` later.

    `rises` is how many real alarms there had been: another one ends a test and a drill.
    """

    until_ms: int
    lasts_ms: int
    rises: int


@dataclass(slots=True)
class Service:
    """Disablements by device, zone or output; tests by zone; the drill."""

    disabled: dict[str, Term] = field(default_factory=dict)
    tested: dict[str, Term] = field(default_factory=dict)
    drill: Term | None = None

    def disables(self, *names: str) -> bool:
        """Whether any of these is disabled."""
        return any(name in self.disabled for name in names)

    def active(self, zone: str, now: int) -> None:
        """Something happened in a zone under test: its time begins anew."""
        term = self.tested[zone]
        self.tested[zone] = Term(now + term.lasts_ms, term.lasts_ms, term.rises)

    def expire(self, now: int, rises: int) -> list[tuple[str, str]]:
        """End what is over: (verb that would have ended it, target). A real alarm ends tests."""
        over = [("enable", name) for name, t in self.disabled.items() if t.until_ms <= now]
        over += [("end-test", name) for name, t in self.tested.items() if _over(t, now, rises)]
        if self.drill is not None and _over(self.drill, now, rises):
            over.append(("end-drill", ""))
        for verb, target in over:
            self.end(verb, target)
        return over

    def end(self, verb: str, target: str) -> bool:
        """End a disablement, a test or the drill; whether there was one."""
        if verb == "end-drill":
            there, self.drill = self.drill is not None, None
            return there
        terms = self.disabled if verb == "enable" else self.tested
        return terms.pop(target, None) is not None

    @property
    def wake_ms(self) -> int:
        """When the next term is over."""
        terms = [*self.disabled.values(), *self.tested.values()]
        terms += [self.drill] if self.drill is not None else []
        return min((term.until_ms for term in terms), default=NEVER)

    def capture(self) -> dict[str, Any]:
        """Everything as plain values."""
        return {
            "disabled": {name: _plain(t) for name, t in self.disabled.items()},
            "tested": {name: _plain(t) for name, t in self.tested.items()},
            "drill": None if self.drill is None else _plain(self.drill),
        }

    def restore(self, plain: Mapping[str, Any], move: Callable[[int], int]) -> None:
        """Take back what was captured, on the new clock."""
        self.disabled = {name: _term(t, move) for name, t in plain["disabled"].items()}
        self.tested = {name: _term(t, move) for name, t in plain["tested"].items()}
        self.drill = None if plain["drill"] is None else _term(plain["drill"], move)


def _over(term: Term, now: int, rises: int) -> bool:
    return term.until_ms <= now or term.rises != rises


def _plain(term: Term) -> list[int]:
    return [term.until_ms, term.lasts_ms, term.rises]


def _term(plain: list[int], move: Callable[[int], int]) -> Term:
    return Term(move(plain[0]), plain[1], plain[2])
