"""Section `access` of plan.yaml: areas and their doors, who may pass when, passes, blocked cards.

Nobody is named: people are members of the groups of people.yaml (`c1-1.p07`), cards are hashes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Annotated, Literal

from pydantic import Field, model_validator

from controller.interface.cards import is_pseudonym
from controller.interface.files import Entry, Finding, nearest
from controller.interface.holders import Holder
from controller.interface.people import Name, PeopleFile, TimeOfDay
from controller.interface.points import PointList

Keys = tuple[str | int, ...]


class AreaEntry(Entry):
    """Where people are after they have passed; its doors are the portals with a card reader.

    `anti_passback`: `hard` refuses whoever is inside already, `soft` lets him in and notes it.
    After `forget_min` minutes a read counts no longer.
    """

    id: Name
    portals: tuple[str, ...] = Field(min_length=1)
    anti_passback: Literal["hard", "soft", "off"] = "off"
    forget_min: float = Field(default=720, gt=0, le=10_080)


class WhoEntry(Entry):
    """Whoever fits every list that is given."""

    kinds: tuple[Literal["class", "staff", "visitors"], ...] = ()
    groups: tuple[str, ...] = ()
    grades: tuple[int, ...] = ()
    roles: tuple[str, ...] = ()
    members: tuple[str, ...] = ()

    def fits(self, one: Holder) -> bool:
        """Whether a holder is meant."""
        asked = (
            (self.kinds, one.kind), (self.groups, one.group), (self.grades, one.grade),
            (self.roles, one.role), (self.members, one.id),
        )  # fmt: skip
        return all(not wanted or has in wanted for wanted, has in asked)


class HoursEntry(Entry):
    """A time of the day: `from` and `to` (over midnight too), or periods of the timetable."""

    from_: TimeOfDay | None = Field(default=None, alias="from")
    to: TimeOfDay | None = None
    periods: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one_form(self) -> HoursEntry:
        if (self.from_ is None) != (self.to is None):
            raise ValueError("`from` and `to` go together")
        if self.from_ is not None and self.periods:
            raise ValueError("give either `from` and `to`, or `periods`")
        return self


class RightEntry(HoursEntry):
    """Who may pass which portals, at all hours unless it says which; `lockdown`: then too."""

    id: Name
    who: WhoEntry = WhoEntry()
    portals: tuple[str, ...] = Field(min_length=1)
    lockdown: bool = False


class PassEntry(HoursEntry):
    """A visitor's pass: for a group of kind visitors or a member of it; `host` answers for it."""

    who: str
    portals: tuple[str, ...] = Field(min_length=1)
    host: str


class CardEntry(Entry):
    """A card beside the one that every member has: its hash, and whose it is."""

    card: Annotated[str, Field(pattern=r"^p-[0-9a-f]{20}$")]
    member: str


class AccessEntry(Entry):
    """Section `access`."""

    areas: tuple[AreaEntry, ...] = Field(min_length=1)
    rights: tuple[RightEntry, ...] = ()
    passes: tuple[PassEntry, ...] = ()
    blocked: tuple[str, ...] = ()
    cards: tuple[CardEntry, ...] = ()
    list_every_s: float = Field(default=60, ge=5, le=3_600)

    def findings(self, points: PointList, people: PeopleFile) -> Iterator[Finding]:
        """What leads nowhere, within the section; keys begin at the section."""
        readers = [d for d in points.devices.values() if d.kind == "card-reader"]
        portals = list(dict.fromkeys(d.portal for d in readers if d.portal))
        for device in readers:
            if not device.portal and device.settings.get("side") != "muster":
                yield Finding(("areas",), f"{device.id} in points.yaml needs a portal to open")
        yield from self._areas(portals)
        periods = [one.id for one in people.timetable]
        groups = {one.id: one.kind for one in people.groups}
        for number, right in enumerate(self.rights):
            keys: Keys = ("rights", number)
            yield from _globs((*keys, "portals"), right.portals, portals)
            yield from strays((*keys, "periods"), "timetable period", right.periods, periods)
            yield from strays((*keys, "who", "groups"), "group", right.who.groups, groups)
            if "visitors" in right.who.kinds:
                yield Finding((*keys, "who", "kinds"), "visitors need a pass, see `passes`")
        for number, one in enumerate(self.passes):
            keys = ("passes", number)
            yield from _globs((*keys, "portals"), one.portals, portals)
            yield from strays((*keys, "periods"), "timetable period", one.periods, periods)
            group = one.who.rpartition(".")[0] if one.who not in groups else one.who
            yield from strays((*keys, "who"), "group", (group,), groups)
            yield from strays((*keys, "host"), "group", (one.host,), groups)
            if groups.get(group, "visitors") != "visitors":
                yield Finding((*keys, "who"), f"{group} are no visitors: write a right")
        for number, name in enumerate(self.blocked):
            if not is_pseudonym(name) and name.rpartition(".")[0] not in groups:
                text = f"neither a card's hash nor a member: {name!r}"
                yield Finding(("blocked", number), text, nearest(name, groups))

    def _areas(self, portals: list[str]) -> Iterator[Finding]:
        of: dict[str, str] = {}
        for number, area in enumerate(self.areas):
            keys: Keys = ("areas", number, "portals")
            yield from _globs(keys, area.portals, portals)
            for portal in matched(area.portals, portals):
                if portal in of:
                    yield Finding(keys, f"{portal} is already a door of {of[portal]}")
                of.setdefault(portal, area.id)


def matched(globs: Iterable[str], known: Iterable[str]) -> list[str]:
    """The names that any of the globs fits, in their own order."""
    patterns = tuple(globs)
    return [name for name in known if any(fnmatchcase(name, glob) for glob in patterns)]


def _globs(keys: Keys, globs: Iterable[str], portals: list[str]) -> Iterator[Finding]:
    for number, glob in enumerate(globs):
        if not matched((glob,), portals):
            yield Finding((*keys, number), f"no portal with a card reader: {glob!r}",
                          nearest(glob, portals))  # fmt: skip


def strays(keys: Keys, noun: str, names: Iterable[str], known: Iterable[str]) -> Iterator[Finding]:
    """Names that lead nowhere."""
    there = list(known)
    for name in names:
        if name not in there:
            yield Finding(keys, f"no such {noun}: {name!r}", nearest(name, there))
