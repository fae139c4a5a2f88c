"""What people know of the building, and how it changes with what they see and hear.

A mind is a set of familiar exits plus facts; everybody who knows the same shares one mind, and
so one cost field. Facts: a portal seen closed (or heard of from one who knows), a portal one was
told is closed, a crossing into dense smoke, a crossing that a sign pointed to. A sight is what a
space lets people see: facts that hold there, and facts that one can see do not hold (any more).

What people talk about, the topics: that a portal is closed, and that one found closed is open
again. The later sighting wins, so a portal carries the number of its last change (its epoch). A
sign is not believed by those who know that its way ends at a closed portal. Who has waited long
because all he knows is closed doubts it, and goes round to look at each exit again.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from evacuation.engine.arrays import WORD, Flags, Floats, Longs, Records
from evacuation.engine.fields import Ways
from evacuation.routing import (
    CLOSED_M,
    FORBIDDEN_M,
    SIGN_M,
    SMOKE_M,
    TRUSTED_M,
    UNFAMILIAR_M,
    Routes,
)
from evacuation.rows import Rows


class Fact(NamedTuple):
    """``closed``, ``opened`` (open again), ``doubted`` (closed, but that was long ago), ``told``
    and ``exit`` (a sign names it) are about a portal; ``smoke`` and ``sign`` about a crossing.
    ``epoch`` counts a portal's changes.
    """

    kind: str
    number: int
    epoch: int = 0


NEWS = ("closed", "opened")
"""Kinds of fact that people pass on."""
BAD = ("closed", "smoke", "told")
"""Kinds of fact that take a way."""


@dataclass(frozen=True, slots=True)
class Mind:
    """Familiar exits (portal numbers; empty: all of them) and known facts."""

    familiar: frozenset[int]
    facts: frozenset[Fact] = frozenset()

    def portals(self, kind: str) -> frozenset[int]:
        """Return the numbers of all facts of a kind."""
        return frozenset(f.number for f in self.facts if f.kind == kind)

    @property
    def plain(self) -> "Mind":
        """The mind as far as it decides on ways: what is open, and when it closed, does not."""
        facts = (Fact(f.kind, f.number) for f in self.facts if f.kind != "opened")
        return Mind(self.familiar, frozenset(facts))

    def about(self, portal: int) -> frozenset[Fact]:
        """Return the news that he has of a portal."""
        return frozenset(f for f in self.facts if f.kind in NEWS and f.number == portal)

    def replaced(self, news: Fact) -> "Mind":
        """The mind after news of a portal; that it is open is news only to who thought not."""
        old = self.about(news.number)
        if news in old or (news.kind == "opened" and not old):
            return self
        return Mind(self.familiar, (self.facts - old) | {news})


@dataclass(frozen=True, slots=True)
class Sight:
    """Facts that can be judged from a space, those of them that hold, and news of its portals."""

    judged: frozenset[Fact] = frozenset()
    holds: frozenset[Fact] = frozenset()
    news: frozenset[Fact] = frozenset()


@dataclass
class Knowledge:
    """All minds that occur in a run, with their fields as rows of growing arrays."""

    routes: Routes
    minds: list[Mind] = field(default_factory=list)
    beyond: Floats = field(init=False)
    weight: Floats = field(init=False)
    learn: Longs = field(init=False)
    want: Flags = field(init=False)
    news: Longs = field(init=False)
    knows: Flags = field(init=False)
    word: Records = field(init=False)
    topics: list[Fact] = field(default_factory=list)
    sights: list[Sight] = field(default_factory=lambda: [Sight()])
    _numbers: dict[Mind, int] = field(default_factory=dict)
    _fields: dict[Mind, Ways] = field(default_factory=dict)
    _signed: dict[int, frozenset[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.word = np.zeros((self.routes.net.room.size, 0), WORD)
        self.knows = np.zeros((0, 0), np.bool_)
        self._costs, self._narrows = Rows(self.routes.size), Rows(self.routes.size)
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
        row = self._fields.get(mind.plain)
        if row is None:
            row = self._fields[mind.plain] = self._field(mind.plain)
        self.beyond = self._costs.add(row.beyond)
        self.weight = self._narrows.add(row.narrowest)
        new = sorted(f for f in mind.facts - set(self.topics) if f.kind in NEWS)
        if new:
            self._talk_about(new)
        else:
            self._add_links(mind)
        return found

    def show(self, sights: list[Sight]) -> None:
        """Take the sights of the moment; number 0 is the empty one."""
        self.sights = sights
        self._forget_links()

    def work_out(self) -> None:
        """Answer the questions that the engine left: which mind follows from mind and sight."""
        width = self.want.shape[1]
        for asked in np.flatnonzero(self.want).tolist():
            mind, column = divmod(asked, width)
            after = self._after(mind, column)
            topics = len(self.topics)
            follows = self.number(after)
            if len(self.topics) != topics:
                break  # the columns have changed: what is still open will be asked again
            self.learn[mind, column] = follows
            self.news[mind, column] = self._bad_news(self.minds[mind], after)
        self.want[:] = False

    def blocked(self, mind: int) -> list[int]:
        """Return the portals that a mind holds to be closed, seen or told."""
        facts = self.minds[mind].facts
        return sorted({f.number for f in facts if f.kind in ("closed", "told")})

    def _forget_links(self) -> None:
        shape = (len(self.minds), len(self.sights) + len(self.topics) + 1)
        self.learn = np.full(shape, -1, np.int64)
        self.news = np.full(shape, -1, np.int64)
        self.want = np.zeros(shape, np.bool_)

    def _add_links(self, mind: Mind) -> None:
        blank = np.full((1, self.learn.shape[1]), -1, np.int64)
        self.learn = np.vstack([self.learn, blank])
        self.news = np.vstack([self.news, blank])
        self.want = np.vstack([self.want, np.zeros(blank.shape, np.bool_)])
        self.knows = np.vstack([self.knows, self._aware(mind)])

    def _aware(self, mind: Mind) -> Flags:
        return np.array([[topic in mind.facts for topic in self.topics]], np.bool_).reshape(1, -1)

    def _talk_about(self, news: list[Fact]) -> None:
        self.topics += news
        fresh = np.zeros((self.word.shape[0], len(news)), WORD)
        fresh["since"] = np.inf
        self.word = np.hstack([self.word, fresh])
        self.knows = np.vstack([self._aware(mind) for mind in self.minds])
        self._forget_links()

    def _after(self, mind: int, column: int) -> Mind:
        """Return the mind after seeing a sight, hearing of a topic, or long waiting."""
        before, topic = self.minds[mind], column - len(self.sights)
        if topic == len(self.topics):
            doubts = {Fact("doubted", p) for p in before.portals("closed")}
            return Mind(before.familiar, before.facts | doubts)
        if topic >= 0:
            heard = self.topics[topic]
            stale = any(f.epoch >= heard.epoch for f in before.about(heard.number))
            return before if stale else before.replaced(heard)
        sight = self.sights[column]
        after = Mind(before.familiar, (before.facts - sight.judged) | sight.holds)
        for news in sorted(sight.news):
            after = after.replaced(news)
        return after

    def _bad_news(self, before: Mind, after: Mind) -> int:
        """Return the first portal that one mind would use and the next knows closed or smoky."""
        new = sorted(after.facts - before.facts)
        bad = [f.number >> (f.kind == "smoke") for f in new if f.kind in BAD]
        return bad[0] if bad else -1

    def _field(self, mind: Mind) -> Ways:
        """Return the best field: familiar exits first, then any exit, then forbidden portals,
        and at last to wait where it is closed.
        """
        routes = self.routes
        seen = self._surcharge(mind, {"closed", "smoke", "sign"})
        obeyed = self._surcharge(mind, {"closed", "smoke", "sign", "told"})
        best = routes.field(self._exits(mind, obeyed), obeyed)
        for exits, surcharge, offset in (
            (routes.exits, obeyed, UNFAMILIAR_M),
            (routes.exits, seen, FORBIDDEN_M),
            (routes.exits, self._waiting(mind), CLOSED_M),
        ):
            missing = ~np.isfinite(best.beyond) & routes.lead_out
            if not missing.any():
                break
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
        pointed = {self.routes.exit_behind(c, surcharge) for c in self._believed(mind)}
        return set(mind.familiar) | mind.portals("exit") | (pointed - {-1})

    def _believed(self, mind: Mind) -> list[int]:
        """Return the crossings that signs point to, but for ways that are known to be closed."""
        closed = mind.portals("closed")
        return sorted(c for c in mind.portals("sign") if not closed & self._way(c))

    def _way(self, crossing: int) -> frozenset[int]:
        """Return the portals on the way that a sign means: to the nearest exit behind it."""
        if crossing not in self._signed:
            way = self.routes.way_behind(crossing, np.zeros(self.routes.size))
            self._signed[crossing] = frozenset(c >> 1 for c in way)
        return self._signed[crossing]

    def _waiting(self, mind: Mind) -> Floats:
        """Return what it costs to wait at portals: least where it might be open by now."""
        sure = sorted(mind.portals("closed") - mind.portals("doubted"))
        extra = np.zeros((self.routes.size // 2, 2))
        extra[sure] = TRUSTED_M
        return extra.ravel()

    def _surcharge(self, mind: Mind, kinds: set[str]) -> Floats:
        extra = np.zeros(self.routes.size)
        signed = self._believed(mind) if "sign" in kinds else []
        for s in sorted({int(self.routes.send[c]) for c in signed}):
            extra[self.routes.ways(s)] += SIGN_M
        extra[signed] = 0.0
        for fact in sorted(mind.facts):
            if fact.kind == "smoke" and "smoke" in kinds:
                extra[fact.number] += SMOKE_M
            elif fact.kind in ("closed", "told") and fact.kind in kinds:
                extra[[2 * fact.number, 2 * fact.number + 1]] = np.inf
        return extra
