"""The verbs of a script: what can be made to happen on a campus, each with its time.

A verb with a time to come waits in the simulated clock; one with the present time happens at
once. Unknown names are a ValueError that says the nearest known one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from controller.interface.files import nearest
from controller.interface.kinds import PRESSED
from controller.interface.points import PointList, Value
from devices.bank import Bank
from evacuation.smoke.table import SmokeTable
from twin.cards import Cards
from twin.doors import SCRIPT
from twin.fire import CO_YIELD, GROWTH_KW_S2, HCN_YIELD, SOOT_YIELD, Fire
from twin.intruder import PACE_M_S, Intruders
from twin.measures import Measures
from twin.plan import Point
from twin.world import World

NUISANCE_PER_M = 1.0
"""Aerosol that alarms any smoke detector (63 %/m obscured; assumed: steam from a shower)."""

TRY_AGAIN_MS = 1_000
"""So often somebody is looked for who may fall by script."""

Defer = Callable[[int, Callable[[int], None]], None]


class Stage:
    """What a scenario may do to the world; `defer(at, act)` runs `act(at)` when time comes.

    `measures` are what is done with people and their ways.
    """

    def __init__(
        self, world: World, bank: Bank, points: PointList, defer: Defer, cards: Cards,
        measures: Measures, intruders: Intruders,
    ) -> None:  # fmt: skip
        self._world, self._bank, self._defer, self._cards = world, bank, defer, cards
        self._intruders = intruders
        self._devices = points.devices
        self.measures = measures

    def fire(
        self,
        now: int,
        place: str,
        growth: str = "medium",
        peak_kw: float = 1000.0,
        soot_yield: float = SOOT_YIELD,
        co_yield: float = CO_YIELD,
        hcn_yield: float = HCN_YIELD,
        burns_s: float | None = None,
    ) -> None:
        """A t-squared fire starts in a space; `burns_s` (optional) is when it begins to decay."""
        _check("space", place, self._world.plan.spaces)
        _check("fire growth", growth, GROWTH_KW_S2)
        if not (peak_kw > 0 and all(0 <= x < 1 for x in (soot_yield, co_yield, hcn_yield))):
            raise ValueError(
                f"a fire needs a peak above 0 kW and yields from 0 to 1, not {peak_kw:g} kW, "
                f"soot {soot_yield:g}, CO {co_yield:g}, HCN {hcn_yield:g}"
            )
        alpha = GROWTH_KW_S2[growth]
        fire = Fire(
            place, alpha, peak_kw, now, soot_yield, co_yield, burns_s, hcn_yield=hcn_yield
        )  # fmt: skip
        self._defer(now, lambda _: self._world.hazards.ignite(fire))

    def smoke(self, now: int, place: str, extinction_per_m: float) -> None:
        """A space fills with cold smoke at once, 1/m."""
        _check("space", place, self._world.plan.spaces)
        self._defer(now, lambda t: self._world.hazards.fill(t, place, extinction_per_m))

    def smoke_from(self, now: int, table: SmokeTable) -> None:
        """Smoke that others computed begins: the truth in the spaces that its table names."""
        for place in table.spaces:
            _check("space", place, self._world.plan.spaces)
        self._defer(now, lambda t: self._world.hazards.follow(t, table))

    def cook(
        self, now: int, device: str, for_ms: int, extinction_per_m: float = NUISANCE_PER_M
    ) -> None:
        """Steam at a detector (or in a space): a false alarm that spreads nowhere."""
        known = (*self._devices, *self._world.plan.spaces)
        _check("detector or space", device, known)
        place = self._devices[device].at if device in self._devices else device
        self._defer(now, lambda t: self._world.hazards.cook(t, place, extinction_per_m, for_ms))

    def press(self, now: int, device: str) -> None:
        """Somebody presses a call point, a panic button, an exit button at a door."""
        points = [d.id for d in self._devices.values() if d.kind in PRESSED]
        _check("call point or button", device, points)
        self._defer(now, lambda t: self._bank.press(t, device))

    def card(self, now: int, reader: str, who: str) -> None:
        """Somebody (a member of a group, or a card's hash) shows a card at a reader."""
        readers = [d.id for d in self._devices.values() if d.kind == "card-reader"]
        _check("card reader", reader, readers)
        self._cards.show(now, reader, who)

    def arrive(
        self, now: int, groups: str, through: str, over_ms: int, unread: float, earlier: bool
    ) -> None:
        """People of some groups come in with their cards; see `Cards.arrive`."""
        self._defer(now, lambda t: self._cards.arrive(t, groups, through, over_ms, unread, earlier))

    def wind(self, now: int, speed_m_s: float, for_ms: int) -> None:
        """Wind of this speed, m/s, for a time; then none."""
        self._defer(now, partial(self._blow, speed_m_s))
        self._defer(now + for_ms, partial(self._blow, 0.0))

    def intruder(
        self, now: int, place: str, for_ms: int, path: Sequence[Point] = (),
        speed_m_s: float = PACE_M_S,
    ) -> None:  # fmt: skip
        """Somebody who has no business there is in a space for a time, or goes along a path."""
        _check("space", place, self._world.plan.spaces)
        name = self._intruders.name()
        self._defer(now, lambda t: self._intruders.come(t, name, place, path, speed_m_s))
        self._defer(now + for_ms, lambda t: self._intruders.leave(t, name))

    def animal(self, now: int, place: str, for_ms: int) -> None:
        """A cat, a fox or a bird is in a space for a time."""
        _check("space", place, self._world.plan.spaces)

        def come(at: int, by: int) -> None:
            self._world.animals[place] += by
            self._world.note(at, place, "animal" if by > 0 else "no animal")

        self._defer(now, partial(come, by=1))
        self._defer(now + for_ms, partial(come, by=-1))

    def _blow(self, speed_m_s: float, at: int) -> None:
        self._world.wind_m_s = speed_m_s
        self._world.note(at, "wind", f"{speed_m_s:g} m/s")

    def fault(
        self, now: int, target: str, fault: str, for_ms: int | None = None, **params: Value
    ) -> None:
        """A device or gateway fails, for a time or for good (None)."""
        self._defer(now, lambda t: self._bank.fault(t, target, fault, **params))
        if for_ms is not None:
            self.clear(now + for_ms, target, fault)

    def clear(self, now: int, target: str, fault: str) -> None:
        """A fault ends."""
        self._defer(now, lambda t: self._bank.clear(t, target, fault))

    def portal(self, now: int, portal: str, state: str) -> None:
        """Somebody opens, closes, locks or blocks a portal by hand; devices cannot undo it."""
        _check("portal", portal, self._world.plan.portals)
        _check("portal state", state, SCRIPT)
        self._defer(now, lambda _: self._world.portal(portal, state, "script"))

    def call(self, now: int, spaces: Sequence[str]) -> None:
        """Classes in some spaces are called to go: the bell, or their teacher."""
        for space in spaces:
            _check("space", space, self._world.plan.spaces)
        self._defer(now, lambda _: self._world.call(spaces))

    def fall(self, now: int, space: str, bends_ms: int = 0) -> None:
        """Somebody on his way falls on the last steps of a space (a lost shoe), or bends down there
        for a time; who comes next does if nobody is there.
        """
        _check("space", space, self._world.plan.spaces)
        self._defer(now, lambda t: self._trip(t, space, bends_ms))

    def _trip(self, now: int, space: str, bends_ms: int) -> None:
        if not self._world.trip(space, bends_ms / 1000):
            self._defer(now + TRY_AGAIN_MS, lambda t: self._trip(t, space, bends_ms))


def _check(noun: str, word: str, known: Iterable[str]) -> None:
    names = list(known)
    if word in names:
        return
    hint = nearest(word, names)
    tail = f"; did you mean {hint!r}?" if hint else ""
    raise ValueError(f"no such {noun}: {word!r}{tail}")
