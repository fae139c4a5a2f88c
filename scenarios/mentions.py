"""Every name that a scenario mentions, held against the site that it runs on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from pydantic import BaseModel

from controller.interface.cards import is_pseudonym
from controller.interface.files import Finding, load, nearest
from controller.interface.holders import holders
from controller.interface.kinds import PRESSED
from controller.plan import loading
from controller.plan.dutycheck import NORMAL
from controller.plan.planfile import PlanFile
from devices.faults import check_device, check_gateway
from scenarios.events import Pattern
from scenarios.injection import spread
from scenarios.interventions import Hold, Intervention, OneWay
from scenarios.names import names_of
from scenarios.passing import Animal, Arrive, Card, Intruder
from scenarios.schema import Fall, Fault, Fire, Nuisance, Order, Portal, Press, Scenario, Smoke
from twin.site import Site

Keys = tuple[str | int, ...]


def in_scenario(scenario: Scenario, site: Site) -> Iterator[Finding]:
    """What a scenario says of periods, spaces, portals, devices and events that cannot be."""
    periods = [period.id for period in site.people.timetable]
    yield from _known(("period",), "timetable period", scenario.period, periods)
    if scenario.period in periods and not _anybody(site, scenario.period):
        yield Finding(("period",), f"nobody is on the site in period {scenario.period!r}")
    for number, happening in enumerate(scenario.happens):
        yield from _happening(("happens", number), happening, site)
    names = names_of(site)
    for keys, pattern in _patterns((), scenario):
        yield from _event(keys, pattern, names)
    for number, item in enumerate(scenario.expect):
        if item.crowding is not None:
            keys = ("expect", number, "crowding", "spaces")
            yield from _matching(keys, "space", item.crowding.spaces, tuple(site.floor.spaces))


def _anybody(site: Site, period: str) -> bool:
    return any(group.place(period) and group.count for group in site.people.groups)


def _happening(keys: Keys, item: BaseModel, site: Site) -> Iterator[Finding]:
    """The place or device that a happening names."""
    devices = site.points.devices
    match item:
        case Fire():
            yield from _known((*keys, "fire"), "space", item.fire, site.floor.spaces)
        case Smoke():
            yield from _known((*keys, "smoke"), "space", item.smoke, site.floor.spaces)
        case Nuisance():
            known = (*devices, *site.floor.spaces)
            yield from _known((*keys, "nuisance"), "detector or space", item.nuisance, known)
        case Press():
            known = tuple(d.id for d in devices.values() if d.kind in PRESSED)
            yield from _known((*keys, "press"), "call point or button", item.press, known)
        case Order():
            known = tuple(d.id for d in devices.values() if d.kind == "duty-desk")
            yield from _known((*keys, "order"), "duty desk", item.order, known)
            places = (*site.points.zones, *devices, *site.points.points, *_planned(site), "")
            text = "zone, device or output"
            yield from _known((*keys, "target"), text, item.target, places)
        case Intruder():
            yield from _known((*keys, "intruder"), "space", item.intruder, site.floor.spaces)
        case Animal():
            yield from _known((*keys, "animal"), "space", item.animal, site.floor.spaces)
        case Card():
            readers = [d.id for d in devices.values() if d.kind == "card-reader"]
            yield from _known((*keys, "card"), "card reader", item.card, readers)
            if not is_pseudonym(item.who):
                members = [one.id for one in holders(site.people)]
                yield from _known((*keys, "who"), "member of a group", item.who, members)
        case Arrive():
            ways = [d.portal for d in devices.values() if d.kind == "card-reader"]
            yield from _matching((*keys, "through"), "portal with a reader", item.through, ways)
            groups = [group.id for group in site.people.groups]
            yield from _matching((*keys, "arrive"), "group", item.arrive, groups)
        case Portal():
            yield from _known((*keys, "portal"), "portal", item.portal, site.floor.portals)
        case Fall():
            yield from _known((*keys, "fall"), "space", item.fall, site.floor.spaces)
        case Intervention():
            yield from _intervention(keys, item, site)
        case Fault():
            yield from _fault(keys, item, site)


def _intervention(keys: Keys, item: Intervention, site: Site) -> Iterator[Finding]:
    """Spaces, stairs, portals and groups that are not there; a flight that does not lead there."""
    floor = site.floor
    known: dict[str, Sequence[str]] = {
        "space": tuple(floor.spaces),
        "stair": tuple(name for name, space in floor.spaces.items() if space.is_stair),
        "portal": tuple(floor.portals),
        "exit": floor.exits,
        "group": [group.id for group in site.people.groups],
        "place": (*floor.spaces, *floor.portals),
    }
    for name in item.names():
        noun = "space or portal" if name.sort == "place" else name.sort
        look = _matching if name.glob else _known
        yield from look((*keys, name.key), noun, name.word, known[name.sort])
    match item:
        case OneWay():
            yield from _beside(keys, "toward", item.one_way, item.toward, site)
        case Hold() if item.from_ and item.hold in floor.portals:
            sides = floor.portals[item.hold].between
            yield from _known((*keys, "from"), f"side of {item.hold}", item.from_, sides)


def _beside(keys: Keys, key: str, space: str, other: str, site: Site) -> Iterator[Finding]:
    doors = (site.floor.portals[name] for name in site.floor.portals_of(space))
    ends = {end for door in doors for end in door.between} - {space}
    if ends:
        yield from _known((*keys, key), f"end of {space}", other, sorted(ends))


def _planned(site: Site) -> Iterator[str]:
    """The levels and steps of the site's plan, if it has one."""
    path = site.folder / loading.FILE
    if not path.is_file():
        return
    yield NORMAL
    for level in load(path, PlanFile).levels:
        yield level.id
        yield from (step.id for step in level.steps)


