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

import numpy as np

from evacuation.engine.arrays import WORD, Flags, Floats, Longs, Records
from evacuation.mind import BAD, NEWS, Fact, Mind, Sight
from evacuation.outlook import Outlook
from evacuation.routing import Routes
from evacuation.rows import Rows


@dataclass
class Knowledge:
    """All minds that occur in a run, with their fields as rows of growing arrays."""

    routes: Routes
    minds: list[Mind] = field(default_factory=list)
    word: Records = field(init=False)
    topics: list[Fact] = field(default_factory=list)
    sights: list[Sight] = field(default_factory=lambda: [Sight()])
    _numbers: dict[Mind, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        size = self.routes.size
        self.word = np.zeros((self.routes.net.room.size, 0), WORD)
        self._outlook = Outlook(self.routes)
        self._knows = Rows(0, np.bool_)
        self._costs, self._narrows = Rows(size, np.float64), Rows(size, np.float64)
        self._forget_links()

    @property
    def beyond(self) -> Floats:
        """Metres to safety behind each crossing, [minds, crossings]."""
        return self._costs.table

    @property
    def weight(self) -> Floats:
        """Narrowest capacity on that way, [minds, crossings]."""
        return self._narrows.table

    @property
    def learn(self) -> Longs:
        """The mind that follows, [minds, sights + topics + 1]; -1 not worked out yet."""
        return self._learn.table

    @property
    def news(self) -> Longs:
        """The portal that this takes from a mind, -1 none; like ``learn``."""
        return self._news.table

    @property
    def want(self) -> Flags:
        """Questions of the engine; like ``learn``."""
        return self._want.table

    @property
    def knows(self) -> Flags:
        """Whether a mind knows a topic, [minds, topics]."""
        return self._knows.table

    def number(self, mind: Mind) -> int:
        """Return the row of a mind; a new one gets its field worked out."""
        known = self._numbers.get(mind)
        if known is not None:
            return known
        found = self._numbers[mind] = len(self.minds)
        self.minds.append(mind)
        row = self._outlook.of(mind)
        self._costs.add(row.beyond)
        self._narrows.add(row.narrowest)
        new = sorted(f for f in mind.facts.difference(self.topics) if f.kind in NEWS)
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
        asked_now = self.want
        width = asked_now.shape[1]
        for asked in np.flatnonzero(asked_now).tolist():
            mind, column = divmod(asked, width)
            after = self._after(mind, column)
            topics = len(self.topics)
            follows = self.number(after)
            if len(self.topics) != topics:
                break  # the columns have changed: what is still open will be asked again
            self.learn[mind, column] = follows
            self.news[mind, column] = self._bad_news(self.minds[mind], after)
        asked_now[:] = False
        self.want[:] = False

    def blocked(self, mind: int) -> list[int]:
        """Return the portals that a mind holds to be closed, seen or told."""
        facts = self.minds[mind].facts
        return sorted({f.number for f in facts if f.kind in ("closed", "told")})

    def _forget_links(self) -> None:
        width = len(self.sights) + len(self.topics) + 1
        count = len(self.minds)
        self._learn = Rows(width, np.int64, -1, count)
        self._news = Rows(width, np.int64, -1, count)
        self._want = Rows(width, np.bool_, False, count)

    def _add_links(self, mind: Mind) -> None:
        for table in (self._learn, self._news, self._want):
            table.add()
        self._knows.add(self._aware(mind))

    def _aware(self, mind: Mind) -> Flags:
        return np.array([topic in mind.facts for topic in self.topics], np.bool_)

    def _talk_about(self, news: list[Fact]) -> None:
        self.topics += news
        fresh = np.zeros((self.word.shape[0], len(news)), WORD)
        fresh["since"] = np.inf
        self.word = np.hstack([self.word, fresh])
        self._knows = Rows(len(self.topics), np.bool_)
        for mind in self.minds:
            self._knows.add(self._aware(mind))
        self._forget_links()

    def _after(self, mind: int, column: int) -> Mind:
        """Return the mind after seeing a sight, hearing of a topic, or long waiting."""
        before, topic = self.minds[mind], column - len(self.sights)
        if topic == len(self.topics):
            doubts = {Fact("doubted", p) for p in before.portals("closed")}
            return before.having(before.facts | doubts)
        if topic >= 0:
            heard = self.topics[topic]
            stale = any(f.epoch >= heard.epoch for f in before.about(heard.number))
            return before if stale else before.replaced(heard)
        sight = self.sights[column]
        after = before.having((before.facts - sight.judged) | sight.holds)
        for news in sorted(sight.news):
            after = after.replaced(news)
        return after

    def _bad_news(self, before: Mind, after: Mind) -> int:
        """Return the first portal that one mind would use and the next knows closed or smoky."""
        new = sorted(after.facts - before.facts)
        bad = [f.number >> (f.kind == "smoke") for f in new if f.kind in BAD]
        return bad[0] if bad else -1
