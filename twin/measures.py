"""Measures: what is done with people and their ways, for better or worse, by script.

Each has a time, as the verbs of the stage, and acts on the handling of the crowd (`twin.handled`),
on where people go (`evacuation.errands`) or on the mains; each leaves a record `handling`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase

from evacuation import Floor
from evacuation.errands import Errands
from evacuation.streams import shares, words
from twin.people import Roll
from twin.world import World

Defer = Callable[[int, Callable[[int], None]], None]
CALM = 1.0
"""Urgency of people who go at their usual speed."""


class Measures:
    """What a scenario may do with people; `for_ms` None is for good."""

    def __init__(
        self, world: World, errands: Errands, floor: Floor, roll: Roll, seed: int, defer: Defer
    ) -> None:
        self._world, self._errands, self._floor = world, errands, floor
        self._roll, self._seed, self._defer = roll, seed, defer
        self._handled = world.handled

    def marshal(self, now: int, spaces: str, stands: bool, for_ms: int | None) -> None:
        """Staff stand in spaces (a glob), or leave them."""
        what = ("posted", "left") if stands else ("left", "posted")
        self._for(now, for_ms, spaces, what, lambda on: self._handled.marshal(spaces, stands is on))

    def light(self, now: int, spaces: str, lux: float, for_ms: int | None) -> None:
        """Spaces (a glob) are lit so."""
        act = self._handled.light
        self._for(
            now, for_ms, spaces, ("light", "light as before"),
            lambda on: act(spaces, lux if on else None), lux=lux,
        )  # fmt: skip

    def mains(self, now: int, on: bool, night: bool) -> None:
        """The mains fails or comes back; at night there is no other light."""

        def act(t: int) -> None:
            self._world.mains = on
            self._handled.fall_night(night)
            self._world.tell(t, "mains", "returns" if on else "fails", night=night)

        self._defer(now, act)

    def handrail(self, now: int, stairs: str, has: bool) -> None:
        """A rail is in reach on stairs (a glob); on a wide one in its middle."""
        what = "handrail" if has else "no handrail"
        self._for(now, None, stairs, (what, ""), lambda on: self._handled.rail(stairs, has))

    def one_way(self, now: int, flight: str, toward: str, for_ms: int | None) -> None:
        """Nobody is to enter a flight from the space that it is to lead to."""
        ways = [
            (name, toward)
            for name in self._floor.portals_of(flight)
            if toward in self._floor.portals[name].between
        ]
        self._for(
            now, for_ms, flight, ("one-way", "both ways"),
            lambda on: self._handled.one_way(ways, on), toward=toward,
        )  # fmt: skip

    def meter(self, now: int, portal: str, per_s: float, for_ms: int | None) -> None:
        """At most so many a second are let through a portal."""
        act = self._handled.meter
        self._for(
            now, for_ms, portal, ("metered", "not metered"),
            lambda on: act(portal, per_s if on else None), per_s=per_s,
        )  # fmt: skip

    def hold(self, now: int, portal: str, start: str, for_ms: int | None) -> None:
        """Nobody is let through a portal, or nobody from one of its sides."""
        self._for(
            now, for_ms, portal, ("held", "let go"),
            lambda on: self._handled.hold(portal, on, start), start=start,
        )  # fmt: skip

    def width(self, now: int, portal: str, metres: float, for_ms: int | None) -> None:
        """A portal is so wide, clear."""
        act = self._handled.width
        self._for(
            now, for_ms, portal, ("width", "width as built"),
            lambda on: act(portal, metres if on else None), metres=metres,
        )  # fmt: skip

    def obstruct(self, now: int, place: str, takes_m: float, for_ms: int | None) -> None:
        """Something lies in a space or a portal and takes so much of its width."""
        is_portal = place in self._floor.portals
        act = self._handled.width if is_portal else self._handled.narrow
        left = round(max(self._wide_m(place) - takes_m, 0.0), 3)
        self._for(
            now, for_ms, place, ("obstructed", "clear"),
            lambda on: act(place, left if on else None), metres=left,
        )  # fmt: skip

    def announce(self, now: int, spaces: str, stop: bool, for_ms: int | None) -> None:
        """People in spaces (a glob) are told to stop and step back: calm, who knows of a fall
        waits.
        """

        def act(on: bool) -> None:
            self._handled.tell(spaces, on)
            if on:
                self._handled.hurry(spaces, CALM)

        self._for(now, for_ms, spaces, ("told to stop", "told no more"), act)

    def urge(self, now: int, spaces: str, urgency: float, for_ms: int | None) -> None:
        """People in spaces (a glob) want to go so many times as fast as usual."""
        self._for(
            now, for_ms, spaces, ("urgency", "urgency as usual"),
            lambda on: self._handled.hurry(spaces, urgency if on else CALM), urgency=urgency,
        )  # fmt: skip

    def errand(
        self, now: int, groups: str, to: str, share: float, over_ms: int, stays_ms: int
    ) -> None:
        """A share of groups (a glob) sets out over a time to a space, stays, and comes back."""

        def act(t: int) -> None:
            who = self._some(groups, share, f"errand {to}", "")
            lots = shares(words(self._seed, f"errand at {now}", who))[:, 1]
            self._world.tell(t, to, "errand", people=len(who))
            for person, lot in zip(who, lots.tolist(), strict=True):
                self._errands.send([person], to, float(stays_ms), t + lot * over_ms)

        self._defer(now, act)

    def prefer(self, now: int, groups: str, portal: str, share: float) -> None:
        """A share of groups (a glob) leaves by one exit, as long as it is not known closed."""

        def act(t: int) -> None:
            who = self._some(groups, share, f"prefer {portal}", "*")
            self._world.tell(t, portal, "preferred", people=len(who))
            self._errands.prefer(who, [portal])

        self._defer(now, act)

    def _some(self, groups: str, share: float, why: str, leaders: str) -> list[str]:
        """A share of the members of groups, by lot; without ``leaders`` those who lead stay."""
        who = [
            person.id
            for person in self._roll.people
            if fnmatchcase(person.group, groups) and (leaders or not person.leads)
        ]
        lots = shares(words(self._seed, why, who))[:, 0].tolist() if who else []
        return [name for name, lot in zip(who, lots, strict=True) if lot < share]

    def _wide_m(self, place: str) -> float:
        """The clear width of a portal or a space; without one, that of its widest portal."""
        if place in self._floor.portals:
            return self._floor.portals[place].width_m
        doors = self._floor.portals_of(place)
        widest = max((self._floor.portals[name].width_m for name in doors), default=0.0)
        return self._floor.spaces[place].width_m or widest

    def _for(
        self, now: int, for_ms: int | None, place: str, what: Sequence[str],
        act: Callable[[bool], None], **data: object,
    ) -> None:  # fmt: skip
        """Do something at a time, and undo it when it is over."""

        def change(t: int, on: bool) -> None:
            act(on)
            self._world.tell(t, place, what[0] if on else what[1], **(data if on else {}))

        self._defer(now, lambda t: change(t, True))
        if for_ms is not None:
            self._defer(now + for_ms, lambda t: change(t, False))
