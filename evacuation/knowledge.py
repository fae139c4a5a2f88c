"""What people know of the building, and how it changes with what they see and hear.

A mind is a set of familiar exits plus facts; everybody who knows the same shares one mind, and
so one cost field. Facts: a portal seen closed, a portal one was told is closed, a crossing into
dense smoke, a crossing that a sign pointed to. A sight is what a space lets people see: facts
that hold there, and facts that one can see do not hold (any more).
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from evacuation.engine.arrays import Flags, Floats, Longs
from evacuation.engine.fields import Ways
from evacuation.routing import FORBIDDEN_M, SIGN_M, SMOKE_M, UNFAMILIAR_M, Routes


class Fact(NamedTuple):
    """``closed``, ``told`` and ``exit`` (a sign names it) are about a portal; ``smoke`` and
    ``sign`` about a crossing.
    """

    kind: str
    number: int


@dataclass(frozen=True, slots=True)
class Mind:
    """Familiar exits (portal numbers; empty: all of them) and known facts."""

    familiar: frozenset[int]
    facts: frozenset[Fact] = frozenset()


@dataclass(frozen=True, slots=True)
class Sight:
    """Facts that can be judged from a space, and those of them that hold."""

    judged: frozenset[Fact] = frozenset()
    holds: frozenset[Fact] = frozenset()


@dataclass
class Knowledge:
    """All minds that occur in a run, with their fields as rows of growing arrays."""

    routes: Routes
    minds: list[Mind] = field(default_factory=list)
    beyond: Floats = field(init=False)
    weight: Floats = field(init=False)
    learn: Longs = field(init=False)
    want: Flags = field(init=False)
    sights: list[Sight] = field(default_factory=lambda: [Sight()])
    _numbers: dict[Mind, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.beyond = np.full((0, self.routes.size), np.inf)
        self.weight = np.ones((0, self.routes.size))
        self._forget_links()

    def number(self, mind: Mind) -> int:
        """Return the row of a mind; a new one gets its field worked out."""
        known = self._numbers.get(mind)
        if known is not None:
            return known
        found = self._numbers[mind] = len(self.minds)
        self.minds.append(mind)
        row = self._field(mind)
        self.beyond = np.vstack([self.beyond, row.beyond])
        self.weight = np.vstack([self.weight, row.narrowest])
        self.learn = np.vstack([self.learn, np.full((1, len(self.sights)), -1, np.int64)])
        self.want = np.zeros(self.learn.shape, np.bool_)
        return found

    def show(self, sights: list[Sight]) -> None:
        """Take the sights of the moment; number 0 is the empty one."""
        self.sights = sights
        self._forget_links()

    def work_out(self) -> None:
        """Answer the questions that the engine left: which mind follows from mind and sight."""
        for mind, sight in np.argwhere(self.want).tolist():
            self.learn[mind, sight] = self.number(self._after(mind, sight))
        self.want[:] = False

    def blocked(self, mind: int) -> list[int]:
        """Return the portals that a mind holds to be closed, seen or told."""
        facts = self.minds[mind].facts
        return sorted({f.number for f in facts if f.kind in ("closed", "told")})

    def _forget_links(self) -> None:
        self.learn = np.full((len(self.minds), len(self.sights)), -1, np.int64)
        self.want = np.zeros(self.learn.shape, np.bool_)

    def _after(self, mind: int, sight: int) -> Mind:
        before, seen = self.minds[mind], self.sights[sight]
        return Mind(before.familiar, (before.facts - seen.judged) | seen.holds)

    def _field(self, mind: Mind) -> Ways:
        """Return the best field: familiar exits first, then any exit, then forbidden portals."""
        routes = self.routes
        seen = self._surcharge(mind, {"closed", "smoke", "sign"})
        obeyed = self._surcharge(mind, {"closed", "smoke", "sign", "told"})
        best = routes.field(self._exits(mind, obeyed), obeyed)
        for exits, surcharge, offset in (
            (routes.exits, obeyed, UNFAMILIAR_M),
            (routes.exits, seen, FORBIDDEN_M),
        ):
            missing = ~np.isfinite(best.beyond)
            other = routes.field(exits, surcharge)
            best = Ways(
                np.where(missing, other.beyond + offset, best.beyond),
                np.where(missing, other.narrowest, best.narrowest),
                best.after,
            )
        return best

    def _exits(self, mind: Mind, surcharge: Floats) -> set[int]:
        if not mind.familiar:
            return set(self.routes.exits)
        signed = (f.number for f in mind.facts if f.kind == "sign")
        pointed = {self.routes.exit_behind(c, surcharge) for c in signed}
        named = {f.number for f in mind.facts if f.kind == "exit"}
        return set(mind.familiar) | named | (pointed - {-1})

    def _surcharge(self, mind: Mind, kinds: set[str]) -> Floats:
        extra = np.zeros(self.routes.size)
        signed = [f.number for f in mind.facts if f.kind == "sign" and "sign" in kinds]
        for s in sorted({int(self.routes.send[c]) for c in signed}):
            extra[self.routes.ways(s)] += SIGN_M
        extra[signed] = 0.0
        for fact in sorted(mind.facts):
            if fact.kind == "smoke" and "smoke" in kinds:
                extra[fact.number] += SMOKE_M
            elif fact.kind in ("closed", "told") and fact.kind in kinds:
                extra[[2 * fact.number, 2 * fact.number + 1]] = np.inf
        return extra
