"""From a command back to what was sensed and forward to what moved: one chain of records.

person(out).cause = command id -> `command` -> its rule's `decision` (a call of the release plan:
the start of that plan, for the input that it names as its reason) -> the `input` of the device
that completed it -> that device's `sense` (a call point: `press`); and the command's `receive`
and `actuate` at its own device. Each link is looked up in its own record, never guessed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from reports.dossier import Dossier
from reports.journals import Record

QUIET = "normal"  # a `sense` record of this state raises nothing
RELEASE = "release"  # the rule of whatever the release plan commands
MEASURING = ("camera",)  # kinds whose samples carry the time of measuring instead of a `sense`


@dataclass(frozen=True, slots=True)
class Chain:
    """The instants (ms) of one command's way; None where the record is missing, then named."""

    command: str
    rule: str = ""
    device: str = ""  # whose input completed the cause
    output: str = ""  # the device commanded
    sense_ms: int | None = None
    input_ms: int | None = None
    command_ms: int | None = None
    receive_ms: int | None = None
    actuate_ms: int | None = None
    missing: tuple[str, ...] = ()


def device_of(point: str) -> str:
    """The device of a point id `<device>.<point>`."""
    return point.partition(".")[0]


@dataclass(slots=True)
class Times:
    """Records of one kind for one entity, for "the last one at or before"."""

    at: list[int] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)

    def add(self, record: Record) -> None:
        """Append the next record in time."""
        self.at.append(record["t"])
        self.records.append(record)

    def last_until(self, t_ms: int) -> Record | None:
        """The last record at or before `t_ms`."""
        place = bisect_right(self.at, t_ms)
        return self.records[place - 1] if place else None


class Causes:
    """Follows causes through both journals of a run; each command is followed once."""

    def __init__(self, dossier: Dossier) -> None:
        self._dossier = dossier
        self._commands = {str(r["id"]): r for r in dossier.of("command")}
        self._receives = _first_by(dossier.of("receive"), "id")
        self._actuates = _first_by(dossier.of("actuate"), "cause")
        self._decisions = _by_entity(dossier.of("decision", "on"))
        self._starts = _by_entity(dossier.of("release", "start"))
        self._by_cause: dict[str, list[Record]] = {}
        for decision in dossier.of("decision", "on"):
            self._by_cause.setdefault(str(decision.get("cause")), []).append(decision)
        self._inputs = _by_device(dossier.of("input"))
        self._comms = _by_entity(dossier.of("comms", "lost", "timeout"))
        self._senses = _by_entity(r for r in dossier.of("sense") if r.get("what") != QUIET)
        self._presses = _by_entity(dossier.of("press"))
        self._faults = _by_entity(dossier.of("fault", "begin"))
        self._chains: dict[str, Chain] = {}

    def chain(self, command: str) -> Chain:
        """The way of one command, with what is missing named."""
        if command not in self._chains:
            self._chains[command] = self._follow(command)
        return self._chains[command]

    def _follow(self, command: str) -> Chain:
        missing: list[str] = []
        record = self._commands.get(command)
        receive = self._receives.get(command)
        actuate = self._actuates.get(command)
        for kind, found in (("command", record), ("receive", receive), ("actuate", actuate)):
            if found is None:
                missing.append(f"no `{kind}` of command {command}")
        decision = self._decision(record, missing)
        arrival = self._completing(decision, missing)
        sensed = self._sensed(arrival, missing)
        return Chain(
            command=command,
            rule=str(record["rule"]) if record else "",
            device=device_of(arrival["e"]) if arrival else "",
            output=device_of(command.partition("#")[0]),
            sense_ms=sensed,
            input_ms=arrival["t"] if arrival else None,
            command_ms=record["t"] if record else None,
            receive_ms=receive["t"] if receive else None,
            actuate_ms=actuate["t"] if actuate else None,
            missing=tuple(missing),
        )

    def _decision(self, command: Record | None, missing: list[str]) -> Record | None:
        if command is None:
            return None
        rule = str(command["rule"])
        if rule == RELEASE:
            return self._bell(command, missing)
        found = self._decisions.get(rule, Times()).last_until(command["t"])
        if found is None:
            missing.append(f"no `decision` of rule {rule}")
            return None
        return self._first_of_cause(found)

    def _bell(self, command: Record, missing: list[str]) -> Record | None:
        begin = self._starts.get("plan", Times()).last_until(command["t"])
        if begin is None:
            missing.append("no `release` start of the plan")
            return None
        return {"t": begin["t"], "e": RELEASE, "inputs": [begin["reason"]]}

    def _first_of_cause(self, decision: Record) -> Record:
        """The earliest decision of the same cause: a rule that waits names later inputs too."""
        standing = set(decision.get("inputs", ()))
        return next(
            (
                other
                for other in self._by_cause.get(str(decision.get("cause")), ())
                if other["t"] <= decision["t"] and standing.issuperset(other.get("inputs", ()))
            ),
            decision,
        )

    def _completing(self, decision: Record | None, missing: list[str]) -> Record | None:
        """The last arrival among the inputs of a decision: the one that completed its cause."""
        if decision is None:
            return None
        arrivals = []
        for name in [device_of(str(name)) for name in decision.get("inputs", ())]:
            books = (self._inputs, self._comms)
            found = [book.get(name, Times()).last_until(decision["t"]) for book in books]
            known = [record for record in found if record is not None]
            if not known:
                missing.append(f"no `input` of {name}")
                return None
            arrivals.append(max(known, key=lambda record: record["t"]))
        if not arrivals:
            missing.append(f"no inputs named by decision {decision['e']}")
        return max(arrivals, key=lambda record: record["t"], default=None)

    def _sensed(self, arrival: Record | None, missing: list[str]) -> int | None:
        """When the device (or the fault that silenced a gateway) began what arrived."""
        if arrival is None:
            return None
        device = device_of(arrival["e"])
        books = (self._faults,) if arrival["k"] == "comms" else (self._senses, self._presses)
        for book in books:
            found = book.get(device, Times()).last_until(arrival["t"])
            if found is not None:
                return int(found["t"])
        if self._dossier.kind_of(device) in MEASURING and "t_sample" in arrival:
            return int(arrival["t_sample"])
        missing.append(f"no `sense` of {device}")
        return None


def _first_by(records: Iterable[Record], key: str) -> dict[str, Record]:
    found: dict[str, Record] = {}
    for record in records:
        found.setdefault(str(record.get(key, "")), record)
    return found


def _by_entity(records: Iterable[Record]) -> dict[str, Times]:
    found: dict[str, Times] = {}
    for record in records:
        found.setdefault(str(record["e"]), Times()).add(record)
    return found


def _by_device(records: Iterable[Record]) -> dict[str, Times]:
    found: dict[str, Times] = {}
    for record in records:
        found.setdefault(device_of(str(record["e"])), Times()).add(record)
    return found
