"""What somebody knows and can: familiar exits, facts, whether he can take stairs, where he goes."""

from dataclasses import dataclass, replace
from typing import NamedTuple


class Fact(NamedTuple):
    """``closed``, ``opened`` (open again), ``doubted`` (closed, but that was long ago), ``told``
    and ``exit`` (a sign names it) are about a portal; ``smoke``, ``sign`` and ``one-way`` (against
    it) about a crossing.
    ``epoch`` counts a portal's changes.
    """

    kind: str
    number: int
    epoch: int = 0


NEWS = ("closed", "opened")
"""Kinds of fact that people pass on."""
BAD = ("closed", "smoke", "told")
"""Kinds of fact that take a way."""
NO_GOAL = -1


@dataclass(frozen=True, slots=True)
class Mind:
    """Familiar exits (portal numbers; empty: all of them) and known facts.

    ``wheels_m`` above zero: no stairs, and no portal narrower than this. ``goal`` is the space he
    has to go to before he leaves (-1: none).
    """

    familiar: frozenset[int]
    facts: frozenset[Fact] = frozenset()
    wheels_m: float = 0.0
    goal: int = NO_GOAL

    def portals(self, kind: str) -> frozenset[int]:
        """Return the numbers of all facts of a kind."""
        return frozenset(f.number for f in self.facts if f.kind == kind)

    @property
    def plain(self) -> "Mind":
        """The mind as far as it decides on ways: what is open, and when it closed, does not."""
        facts = (Fact(f.kind, f.number) for f in self.facts if f.kind != "opened")
        return self.having(frozenset(facts))

    def about(self, portal: int) -> frozenset[Fact]:
        """Return the news that he has of a portal."""
        return frozenset(f for f in self.facts if f.kind in NEWS and f.number == portal)

    def having(self, facts: frozenset[Fact]) -> "Mind":
        """The same with other facts."""
        return Mind(self.familiar, facts, self.wheels_m, self.goal)

    def bound_for(self, goal: int) -> "Mind":
        """The same on the way to a space; -1: on the way out."""
        return replace(self, goal=goal)

    def replaced(self, news: Fact) -> "Mind":
        """The mind after news of a portal; that it is open is news only to who thought not."""
        old = self.about(news.number)
        if news in old or (news.kind == "opened" and not old):
            return self
        return self.having((self.facts - old) | {news})


@dataclass(frozen=True, slots=True)
class Sight:
    """Facts that can be judged from a space, those of them that hold, and news of its portals."""

    judged: frozenset[Fact] = frozenset()
    holds: frozenset[Fact] = frozenset()
    news: frozenset[Fact] = frozenset()
