"""The crowd as those see it who direct single persons in it: stop, send, let through, note."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from evacuation.engine import orders
from evacuation.engine.arrays import (
    LOOK,
    QUEUE,
    WALK,
    Crowded,
    Floats,
    Folk,
    Log,
    Longs,
    Net,
    Seen,
)
from evacuation.engine.hub import Hub, Hubs
from evacuation.floor import Floor
from evacuation.knowledge import Knowledge
from evacuation.mind import Mind
from evacuation.moves import Duty
from evacuation.perception import Perception
from evacuation.population import Population

TICK_STEPS = 10
"""Those who direct others look once a second."""


@dataclass(slots=True)
class Scene:
    """What is needed to direct people; ``notes`` are taken off by the crowd, ``hub`` gives the
    addresses of the arrays for a person, ``hubs`` those of all parts, ``drain`` reads the log.
    """

    floor: Floor
    net: Net
    population: Population
    knowledge: Knowledge
    perception: Perception
    log: Log
    notes: list[Duty]
    spaces: tuple[str, ...]
    hub: Callable[[int], Hub]
    hubs: Callable[[], Hubs]
    drain: Callable[[], None]

    @property
    def crowd(self) -> Crowded:
        """The engine's arrays of what changes."""
        return self.population.crowd

    @property
    def folk(self) -> Folk:
        """The engine's arrays of persons."""
        return self.population.folk

    @property
    def seen(self) -> Seen:
        """The building as people see it."""
        return self.perception.seen

    def rows(self, persons: tuple[str, ...]) -> list[int]:
        """Return the rows of some persons."""
        return [self.population.number[one] for one in persons]

    def is_moving(self, i: int) -> bool:
        """Tell whether a person walks or queues."""
        return bool(self.crowd.state[i] in (WALK, QUEUE))

    def has_way(self, i: int) -> bool:
        """Tell whether a person heads for a portal."""
        return bool(self.crowd.who["target"][i] >= 0)

    def space(self, i: int) -> int:
        """Return the space a person is in."""
        return int(self.crowd.space[i])

    def mind(self, i: int) -> Mind:
        """Return what a person knows."""
        return self.knowledge.minds[int(self.crowd.who["mind"][i])]

    def known(self, mind: Mind) -> int:
        """Return the number of a mind, which the engine then knows as well."""
        number = self.knowledge.number(mind)
        self.perception.renew()
        return number

    def think(self, i: int, mind: Mind) -> None:
        """Give a person a mind, and let him choose again."""
        self.crowd.who["mind"][i] = self.known(mind)
        orders.rethink(self.hub(i), i)

    def rest_m(self, rows: Longs) -> Floats:
        """Return the metres that people have left to where they go; infinite without a way."""
        who = self.crowd.who[rows]
        behind = self.seen.beyond[who["mind"], who["target"]]
        return np.where(who["target"] >= 0, who["left"] + behind, np.inf)

    def station(self, i: int, state: int, t: float) -> None:
        """Stop a person where he is."""
        orders.station(self._free_hub(i), i, state, t)

    def set_off(self, i: int, t: float) -> None:
        """Let a stopped person go on."""
        orders.set_off(self._free_hub(i), i, t)

    def usher(self, i: int, t: float) -> None:
        """Let a person through the portal at which he queues."""
        orders.usher(self._free_hub(i), i, t)

    def bring(self, i: int, other: int) -> None:
        """Put a stopped person beside another."""
        orders.bring(self.hub(i), i, other)

    def seat(self, i: int, cell: int, x: float, y: float) -> None:
        """Put a stopped person at a place of his space."""
        orders.seat(self.hub(i), i, cell, x, y)

    def send_out(self, i: int, t: float) -> int:
        """Let a person tell all in his space to go; return how many he told."""
        self.drain()
        return int(orders.send_out(self.hub(i), i, t))

    def say(self, toward: Mapping[str, tuple[str, ...]]) -> None:
        """Let marshals point: space -> portals."""
        if self.perception.say(toward):
            self.crowd.meta[:, LOOK] = 1

    def _free_hub(self, i: int) -> Hub:
        """Return the hub, with room in the log."""
        if self.log.length[0] > self.log.rows.size // 2:
            self.drain()
        return self.hub(i)

    def note(self, i: int, what: str, t: float, space: int | None = None) -> None:
        """Write down what somebody did."""
        where = self.spaces[self.space(i) if space is None else space]
        self.notes.append((self.population.ids[i], what, where, round(t)))
