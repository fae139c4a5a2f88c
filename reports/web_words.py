"""Journal records as sentences a planner reads, and the group each kind belongs to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Record = Mapping[str, Any]

GROUPS = {
    "run": "hazard", "hazard": "hazard", "press": "detection", "sense": "detection",
    "alarm": "detection", "decision": "decision", "command": "decision", "actuate": "devices",
    "portal": "doors", "cue": "voice", "group": "people", "person": "people", "callout": "people",
    "fault": "faults", "link": "faults", "broker": "faults", "comms": "faults",
    "warning": "faults", "reply": "bus", "receive": "bus", "apply": "bus", "input": "bus",
    "ack": "bus", "feedback": "bus", "scan": "bus", "operation": "decision",
}  # fmt: skip


def group_of(record: Record) -> str:
    """The filter group of a record; what nobody announced counts as `bus`."""
    kind = str(record["k"])
    if kind == "feedback" and record.get("what") == "missing":
        return "faults"
    return GROUPS.get(kind, "bus")


@dataclass(frozen=True, slots=True)
class Words:
    """Turns records into sentences with the names of the floor and the kinds of the devices."""

    names: Mapping[str, str]
    kinds: Mapping[str, str]

    def say(self, record: Record) -> str:
        """One sentence for one record; unknown kinds are shown as they are."""
        teller = _TELLERS.get(str(record["k"]))
        if teller is None:
            return f"{record['k']} {record['e']} {record.get('what', '')}".strip()
        return teller(self, record)

    def name(self, entity: object) -> str:
        """The name in the floor file, else the kind and id of the device, else the id."""
        text = str(entity)
        if text in self.names:
            return self.names[text]
        device = text.partition(".")[0]
        kind = self.kinds.get(device)
        return f"{kind.replace('-', ' ')} {text}" if kind else text


def _run(words: Words, record: Record) -> str:
    return f"The run {'starts' if record.get('what') == 'start' else 'ends'}"


def _hazard(words: Words, record: Record) -> str:
    place, what = words.name(record["e"]), record.get("what")
    if what == "ignition":
        return f"Fire starts in {place}"
    if what == "clear":
        return f"The air is clear in {place}"
    if what == "table":
        return f"Smoke in {place} follows {record.get('value')}"
    return f"Smoke in {place}: {_number(record.get('value'))} 1/m"


def _press(words: Words, record: Record) -> str:
    return f"{_capital(words.name(record['e']))} is pressed"


def _sense(words: Words, record: Record) -> str:
    return f"{_capital(words.name(record['e']))} senses {_label(record)}"


def _fault(words: Words, record: Record) -> str:
    begun = "begins" if record.get("what") == "begin" else "ends"
    return f"Fault {record.get('fault', '')!r} {begun} at {words.name(record['e'])}"


def _reply(words: Words, record: Record) -> str:
    late = f" by {record['ms']} ms" if "ms" in record else ""
    return f"Reply of {words.name(record['e'])} {record.get('what', '')}{late}"


def _link(words: Words, record: Record) -> str:
    return f"Connection of {words.name(record['e'])} is {record.get('what', '')}"


def _broker(words: Words, record: Record) -> str:
    return f"The MQTT broker {record.get('what', '')}s"


def _value(verb: str) -> Callable[[Words, Record], str]:
    def tell(words: Words, record: Record) -> str:
        result = f", {record['r']}" if record.get("r") not in (None, "", "ok") else ""
        return f"{_capital(words.name(record['e']))} {verb} {_number(record.get('value'))}{result}"

    return tell


def _actuate(words: Words, record: Record) -> str:
    element = str(record.get("element", ""))
    kind, _, target = element.partition(":")
    actor, state = _capital(words.name(record["e"])), _number(record.get("state"))
    if kind == "portal":
        return f"{actor}: {words.name(target)} {state}"
    return f"{actor}: {kind} {state or 'silent'}"


def _portal(words: Words, record: Record) -> str:
    by = f" by {words.name(record['by'])}" if record.get("by") else ""
    return f"{words.name(record['e'])} is {record.get('what', '')}{by}"


def _cue(words: Words, record: Record) -> str:
    verb = {"smoke": "is seen", "told": "is passed on"}.get(str(record.get("what")), "is heard")
    source = f" ({words.name(record['source'])})" if record.get("source") else ""
    return f"{_capital(str(record.get('what', 'cue')))} {verb} in {words.name(record['e'])}{source}"


def _group(words: Words, record: Record) -> str:
    verb = "is out" if record.get("what") == "out" else "starts to leave"
    number = f", {record['n']} people" if "n" in record else ""
    return f"Group {record['e']} {verb}{number}"


def _person(words: Words, record: Record) -> str:
    what, who = record.get("what"), record["e"]
    if what == "out":
        return f"{who} is out by {words.name(record.get('portal', ''))}"
    if what == "turned":
        return f"{who} turns back at {words.name(record.get('portal', ''))}"
    where = f" in {words.name(record['space'])}" if record.get("space") else ""
    reason = f": {record['reason']}" if record.get("reason") else ""
    return f"{who} is {what}{where}{reason}"


def _callout(words: Words, record: Record) -> str:
    duty = f" ({record['duty']})" if record.get("duty") else ""
    return f"{record['e']}: {str(record.get('what', '')).replace('-', ' ')}{duty}"


def _alarm(words: Words, record: Record) -> str:
    return f"Controller: {_label(record)} at {words.name(record['e'])}"


def _decision(words: Words, record: Record) -> str:
    cause, effect = record.get("cause"), record.get("effect")
    rule = f"{cause} → {effect}" if cause and effect else str(record["e"])
    seen = ", ".join(str(item) for item in record.get("inputs") or ())
    return f"Rule {rule} {record.get('what', '')}" + (f" (seen: {seen})" if seen else "")


def _command(words: Words, record: Record) -> str:
    rule = f" by rule {record['rule']}" if record.get("rule") else ""
    return f"Command {words.name(record['e'])} := {_number(record.get('value'))}{rule}"


def _input(words: Words, record: Record) -> str:
    quality = record.get("quality", "good")
    doubt = "" if quality == "good" else f" ({quality})"
    return f"{_capital(words.name(record['e']))} reads {_number(record.get('value'))}{doubt}"


def _feedback(words: Words, record: Record) -> str:
    return f"Feedback of {words.name(record['e'])} is {record.get('what', '')}"


def _comms(words: Words, record: Record) -> str:
    return f"Controller to {words.name(record['e'])}: {_label(record)}"


def _scan(words: Words, record: Record) -> str:
    return f"Controller scan: {_label(record)}"


def _warning(words: Words, record: Record) -> str:
    return f"Warning at {words.name(record['e'])}: {record.get('text') or _label(record)}"


def _operation(words: Words, record: Record) -> str:
    granted = "granted" if record.get("granted") else "refused"
    return f"{record.get('operator', '')}: {_label(record)}, {granted}: {record.get('text', '')}"


def _label(record: Record) -> str:
    return str(record.get("what", ""))


def _number(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        return f"{value:.3g}"
    return "" if value is None else str(value)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


_TELLERS: Mapping[str, Callable[[Words, Record], str]] = {
    "run": _run, "hazard": _hazard, "press": _press, "sense": _sense, "fault": _fault,
    "reply": _reply, "link": _link, "broker": _broker, "receive": _value("receives"),
    "apply": _value("applies"), "actuate": _actuate, "portal": _portal, "cue": _cue,
    "group": _group, "person": _person, "callout": _callout, "input": _input, "alarm": _alarm,
    "decision": _decision, "command": _command, "ack": _value("acknowledges"),
    "feedback": _feedback, "comms": _comms, "scan": _scan, "warning": _warning,
    "operation": _operation,
}  # fmt: skip
