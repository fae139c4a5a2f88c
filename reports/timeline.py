"""What happened, in order: rows for the swim lanes and rows for the table of key events.

Five lanes: hazard, detection, controller, devices, people. Times are the journals' (ms).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from reports.causes import Causes, Chain, device_of
from reports.dossier import Dossier
from reports.journals import Record
from reports.tables import egress

LANES = ("hazard", "detection", "controller", "devices", "people")
SINGLE = 6  # detectors up to this number have a row each, more share one per kind
EFFECTS = 4  # a cause with more effects is told with this many
LISTED = 40  # key events up to this number are listed


@dataclass(frozen=True, slots=True)
class LaneRow:
    """One row of a lane: what it shows and the instants (ms, sorted) at which it happened."""

    lane: str
    label: str
    times_ms: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """One key event in plain words."""

    t_ms: int
    lane: str
    say: str


def lane_rows(dossier: Dossier) -> list[LaneRow]:
    """All rows of the swim lanes that hold anything, lane by lane."""
    makers = (_hazard_rows, _detection_rows, _controller_rows, _device_rows, _people_rows)
    return [
        LaneRow(lane, label, tuple(sorted(times)))
        for lane, make in zip(LANES, makers, strict=True)
        for label, times in make(dossier).items()
        if times
    ]


def key_events(dossier: Dossier) -> list[Event]:
    """The first of each thing that happened and the milestones of the people, in order."""
    name = dossier.building.name_of
    events = [
        *_firsts(dossier.of("hazard", "ignition"), "hazard", lambda r: f"Fire in {name(r['e'])}"),
        *_firsts(
            dossier.of("hazard", "smoke", "aerosol"), "hazard", lambda r: f"Smoke in {name(r['e'])}"
        ),
        *_firsts(dossier.of("press"), "hazard", lambda r: f"Call point {r['e']} pressed"),
        *_firsts(dossier.of("fault"), "hazard", _fault_words),
        *_firsts(dossier.of("broker"), "hazard", lambda r: f"Message broker: {r['what']}"),
        *_firsts(dossier.of("sense"), "detection", lambda r: f"{r['e']} senses {r['what']}"),
        *_firsts(dossier.of("alarm", "prealarm", "alarm", "fault"), "controller", _alarm_words),
        *_firsts(dossier.of("alarm", "confirmed", "reset"), "controller", _alarm_words),
        *_causes(dossier),
        *_firsts(dossier.of("comms"), "controller", lambda r: f"{r['e']}: {r['what']}"),
        *_firsts(dossier.of("feedback", "missing"), "controller", _unanswered),
        *_first_actions(dossier),
        *_milestones(dossier),
    ]
    return sorted(events, key=lambda event: (event.t_ms, LANES.index(event.lane), event.say))


def causal_chain(dossier: Dossier, causes: Causes, command: str) -> list[tuple[int | None, str]]:
    """How one warning came about, record by record: (ms or None where missing, in words)."""
    chain = causes.chain(command)
    return list(_links(dossier, chain))


def _links(dossier: Dossier, chain: Chain) -> Iterator[tuple[int | None, str]]:
    device, output = chain.device or "the sensor", chain.output
    yield chain.sense_ms, f"{device} ({dossier.kind_of(device)}) senses it"
    cause, _, effect = chain.rule.partition(">")
    why = dossier.words.get(cause, cause)
    what = dossier.words.get(effect, effect)
    yield chain.input_ms, f"the controller knows; the cause is complete: {why}"
    yield chain.command_ms, f"the controller commands {chain.command}: {what}"
    yield chain.receive_ms, f"{output} ({dossier.kind_of(output)}) receives the command"
    yield chain.actuate_ms, f"{output} acts"


def _hazard_rows(dossier: Dossier) -> dict[str, list[int]]:
    return {
        "ignition": _times(dossier.of("hazard", "ignition")),
        "smoke reaches a space": _times(dossier.of("hazard", "smoke", "aerosol")),
        "call point pressed": _times(dossier.of("press")),
        "fault begins": _times(dossier.of("fault", "begin")),
        "fault ends": _times(dossier.of("fault", "end")),
        "broker stops or starts": _times(dossier.of("broker")),
    }


def _detection_rows(dossier: Dossier) -> dict[str, list[int]]:
    senses = [r for r in dossier.of("sense") if r.get("what") != "normal"]
    if len({record["e"] for record in senses}) <= SINGLE:
        return _grouped(senses, lambda r: str(r["e"]))
    return _grouped(senses, lambda r: f"{dossier.kind_of(r['e'])}s")


def _controller_rows(dossier: Dossier) -> dict[str, list[int]]:
    alarms = _grouped(dossier.of("alarm"), lambda r: str(r["what"]))
    return {
        **alarms,
        "decisions": _times(dossier.of("decision", "on")),
        "commands": _times(dossier.of("command")),
        "bus trouble": _times(dossier.of("comms", "timeout", "late", "lost", "refused")),
        "feedback missing": _times(dossier.of("feedback", "missing")),
    }


def _device_rows(dossier: Dossier) -> dict[str, list[int]]:
    return _grouped(dossier.of("actuate"), lambda r: f"{dossier.kind_of(r['e'])}s act")


def _people_rows(dossier: Dossier) -> dict[str, list[int]]:
    curves = egress(dossier)
    return {
        "notice": list(curves.noticed_ms),
        "set off": list(curves.started_ms),
        "out": list(curves.out_ms),
        "cannot get out": _times(dossier.of("person", "stranded", "incapacitated")),
        **_grouped(dossier.of("callout"), lambda r: f"{r['e']} on duty"),
    }


def _times(records: Iterable[Record]) -> list[int]:
    return [int(record["t"]) for record in records]


def _grouped(records: Iterable[Record], key: Callable[[Record], str]) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = {}
    for record in records:
        groups.setdefault(key(record), []).append(int(record["t"]))
    return groups


def _firsts(
    records: Sequence[Record], lane: str, words: Callable[[Record], str]
) -> Iterator[Event]:
    """The first record of each sentence; what is told of many is told once, with the number."""
    told: dict[str, int] = {}
    for record in records:
        told.setdefault(words(record), int(record["t"]))
    if len(told) <= LISTED // len(LANES):
        yield from (Event(t, lane, say) for say, t in told.items())
        return
    kind = records[0]["k"]
    first, last = next(iter(told.items())), list(told.items())[-1]
    yield Event(first[1], lane, f"{first[0]} (first of {len(told)} `{kind}` events)")
    yield Event(last[1], lane, f"{last[0]} (last of {len(told)} `{kind}` events)")


def _first_actions(dossier: Dossier) -> Iterator[Event]:
    kinds: dict[str, list[Record]] = {}
    for record in dossier.of("actuate"):
        kinds.setdefault(dossier.kind_of(record["e"]), []).append(record)
    for kind, records in kinds.items():
        first, last, devices = records[0], records[-1], len({r["e"] for r in records})
        yield Event(first["t"], "devices", f"First {kind} acts: {first['e']}")
        if devices > 1:
            yield Event(last["t"], "devices", f"Last of {devices} {kind}s acts")


def _milestones(dossier: Dossier) -> Iterator[Event]:
    curves = egress(dossier)
    for instants, first, last in (
        (curves.noticed_ms, "First person notices", "Last person notices"),
        (curves.started_ms, "First person sets off", "Last person sets off"),
        (curves.out_ms, "First person is out", f"Last of {len(curves.out_ms):,} people is out"),
    ):
        if instants:
            yield Event(instants[0], "people", first)
            yield Event(instants[-1], "people", last)
    if curves.out_ms:
        middle = curves.out_ms[len(curves.out_ms) // 2]
        yield Event(middle, "people", "Half of them are out")


def _causes(dossier: Dossier) -> Iterator[Event]:
    """One event per cause and instant: which effects it has."""
    groups: dict[tuple[int, str], list[str]] = {}
    for record in dossier.of("decision", "on"):
        effect = str(record.get("effect"))
        key = int(record["t"]), str(record.get("cause"))
        groups.setdefault(key, []).append(dossier.words.get(effect, effect))
    for (t_ms, cause), effects in groups.items():
        shown = "; ".join(effects[:EFFECTS]) + ("; ..." if len(effects) > EFFECTS else "")
        say = f"{dossier.words.get(cause, cause)}: {shown}"
        yield Event(t_ms, "controller", say)


def _alarm_words(record: Record) -> str:
    return f"{str(record['what']).capitalize()} of {record['e']}"


def _fault_words(record: Record) -> str:
    fault = record.get("fault", "fault")
    return f"{record['e']}: fault `{fault}` {'begins' if record['what'] == 'begin' else 'ends'}"


def _unanswered(record: Record) -> str:
    return f"{device_of(record['e'])} did not confirm its command"
