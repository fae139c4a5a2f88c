"""The access section compiled: every reader with its door, every card with what it may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from controller.access.entry import AccessEntry, HoursEntry, matched
from controller.access.hours import Window, timetable, windows
from controller.interface.cards import is_pseudonym, pseudonym
from controller.interface.holders import Holder, holders
from controller.interface.people import PeopleFile
from controller.interface.points import PointList, Value

OUT, IN, MUSTER = "out", "in", "muster"

_OPENS: Mapping[str, tuple[str, Value]] = {
    "door-lock": (".release", True), "turnstile": (".free", True),
}  # fmt: skip
"""By kind: the output that opens it for everybody, past its readers."""

_UNREAD: Mapping[str, tuple[str, ...]] = {
    "door-lock": ("forced", "held-open"), "turnstile": ("tailgate",),
}  # fmt: skip
"""By kind: inputs that say that somebody may have come in without a card."""


@dataclass(frozen=True, slots=True)
class Door:
    """A card reader and its door. `area` is where its side `in` leads, "" if nowhere of the plan.

    `opens`: outputs that open the door for everybody, `wires`: inputs that say that the fire relay
    has. `unread`: inputs that tell of people who pass without a card; `counts`: points that count
    people out, () where nobody counts them.
    """

    reader: str
    side: str
    portal: str
    area: str
    verdict: str
    opens: tuple[tuple[str, Value], ...]
    wires: tuple[str, ...]
    unread: tuple[str, ...]
    counts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """See `AreaEntry`."""

    id: str
    anti_passback: str
    forget_ms: int


@dataclass(frozen=True, slots=True)
class Right:
    """Portals that may be passed in these hours (none: always), in a lockdown too or not."""

    id: str
    portals: frozenset[str]
    hours: tuple[Window, ...]
    lockdown: bool


@dataclass(frozen=True, slots=True)
class AccessPlan:
    """Doors by reader, areas by id, holders and their rights by card, cards that are blocked.

    `key` makes the hashes of numbers and members.
    """

    doors: Mapping[str, Door]
    areas: Mapping[str, Area]
    holders: Mapping[str, Holder]
    rights: Mapping[str, tuple[Right, ...]]
    blocked: frozenset[str]
    list_every_ms: int
    key: bytes = field(repr=False)


def compile_access(
    entry: AccessEntry, points: PointList, people: PeopleFile, key: bytes
) -> AccessPlan:
    """The section of a checked file; `key` makes the hashes of the members' own cards."""
    by_member = {one.id: one for one in holders(people)}
    cards = {pseudonym(key, name): one for name, one in by_member.items()}
    cards |= {one.card: by_member[one.member] for one in entry.cards if one.member in by_member}
    doors = _doors(entry, points)
    portals = list(dict.fromkeys(door.portal for door in doors.values()))
    periods = timetable(people)
    granted = [(r.who.fits, _right(r.id, r, r.lockdown, portals, periods)) for r in entry.rights]
    passes = [(p.who, _right(f"pass {p.who}", p, False, portals, periods)) for p in entry.passes]
    rights = {}
    for card, one in cards.items():
        if one.kind == "visitors":
            rights[card] = tuple(r for who, r in passes if who in (one.id, one.group))
        else:
            rights[card] = tuple(r for fits, r in granted if fits(one))
    blocked = {name if is_pseudonym(name) else pseudonym(key, name) for name in entry.blocked}
    areas = {a.id: Area(a.id, a.anti_passback, round(a.forget_min * 60_000)) for a in entry.areas}
    every_ms = round(entry.list_every_s * 1000)
    return AccessPlan(doors, areas, cards, rights, frozenset(blocked), every_ms, key)


def _right(
    name: str,
    entry: HoursEntry,
    lockdown: bool,
    portals: list[str],
    periods: Mapping[str, Window],
) -> Right:
    hours = windows(entry.from_, entry.to, entry.periods, periods)
    globs: tuple[str, ...] = getattr(entry, "portals", ())
    return Right(name, frozenset(matched(globs, portals)), hours, lockdown)


def _doors(entry: AccessEntry, points: PointList) -> dict[str, Door]:
    readers = [d for d in points.devices.values() if d.kind == "card-reader"]
    portals = [d.portal for d in readers]
    area_of = {portal: a.id for a in entry.areas for portal in matched(a.portals, portals)}
    doors = {}
    for reader in readers:
        there = [d for d in points.devices.values() if d.portal == reader.portal != ""]
        bound = {f"{d.id}.{p.name}": d.kind for d in there for p in d.points}
        opens = (_OPENS[d.kind] for d in there if d.kind in _OPENS)
        doors[reader.id] = Door(
            reader=reader.id,
            side=str(reader.settings.get("side", IN)),
            portal=reader.portal,
            area=area_of.get(reader.portal, ""),
            verdict=f"{reader.id}.verdict",
            opens=tuple(
                (point, value) for name, value in opens for point in bound if point.endswith(name)
            ),
            wires=tuple(point for point in bound if point.endswith(".fire-input")),
            unread=tuple(
                point
                for point, kind in bound.items()
                if point.partition(".")[2] in _UNREAD.get(kind, ())
            ),
            counts=tuple(point for point in bound if point.endswith(".passes-a")),
        )
    return doors
