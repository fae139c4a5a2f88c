"""Who may pass a door with a card reader, decided card by card, and where everybody was read last.

A reader on the way out is never refused anything: no rule, no blocked card, no anti-passback and
no lockdown keeps anybody inside. What opens doors in a fire is the matrix and the hard-wired
relay; access only sees that they stand open. It commands nothing but the verdict of a reader.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from controller.access.compiled import IN, MUSTER, OUT, AccessPlan, Area, Door
from controller.access.hours import is_open
from controller.interface.cards import is_pseudonym


@dataclass(frozen=True, slots=True)
class Situation:
    """What access must know of the rest: time of day, lockdown, portals that stand open for all,
    and portals that let nobody in for some other reason.
    """

    day_ms: int
    lockdown: bool = False
    released: frozenset[str] = frozenset()
    closed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Passage:
    """What was decided about one card at one reader.

    `what`: granted, refused, released (the door stands open for all), left, mustered, handed-in.
    `why`: the right that grants, or the reason. `card` is "" for what is no card's hash.
    """

    reader: str
    what: str
    why: str
    card: str

    @property
    def opens(self) -> bool:
        """Whether the reader is to open."""
        return self.what in ("granted", "released", "left")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a card was read last, of an area: it went in or out, by which reader, when."""

    inside: bool
    reader: str
    t_ms: int


class Access:
    """Decides, and remembers the last reader of every card for every area."""

    def __init__(self, plan: AccessPlan) -> None:
        self.plan = plan
        self.places: dict[str, dict[str, Place]] = {area: {} for area in plan.areas}
        self.blocked: dict[str, bool] = {}

    def decide(self, reader: str, card: object, now: int, how: Situation) -> Passage:
        """A card asks to pass; it is taken to have passed where it is let."""
        door = self.plan.doors[reader]
        if not isinstance(card, str) or not is_pseudonym(card):
            what = "left" if door.side == OUT else "refused"
            return Passage(reader, what, "unreadable", "")
        if door.side == MUSTER:
            return Passage(reader, "mustered", "", card)
        if door.side == OUT:
            why = self._leaves(door, card)
            self._read(door, card, False, now)
            return Passage(reader, "left", why, card)
        what, why = self._enters(door, card, now, how)
        if what != "refused":
            self._read(door, card, True, now)
        return Passage(reader, what, why, card)

    def hand_in(self, reader: str, card: object, t_ms: int) -> Passage:
        """A reader says whom it has let through by itself at `t_ms`; a later read counts more."""
        door = self.plan.doors[reader]
        if not isinstance(card, str) or not is_pseudonym(card):
            return Passage(reader, "handed-in", "unreadable", "")
        if door.side != MUSTER:
            place = self.places.get(door.area, {}).get(card)
            if place is None or place.t_ms <= t_ms:
                self._read(door, card, door.side == IN, t_ms)
        why = "" if card in self.plan.holders else "unknown"
        return Passage(reader, "handed-in", why, card)

    def block(self, card: str, blocked: bool) -> None:
        """A card is blocked from now on, or no longer, whatever the plan says."""
        self.blocked[card] = blocked

    def inside(self, now: int) -> dict[str, Place]:
        """Every card that was read into any area and not out of it again, by its last reader."""
        found: dict[str, Place] = {}
        for area, places in self.places.items():
            limit_ms = self.plan.areas[area].forget_ms
            for card, place in places.items():
                if place.inside and now - place.t_ms < limit_ms:
                    other = found.get(card)
                    if other is None or other.t_ms < place.t_ms:
                        found[card] = place
        return found

    def capture(self) -> dict[str, Any]:
        """Last readers and blocked cards, as plain values."""
        places = {
            area: {c: [p.inside, p.reader, p.t_ms] for c, p in read.items()}
            for area, read in self.places.items()
        }
        return {"places": places, "blocked": dict(self.blocked)}

    def restore(self, plain: Mapping[str, Any], move: Callable[[int], int]) -> None:
        """Take back what was captured; an area that the plan no longer has is left out."""
        for area in self.places:
            read = plain["places"].get(area, {})
            self.places[area] = {c: Place(i, r, move(t)) for c, (i, r, t) in read.items()}
        self.blocked = dict(plain["blocked"])

    def _enters(self, door: Door, card: str, now: int, how: Situation) -> tuple[str, str]:
        """Released, granted by which right, or refused and why."""
        if door.portal in how.released:
            return "released", ""
        if card not in self.plan.holders:
            return "refused", "unknown"
        if self.blocked.get(card, card in self.plan.blocked):
            return "refused", "blocked"
        rights = [right for right in self.plan.rights[card] if door.portal in right.portals]
        if not rights:
            return "refused", "no-right"
        rights = [right for right in rights if is_open(right.hours, how.day_ms)]
        if not rights:
            return "refused", "not-now"
        if how.lockdown:
            rights = [right for right in rights if right.lockdown]
        if not rights:
            return "refused", "lockdown"
        if door.portal in how.closed:
            return "refused", how.closed[door.portal]
        area = self.plan.areas.get(door.area)
        if area is not None and self._is_in(area, card, now):
            if area.anti_passback == "hard":
                return "refused", "passback"
            if area.anti_passback == "soft":
                return "granted", f"{rights[0].id}, passback"
        return "granted", rights[0].id

    def _leaves(self, door: Door, card: str) -> str:
        """What is odd about somebody who leaves; he leaves all the same."""
        if card not in self.plan.holders:
            return "unknown"
        place = self.places.get(door.area, {}).get(card)
        return "" if place is not None and place.inside else "not-read-in"

    def _is_in(self, area: Area, card: str, now: int) -> bool:
        place = self.places[area.id].get(card)
        return place is not None and place.inside and now - place.t_ms < area.forget_ms

    def _read(self, door: Door, card: str, inside: bool, now: int) -> None:
        if door.area:
            self.places[door.area][card] = Place(inside, door.reader, now)