def _fault(keys: Keys, item: Fault, site: Site) -> Iterator[Finding]:
    """A device that does not exist, or that cannot fail in this way."""
    devices, gateways = site.points.devices, site.points.gateways
    known = (*devices, *gateways)
    try:
        spreading = spread(item, site.points)
    except ValueError as error:
        yield Finding((*keys, "device"), str(error))
        return
    if spreading != [item]:
        for one in spreading:
            if isinstance(one, Fault):
                yield from _fault(keys, one, site)
        return
    yield from _known((*keys, "device"), "device or gateway", item.device, known)
    params = item.parameters
    try:
        if item.device in gateways:
            check_gateway(item.device, item.fault, params)
        elif item.device in devices:
            check_device(devices[item.device], item.fault, params)
    except ValueError as error:
        yield Finding((*keys, "fault"), str(error))


def _patterns(keys: Keys, node: object) -> Iterator[tuple[Keys, Pattern]]:
    """Every event pattern below a part of the scenario, with the keys that lead to it."""
    if isinstance(node, Pattern):
        yield keys, node
    elif isinstance(node, tuple):
        for number, item in enumerate(node):
            yield from _patterns((*keys, number), item)
    elif isinstance(node, BaseModel):
        for name, field in type(node).model_fields.items():
            yield from _patterns((*keys, field.alias or name), getattr(node, name))


def _event(keys: Keys, pattern: Pattern, names: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """An event that no entity of the site can have; persons are known only once a run is built."""
    known = names.get(pattern.kind, ())
    if known:
        yield from _matching(keys, f"entity of {pattern.kind!r} events", pattern.entity, known)


def _matching(keys: Keys, noun: str, pattern: str, known: Sequence[str]) -> Iterator[Finding]:
    if not any(fnmatchcase(name, pattern) for name in known):
        yield Finding(keys, f"{pattern!r} names no {noun} of this site", nearest(pattern, known))


def _known(keys: Keys, noun: str, word: str, known: Iterable[str]) -> Iterator[Finding]:
    names = tuple(known)
    if word not in names:
        yield Finding(keys, f"no such {noun}: {word!r}", nearest(word, names))
