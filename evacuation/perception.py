"""Translates the conditions of the building into what people in each space feel, see and hear."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np

from evacuation.conditions import Conditions, Cue, Handling
from evacuation.engine.arrays import VIEW, Flags, Net, Seen
from evacuation.floor import Floor
from evacuation.knowledge import Knowledge
from evacuation.laws import Laws
from evacuation.mind import Fact, Sight
from evacuation.plan import nearest
from evacuation.smoke.visibility import smoke_law

NOTICED_PER_M = 0.1
"""Smoke of this extinction in one's own space is an alarm by itself."""
DENSE_PER_M = 1.0
"""Visibility 3 m to things that reflect light (Jin: V = 3 / K): a portal into it is avoided."""
CLEARED_PER_M = 0.8
"""Below this a space no longer counts as dense; the gap keeps people from dithering."""
IN_THE_DARK = ((0.1, 1.0), (0.5, 1.0))
"""Speed in the dark by speed in the light, over lux: half without a guide (recalled, as
``dark_speed`` of the zone), all of it under an emergency light of 1 lx; who has a marshal in his
space has a lamp."""

RELIEVE = "relieve"
"""Kind of cue that tells those who stand at a post to leave; it alarms nobody."""


class Perception:
    """Keeps the engine's view of the building in step with the conditions it is given."""

    def __init__(self, floor: Floor, net: Net, knowledge: Knowledge, laws: Laws) -> None:
        self._floor, self._knowledge, self._smoke_law = floor, knowledge, smoke_law(laws.smoke)
        self._send, self._recv = net.line["send"], net.line["recv"]
        self._spaces = {space: k for k, space in enumerate(floor.spaces)}
        self._portals = {portal: k for k, portal in enumerate(floor.portals)}
        self._now = Conditions()
        self._dense = np.zeros(len(floor.spaces), np.bool_)
        self._ever: set[Fact] = set()
        self._epoch = np.zeros(len(floor.portals), np.int64)
        self._open_way: Flags | None = None
        self._said: Mapping[str, tuple[str, ...]] = {}
        self.cues: tuple[Cue, ...] = ()
        self.seen = self._blank(len(floor.spaces), len(floor.portals))

    def update(self, new: Conditions) -> None:
        """Take in new conditions; ValueError for spaces and portals that do not exist."""
        old = self._now
        changed = new.closed != old.closed
        if changed:
            self._close(new.closed)
        now, before = new.handling, old.handling
        guided = (now.light_lx, now.marshals) == (before.light_lx, before.marshals)
        if new.extinction_per_m != old.extinction_per_m or not guided:
            changed |= self._smoke(new.extinction_per_m, now)
        changed |= now.one_way != before.one_way
        changed |= new.barred != old.barred or new.toward != old.toward
        if new.cues != old.cues:
            changed |= any(cue.closed for cue in (*new.cues, *old.cues))
            self._sound(new.cues)
        self._now = Conditions(
            new.closed, dict(new.extinction_per_m), dict(new.barred), dict(new.toward), new.cues,
            handling=now,
        )  # fmt: skip
        if changed:
            self._look()

    def say(self, toward: Mapping[str, tuple[str, ...]]) -> bool:
        """Let marshals point: space -> portals, for as long as it is said so; whether it is new."""
        if toward == self._said:
            return False
        self._said = dict(toward)
        self._look()
        return True

    @property
    def dense(self) -> Flags:
        """Which spaces are full of dense smoke."""
        return self._dense

    def relieved(self, space: str) -> bool:
        """Whether a cue in a space tells those on duty there to leave."""
        return any(cue.kind == RELIEVE and space in cue.spaces for cue in self.cues)

    def renew(self) -> None:
        """Point the engine at the knowledge as it is now."""
        known = self._knowledge
        self.seen = self.seen._replace(
            learn=known.learn,
            want=known.want,
            news=known.news,
            knows=known.knows,
            word=known.word,
            beyond=known.beyond,
            weight=known.weight,
        )

    @property
    def open_way(self) -> Flags:
        """Whether each space has a way out through portals that are open now, known or not."""
        if self._open_way is None:
            routes = self._knowledge.routes
            price = np.where(np.repeat(self.seen.closed, 2), np.inf, routes.barred(0.0))
            free = np.isfinite(routes.field(routes.exits, price).beyond)
            self._open_way = np.zeros(len(self._floor.spaces), np.bool_)
            self._open_way[self._send[free]] = True
        return self._open_way

    def space(self, name: str) -> int:
        """Return the number of a space; ValueError with the nearest name if there is none."""
        return _number(name, self._spaces, "space")

    def portal(self, name: str) -> int:
        """Return the number of a portal; ValueError with the nearest name if there is none."""
        return _number(name, self._portals, "portal")

    def _blank(self, spaces: int, portals: int) -> Seen:
        known = self._knowledge
        room = np.zeros(spaces, VIEW)
        room["smoke"], room["cue"], room["least"] = 1.0, -1, self._smoke_law.least_m_s
        return Seen(
            closed=np.zeros(portals, np.bool_),
            room=room,
            learn=known.learn,
            want=known.want,
            news=known.news,
            knows=known.knows,
            word=known.word,
            beyond=known.beyond,
            weight=known.weight,
            heads=np.zeros((2 * portals, 2)),
        )

    def _close(self, closed: Iterable[str]) -> None:
        numbers = [self.portal(name) for name in sorted(closed)]
        before = self.seen.closed.copy()
        self.seen.closed[:] = False
        self.seen.closed[numbers] = True
        self._epoch += before != self.seen.closed
        self._open_way = None

    def _smoke(self, extinction: Mapping[str, float], handling: Handling) -> bool:
        """Set speeds in smoke and dark; tell whether any space became dense or cleared."""
        per_m = np.zeros(len(self._spaces))
        per_m[[self.space(name) for name in extinction]] = list(extinction.values())
        self.seen.room["smoke"], self.seen.room["loss"] = self._smoke_law.terms(per_m)
        for name, lux in handling.light_lx.items():
            if name not in handling.marshals:
                self.seen.room["smoke"][self.space(name)] *= np.interp(lux, *IN_THE_DARK)
        self.seen.room["smoky"] = per_m > NOTICED_PER_M
        dense = per_m > np.where(self._dense, CLEARED_PER_M, DENSE_PER_M)
        changed = bool(np.any(dense != self._dense))
        self._dense = dense
        return changed

    def _sound(self, cues: tuple[Cue, ...]) -> None:
        self.cues = cues
        self.seen.room["cue"][:] = -1
        for k in range(len(cues) - 1, -1, -1):
            if cues[k].kind == RELIEVE:
                continue
            self.seen.room["cue"][[self.space(s) for s in cues[k].spaces]] = k

    def _look(self) -> None:
        """Work out what each space shows, and number the different sights."""
        holds, news = self._facts(), self._news()
        for facts in holds.values():
            self._ever |= facts
        judged = self._judged()
        sights = {Sight(): 0}
        self.seen.room["sight"][:] = 0
        for s in sorted({*holds, *judged, *news}):
            judges, held = frozenset(judged.get(s, ())), frozenset(holds.get(s, ()))
            sight = Sight(judges, held, frozenset(news.get(s, ())))
            self.seen.room["sight"][s] = sights.setdefault(sight, len(sights))
        self._knowledge.show(list(sights))
        self.renew()

    def _facts(self) -> dict[int, set[Fact]]:
        """Return the facts that people in each space can take in now."""
        now = self._now
        found: defaultdict[int, set[Fact]] = defaultdict(set)
        for c in np.flatnonzero(self._dense[self._recv]).tolist():
            found[int(self._send[c])].add(Fact("smoke", c))
        for name, start in now.handling.one_way:
            s = self.space(start)
            c = 2 * self.portal(name) + int(self._send[2 * self.portal(name)] != s)
            found[s].add(Fact("one-way", c))
        for cue in now.cues:
            for name in cue.spaces:
                found[self.space(name)] |= {Fact("told", self.portal(p)) for p in cue.closed}
        for name, portals in now.barred.items():
            found[self.space(name)] |= {Fact("told", self.portal(p)) for p in portals}
        for pointed in (now.toward, self._said):
            for name, portals in pointed.items():
                found[self.space(name)] |= self._signed(name, portals)
        return found

    def _signed(self, space: str, portals: Iterable[str]) -> set[Fact]:
        facts = set()
        for name in portals:
            facts.add(Fact("sign", self._towards(space, name)))
            if name in self._floor.exits:
                facts.add(Fact("exit", self.portal(name)))
        return {f for f in facts if f.number >= 0}

    def _towards(self, space: str, portal: str) -> int:
        """Return the crossing out of a space that leads to a portal, its own or one further on."""
        s, p = self.space(space), self.portal(portal)
        own = self._floor.portals_of(space)
        if portal not in own:
            import networkx as nx

            ends = self._floor.portals[portal].between
            ways = [
                nx.shortest_path(self._floor.graph, space, end)
                for end in ends
                if nx.has_path(self._floor.graph, space, end)
            ]
            if not ways:
                return -1
            after = min(ways, key=len)[1]
            p = self.portal(next(q for q in own if after in self._floor.portals[q].between))
        return 2 * p if self._send[2 * p] == s else 2 * p + 1

    def _news(self) -> dict[int, set[Fact]]:
        """Return what people on both sides see of the portals that are or were closed."""
        found: defaultdict[int, set[Fact]] = defaultdict(set)
        for p in np.flatnonzero(self._epoch).tolist():
            kind = "closed" if self.seen.closed[p] else "opened"
            for s in (self._send[2 * p], self._recv[2 * p]):
                found[int(s)].add(Fact(kind, p, int(self._epoch[p])))
        return found

    def _judged(self) -> dict[int, set[Fact]]:
        """Return the facts of old that people in each space can see to hold or not."""
        found: defaultdict[int, set[Fact]] = defaultdict(set)
        for fact in self._ever:
            if fact.kind in ("smoke", "sign", "one-way"):
                found[int(self._send[fact.number])].add(fact)
        for pointed in (self._now.toward, self._said):
            for name, portals in pointed.items():
                found[self.space(name)] |= {Fact("told", self.portal(p)) for p in portals}
        for p in np.flatnonzero(self._epoch).tolist():
            for s in (self._send[2 * p], self._recv[2 * p]):
                found[int(s)].add(Fact("doubted", p))
        return found


def _number(name: str, known: Mapping[str, int], what: str) -> int:
    found = known.get(name)
    if found is None:
        close = nearest(name, list(known))
        hint = f" (nearest: {close})" if close else ""
        raise ValueError(f"conditions name {name}, which is no {what}{hint}")
    return found
