"""Falls and crush in a crowd: looked at every half second, acted on where somebody falls or pushes.

One of those who direct single persons in a crowd (``evacuation.direction``). Calm people cost one
look at all who are on their way; all else is done only where it is needed.
"""

import numpy as np

from evacuation.conditions import CALM, Handling
from evacuation.crush.gates import Gates
from evacuation.crush.ground import Ground
from evacuation.crush.harm import LEVELS, Harm, kinds, masses
from evacuation.crush.lying import Lying
from evacuation.crush.measures import Measures, Peak
from evacuation.crush.parameters import Falls
from evacuation.crush.press import Press
from evacuation.crush.risk import Outcome
from evacuation.crush.word import Word
from evacuation.engine.arrays import Flags, Floats, Longs
from evacuation.engine.danger import FELL, PILE, PRESSED, Danger, fit, survey
from evacuation.moves import Fall
from evacuation.scene import Scene
from evacuation.streams import shares, words

LOOK_STEPS, CALM_STEPS = 5, 20
"""Half a second between two looks where people lie or push, else two."""
MOST_FALLS = 4_096


class Crush:
    """Crowding, load, falls, piles and doses of a crowd; ``news`` are taken off by the crowd."""

    def __init__(self, scene: Scene, gates: Gates, falls: Falls, seed: int) -> None:
        self._scene, self._gates, self.falls = scene, gates, falls
        net, crowd, people = scene.net, scene.crowd, scene.population
        spaces, bodies = list(scene.floor.spaces.values()), np.array(people.bodies or (0.113,))
        self.ground = Ground(spaces, net, falls)
        self.ground.capacity = gates.built
        pile = np.zeros(net.room.size, PILE)
        pile["edge"], pile["crossing"] = -1.0, -1
        few = min(len(people.ids), MOST_FALLS) + 1
        table, felt = kinds(bodies, falls.zone), np.zeros(0)
        fell, left, busy = np.zeros(few, np.int32), np.zeros(few), np.zeros(len(crowd.meta))
        meta = np.zeros(2, np.int64)
        self._danger = Danger(
            self.ground.spot, pile, table, falls.risk(), fell, left, felt, meta, busy
        )
        kind = scene.folk.who["kind"]
        self._mass = masses(bodies)[0][kind]
        self._area = bodies[kind]
        lots = shares(words(seed, "resistance", people.ids))
        self.harm = Harm(self._mass, lots[:, 0], falls)
        self.press = Press(net, crowd, self.ground, falls)
        self.word = Word(net, self.ground, falls)
        self.lying = Lying(scene, falls, self.ground, self.harm, self._mass, seed)
        self.measures = Measures(net, crowd, self.ground)
        self.news: list[Fall] = []
        self._last: float | None = None
        self._given: Handling | None = None
        self._hot: set[int] = set()
        rooms = people.offsets["rooms"]
        self._part = np.zeros(net.room.size, np.int64)
        self._part[net.rooms] = np.repeat(np.arange(len(rooms) - 1), np.diff(rooms))
        self.handle(CALM)

    def handle(self, told: Handling) -> None:
        """Take in light, hurry and staff."""
        if told is self._given:
            return
        self._given = told
        number = self._scene.perception.space
        self.ground.handle(number, told)
        self.word.post([number(name) for name in sorted(told.marshals)])
        self.word.told[:] = False
        self.word.told[[number(name) for name in sorted(told.told)]] = True
        self._staff()

    def _staff(self) -> None:
        self.lying.staffed = frozenset(np.flatnonzero(self.word.marshals).tolist())

    @property
    def is_busy(self) -> bool:
        """Whether people lie who may get up or be helped."""
        return bool(self.lying.piles)

    def outcome(self, people: int) -> Outcome:
        """Return what the crowd has shown until now, of whom so many fell."""
        seen, harm = self.measures, self.harm
        falls, secondary, _, unconscious, lethal = seen.total().tolist()
        return Outcome(
            float(seen.rho.max()), float(seen.load.max()), float(harm.most.max(initial=0.0)),
            float(seen.broken.sum()), falls, secondary, people, unconscious, lethal,
            self.dose_sum, seen.cascades,
        )  # fmt: skip

    @property
    def dose_sum(self) -> float:
        """Doses of force that everybody came to, together, nobody counted above 1."""
        return float(np.minimum(self.harm.dose, 1.0).sum())

    def peaks(self) -> tuple[Peak, ...]:
        """Return the worst of every space until now, in the order of the floor."""
        adult = self.falls.zone.body_ref
        return tuple(self.measures.peak(s, adult) for s in range(len(self._scene.spaces)))

    def moments(self) -> tuple[dict[str, float], ...]:
        """Return when each measure first warned in every space, s, in the order of the floor."""
        return tuple(self.measures.moments(s) for s in range(len(self._scene.spaces)))

    def trip(self, space: int, t: float, bends_s: float = 0.0) -> str:
        """Let the one fall who is nearest to the way out of a space, walking, or bend down for so
        long; '' if nobody is. Who bends is no fall, but in the way: others may fall over him.
        """
        found = self.lying.foremost(space)
        if found is None:
            return ""
        i, left = found
        if bends_s > 0.0:
            self.lying.fall(i, left, t, bends_s)
            self.bend(i, t, bends_s)
        else:
            self._fall(i, left, "forced", t)
        return self._scene.population.ids[i]

    def act(self, t: float) -> int:
        """Look, let those fall who do, and see to the places where people lie or push."""
        since, self._last = self._last, t
        if since is None or t <= since:
            return CALM_STEPS
        seconds = (t - since) / 1000.0
        danger = self._danger
        survey(self._scene.hubs(), danger, seconds, t)
        zoned = self.measures.zoned[0][self._scene.net.cell["room"]]
        if self.word.sweep(np.maximum(self.ground.spot["rho"], zoned)):
            self._staff()
        for k in np.argsort(danger.fell[: danger.meta[FELL]], kind="stable").tolist():
            self._fall(int(danger.fell[k]), float(danger.left[k]), "", t)
        if danger.meta[PRESSED] or self._hot or self.lying.piles or self.ground.hurried.size:
            self._tend(seconds, t)
        if danger.felt.size:
            self._suffer(seconds, t)
        self.measures.look(seconds, self.press.load, self.lying.counts(), t)
        self._scene.drain()
        return LOOK_STEPS if self._hot or self.lying.piles else CALM_STEPS

    def _fall(self, i: int, left: float, cause: str, t: float) -> None:
        s = self._scene.space(i)
        q = int(self._scene.crowd.who["cell"][i])
        rho = float(self.ground.spot["rho"][q])
        cause = cause or ("tripped" if s in self.lying.piles else "misstep")
        self.lying.fall(i, left, t)
        self.fell(i, cause, rho, t)

    def fell(self, i: int, cause: str, rho: float, t: float) -> None:
        """Book a fall, at so many adults per m2."""
        s, name = self._scene.space(i), self._scene.population.ids[i]
        self.measures.fell(s, cause, t)
        self.news.append(Fall(name, self._scene.spaces[s], round(t), "fall", cause, round(rho, 2)))

    def bend(self, i: int, t: float, seconds: float) -> None:
        """Tell that somebody bends down."""
        self._tell(i, "bend", t, seconds)

    def rose(self, i: int, t: float) -> None:
        """Tell that somebody stands again."""
        self._tell(i, "up", t, float(self.harm.dose[i]))

    def bear(self, who: Longs, before: Floats, dose: Floats, most: Floats, t: float) -> None:
        """Book the doses and the greatest forces of those whom a zone moves."""
        harm = self.harm
        harm.dose[who] = dose
        harm.most[who] = np.maximum(harm.most[who], most)
        for level in LEVELS:
            for i in who[(before < level) & (dose >= level)].tolist():
                self._hurt(i, level, t)

    def has_piles(self, spaces: Longs) -> bool:
        """Tell whether anybody lies in one of some spaces whom the graph holds."""
        return any(s in self.lying.piles for s in spaces.tolist())

    def give_up(self, spaces: Longs, fit: Flags) -> list[int]:
        """Hand over those who lie in some spaces, of those who are fit for it."""
        found: list[int] = []
        for s in spaces.tolist():
            pile = self.lying.piles.get(s)
            if pile is not None:
                found += [i for i in pile.members if fit[i]]
                self.lying.let_go(pile, [i for i in pile.members if not fit[i]])
                self._hot.add(s)
        return found

    def _tend(self, seconds: float, t: float) -> None:
        """See to piles, word of them, and crowds that push."""
        net, lying = self._scene.net, self.lying
        if not self._danger.felt.size:
            self._danger = self._danger._replace(felt=self.harm.felt)
        for i in lying.rise(seconds, t, self.ground.spot, self.press.told):
            self.rose(i, t)
        self.press.watch(seconds)
        told = np.zeros(net.cell.size)
        ways = np.ones(net.line.size)
        for pile in lying.piles.values():
            cell = int(net.line[pile.crossing]["goal"])
            takes = lying.takes(pile, self.word, cell)
            share = self.word.share(takes, (t - pile.begun) / 1000.0)
            told = np.maximum(told, share)
            nearer = takes[net.line["into"]] < takes[net.line["goal"]]
            ways = np.minimum(ways, np.where(nearer, 1.0 - share[net.line["goal"]], 1.0))
        self.press.told = self.ground.spot["told"][:] = told
        hot = {*self.ground.hurried.tolist(), *lying.piles, *self._pressed()}
        self._bear(sorted(hot | self._hot), seconds)
        self._shape(sorted(hot | self._hot), ways, t)
        self._hot = {s for s in hot | self._hot if self._closer(s)} | set(lying.piles)

    def _pressed(self) -> list[int]:
        tight = self.ground.spot["rho"] > self._danger.risk[0]["pressed"]
        return [int(s) for s in np.unique(self._scene.net.cell["room"][tight])]

    def _closer(self, s: int) -> bool:
        return bool(self.press.close[self.ground.cells(s)].max() > 1.0)

    def _body(self, s: int) -> tuple[float, float]:
        """Return the mean body area (m2) and mass (kg) of those on their way in a space."""
        cells = self.ground.spot[self.ground.cells(s)]
        count = float(cells["ahead"].sum() + cells["back"].sum())
        area = float(cells["adults"].sum()) * self.falls.zone.body_ref / count if count else 0.113
        return area, float(masses(np.array([area]))[0][0])

    def _bear(self, spaces: list[int], seconds: float) -> None:
        """Let crowds close up or ease, and add up their loads."""
        room = self._scene.net.cell["room"]
        at = np.isin(room, spaces)
        self.press.load[:] = 0.0
        self.ground.spot["force"][:] = 0.0
        self.press.out[~np.isin(self._scene.net.line["send"], spaces)] = 0.0
        if not at.any():
            return
        for s in spaces:
            area, mass = self._body(s)
            self.press.close_up(s, area, seconds)
            for c in self.lying.queues(s):
                pile = self.lying.piles.get(s)
                on = pile is not None and pile.crossing == c
                edge = pile.edge_m(self.falls) if pile is not None and on else 0.0
                self.press.bear(s, c, edge, mass, area)

    def _shape(self, spaces: list[int], ways: Floats, t: float) -> None:
        """Make the engine's floor that which those who lie and push leave."""
        net, ground, pile = self._scene.net, self.ground, self._danger.pile
        left = ways[0::2] * 1.0
        left = np.minimum(left, ways[1::2])
        for s in spaces:
            lies = self.lying.piles.get(s)
            pile[s]["edge"], pile[s]["closed"] = -1.0, False
            free = np.ones(net.room[s]["cells"])
            if lies is not None:
                flow = self.lying.flow(lies, ground.spot)
                pile[s]["edge"], pile[s]["crossing"] = lies.edge_m(self.falls), lies.crossing
                pile[s]["closed"] = flow == 0.0
                left[lies.crossing >> 1] *= flow if flow > 0.0 else 1.0
                free = self.lying.free(lies, flow == 0.0)
            self._fit(s, free)
            for c in self.lying.queues(s):
                goal = int(net.line[c]["goal"])
                phi = float(ground.spot[goal]["rho"]) * self.falls.zone.body_ref
                left[c >> 1] *= self.press.capacity_left(c, phi, float(ground.urgency[s]))
                net.line["per_load"][c] = ground.per_load[c] / self.press.close[goal]
        self._gates.narrow(left)

    def _fit(self, s: int, free: Floats) -> None:
        """Give a space's cells the room that is left; safe ground has places without limit."""
        ground, close = self.ground, self.press.close
        if self._scene.net.room[s]["safe"]:
            return
        hub = self._scene.hubs()[int(self._part[s])]
        for k, q in enumerate(range(*ground.cells(s).indices(close.size))):
            area = float(ground.area[q]) * max(float(free[k]), 0.01)
            room = float(free[k]) * float(close[q])
            places = max(1, round(float(ground.places[q]) * room))
            fit(hub, q, area, places, max(1, round(float(ground.packed[q]) * room)))
            ground.spot[q]["free"] = area

    def _suffer(self, seconds: float, t: float) -> None:
        """Book forces on everybody; tell of the levels of dose that they came to."""
        self.lying.weigh(self.ground.spot)
        for level, who in self.harm.take(seconds):
            for i in who.tolist():
                self._hurt(i, level, t)
        self.harm.felt[:] = 0.0

    def _hurt(self, i: int, level: float, t: float) -> None:
        self.measures.hurt(self._scene.space(i), level)
        self._tell(i, "dose", t, level)

    def _tell(self, i: int, what: str, t: float, value: float) -> None:
        where = self._scene.spaces[self._scene.space(i)]
        name = self._scene.population.ids[i]
        self.news.append(Fall(name, where, round(t), what, "", round(value, 3)))
