"""Who lies where: piles grow, block the way, weigh on those below, and come apart again."""

import numpy as np

from evacuation.crush.ground import BOUNDARY_M, Ground
from evacuation.crush.harm import LEVELS, Harm
from evacuation.crush.parameters import Falls
from evacuation.crush.pile import Pile
from evacuation.crush.word import Word
from evacuation.engine.arrays import FALLEN, QUEUE, WALK, Floats, Longs, Records
from evacuation.scene import Scene
from evacuation.streams import shares, words

FORCED_M = 1.0
"""A fall by script happens so far before the way out of a space: on the last steps."""
IN_ROOM_M = 1.0
"""A pile in a room bars its door if it begins no farther from it."""


class Lying:
    """The piles by space, one in each at most: who falls there later adds to it."""

    def __init__(
        self, scene: Scene, falls: Falls, ground: Ground, harm: Harm, mass: Floats, seed: int
    ) -> None:
        self._scene, self._falls, self._ground = scene, falls, ground
        self._harm, self._mass, self._seed = harm, mass, seed
        self.piles: dict[int, Pile] = {}
        self.staffed: frozenset[int] = frozenset()
        self._rises: dict[int, float] = {}
        self._times: dict[int, int] = {}
        self._takes: dict[int, tuple[float, Floats]] = {}

    def queues(self, s: int) -> list[int]:
        """Return the crossings out of a space at which somebody queues or towards which he lies."""
        net, line = self._scene.net, self._scene.crowd.line
        room = net.room[s]
        pile = self.piles.get(s)
        lies = -1 if pile is None else pile.crossing
        own = net.leaving[room["low"] : room["high"]].tolist()
        return [c for c in own if line[c]["queued"] > 0 or c == lies or self._ground.changed(c)]

    def counts(self) -> list[tuple[int, int]]:
        """Return (space, how many lie there)."""
        return [(s, len(pile.members)) for s, pile in self.piles.items()]

    def fall(self, i: int, left_m: float, t: float, rises_s: float = 0.0) -> None:
        """Let a person fall where he is, towards where he was going; with ``rises_s`` he only bends
        down, and needs so long with room to get up.
        """
        scene, falls, zone = self._scene, self._falls, self._falls.zone
        s, c = scene.space(i), int(scene.crowd.who["target"][i])
        scene.station(i, FALLEN, t)
        pile = self.piles.get(s)
        if pile is None:
            helped = falls.staff_help_s if s in self.staffed else zone.helpers_s
            _, lanes = self._ground.lanes(s, self._ground.door_m(c))
            pile = self.piles[s] = Pile(s, c, left_m, lanes, t, t + 1000.0 * helped)
        pile.members.append(i)
        count = self._times[i] = self._times.get(i, 0) + 1
        name = f"{scene.population.ids[i]}/{count}"
        lots = shares(words(self._seed, "fall", [name]))[0]
        self._rises[i] = rises_s or float(-np.log1p(-lots[0])) * zone.rise_s
        scene.crowd.trail["bears"][i] = -np.log1p(-lots[1])

    def rise(self, seconds: float, t: float, spot: Records, told: Floats) -> list[int]:
        """Let those get up who can, and helpers take off who is on top; return who stands again.

        It is twice as fast with staff beside them, and slower on top of others, as steps are.
        """
        stands = []
        for s, pile in list(self.piles.items()):
            q = self._cell(pile)
            calm = told[q] > 0.0 and spot[q]["force"] < 100.0
            if spot[q]["rho"] < self._falls.zone.step_density or calm:
                for k in range(len(pile.members) - 1, -1, -1):
                    i = pile.members[k]
                    if pile.above(k, self._falls) == 0 and self._is_able(i):
                        eases = self._falls.zone.steps_over if k >= pile.lanes else 1.0
                        self._rises[i] -= seconds * eases * (2.0 if s in self.staffed else 1.0)
                stands += [i for i in pile.members if self._rises[i] <= 0.0]
                pile.members = [i for i in pile.members if self._rises[i] > 0.0]
            if pile.members and t >= pile.helped:
                pile.helped = t + 1000.0 * self._falls.zone.rescue_s
                top = pile.members.pop()
                stands += [top] if self._is_able(top) else []
            self.let_go(pile, pile.members)
        for i in stands:
            self._scene.set_off(i, t)
        return stands

    def let_go(self, pile: Pile, members: list[int]) -> None:
        """Let only these lie in a pile; without any there is none."""
        pile.members = members
        if not members:
            del self.piles[pile.space]
            self._takes.pop(pile.space, None)

    def _is_able(self, i: int) -> bool:
        return bool(self._harm.dose[i] < LEVELS[0])

    def _cell(self, pile: Pile) -> int:
        """Return the cell in which those stand who come to a pile."""
        net, c = self._scene.net, pile.crossing
        goal, cells = int(net.line[c]["goal"]), self._ground.cells(pile.space)
        n = int(pile.edge_m(self._falls) / self._ground.cell_m(pile.space))
        ahead = 2 * (goal - cells.start) >= cells.stop - cells.start
        return int(max(goal - n, cells.start) if ahead else min(goal + n, cells.stop - 1))

    def takes(self, pile: Pile, word: Word, cell: int) -> Floats:
        """Return how many seconds word of a pile takes to each cell, worked out once."""
        known = self._takes.get(pile.space)
        if known is None or known[0] != pile.begun:
            known = self._takes[pile.space] = (pile.begun, word.seconds(cell))
        return known[1]

    def flow(self, pile: Pile, spot: Records) -> float:
        """Return the share of the flow that gets past a pile; in a room only at its door."""
        s = pile.space
        if not self._ground.long[s] and pile.low_m > IN_ROOM_M:
            return 1.0
        wide, _ = self._ground.lanes(s, self._ground.door_m(pile.crossing))
        boundary = BOUNDARY_M if self._ground.long[s] else 0.0
        return pile.blocks(wide, boundary, float(spot[self._cell(pile)]["rho"]), self._falls)

    def free(self, pile: Pile, closed: bool) -> Floats:
        """Return the share of each cell of the pile's space that is left to who stands: what lies
        below a pile that nobody gets past is of no use to those behind it.
        """
        s, falls = pile.space, self._falls
        cells, size = self._ground.cells(s), self._ground.cell_m(s)
        goal = int(self._scene.net.line[pile.crossing]["goal"])
        free = np.ones(cells.stop - cells.start)
        low, edge = pile.low_m - falls.body_m / 2.0, pile.edge_m(falls)
        abreast = min(len(pile.members), pile.lanes) * falls.lane / float(self._ground.wide[s])
        for k in range(free.size):
            near = abs(cells.start + k - goal) * size
            over = max(min(near + size, edge) - max(near, 0.0 if closed else low), 0.0) / size
            free[k] = max(1.0 - over * (1.0 if closed else min(abreast, 1.0)), 0.0)
        return free

    def weigh(self, spot: Records) -> None:
        """Put on those who lie the greater of the weight on them and, near the edge, the crowd."""
        felt = self._harm.felt
        for pile in self.piles.values():
            mean = float(self._mass[pile.members].mean())
            crowd = float(spot[self._cell(pile)]["force"])
            for k, i in enumerate(pile.members):
                weight = pile.weight_n(k, mean, self._falls)
                felt[i] = max(weight, crowd if pile.above(k, self._falls) <= 1 else 0.0)

    def foremost(self, s: int) -> tuple[int, float] | None:
        """Return who is nearest to the last steps of a space, on his way, and his metres left."""
        crowd = self._scene.crowd
        here = np.flatnonzero((crowd.space == s) & np.isin(crowd.state, (WALK, QUEUE)))
        here = here[crowd.who["target"][here] >= 0]
        if not here.size:
            return None
        left = np.minimum(crowd.who["left"][here], self._queued_m(here))
        k = int(np.argmin(np.abs(left - FORCED_M)))
        return int(here[k]), float(left[k])

    def _queued_m(self, who: Longs) -> Floats:
        """Return how far before their portals people queue, infinite for those who walk."""
        crowd, net = self._scene.crowd, self._scene.net
        found = np.full(who.size, np.inf)
        for k, i in enumerate(who.tolist()):
            if crowd.state[i] != QUEUE:
                continue
            c, load, j = int(crowd.who["target"][i]), 0, int(crowd.trail["before"][i])
            while j >= 0:
                load += int(self._scene.folk.who["size"][j])
                j = int(crowd.trail["before"][j])
            per = float(net.line[c]["per_load"])
            found[k] = np.sqrt(load * per) if net.line[c]["in_room"] else load * per
        return found
