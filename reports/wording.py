"""Plain sentences about a run: the verdict, the ledger read aloud, what was real, how to repeat."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from reports.dossier import Dossier
from reports.ledger import ENTRIES, UNEXPLAINED, Ledger
from reports.people import headcount

SYSTEM = ("decide", "bus", "actuate", "announce")  # the alarm system's own share
SPOKEN = {
    "detect": "being detected",
    "decide": "deciding",
    "bus": "the bus",
    "actuate": "devices acting",
    "announce": "announcing",
    "premove": "pre-movement",
    "walk": "walking",
    "queue": "queueing",
    UNEXPLAINED: "unexplained",
}
WARNERS = {
    "pa-zone": "the evacuation voice",
    "sounder": "a sounder",
    "smoke": "the smoke itself",
    "told": "other people",
}
LIMITS_OF_MODEL = (
    "People are individuals on a graph of rooms, corridor pieces and stairs who slow each other "
    "down and queue by published flow laws; they have no bodies that push, so a crush shows only "
    "as a high density.",
    "Fire grows by a t-squared law and its smoke and heat spread from space to space, each space "
    "one well-mixed volume without a clear layer below hot smoke; detectors answer to it.",
    "One run is one draw of how fast people react and walk, so judge a plan by the spread over "
    "many seeds (`twin sweep`) and by a drill in the building, not by this run alone.",
)


def spoken(seconds: float) -> str:
    """A duration as a person says it: `0.8 s`, `95.3 s`, `3 min 20 s`."""
    if abs(seconds) < 120:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


def number(value: object, unit: str = "") -> str:
    """A measured value with its unit; a dash if there is none."""
    if value is None:
        return "–"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    text = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.4g}"
    return f"{text} {unit}".strip()


def margin(expectation: Mapping[str, Any]) -> float | None:
    """How far inside (+) or outside (-) its limit an expectation lies, in its unit."""
    observed, limit = expectation.get("observed"), expectation.get("limit")
    if not isinstance(observed, int | float) or not isinstance(limit, int | float):
        return None
    if not limit and expectation.get("unit") == "times":
        return None  # what must never happen has no room to spare
    room = abs(float(limit) - float(observed))
    return room if expectation.get("verdict") == "pass" else -room


def verdict(dossier: Dossier, ledger: Ledger) -> str:
    """The run in one plain sentence: who got out, how fast, and what failed or was unclear."""
    return f"{_people(dossier, ledger)}; {_expectations(dossier.metrics)}."


def _people(dossier: Dossier, ledger: Ledger) -> str:
    people, out = headcount(dossier), len(ledger.accounts) + ledger.left_before
    if ledger.last is None:
        return f"None of {people:,} people left the building"
    when = f"{spoken(ledger.last.total_ms / 1000)} after the {ledger.start.say}"
    if out >= people:
        return f"All {people:,} people were out {when}"
    return f"{out:,} of {people:,} people got out, the last of them {when}"


def _expectations(metrics: Mapping[str, Any]) -> str:
    every: Sequence[Mapping[str, Any]] = metrics.get("expectations") or ()
    musts = [item for item in every if item.get("must", True)]
    failed = [item for item in musts if item.get("verdict") == "fail"]
    unclear = [item for item in musts if item.get("verdict") not in ("pass", "fail")]
    if failed:
        more = f" and {len(failed) - 1} more" if len(failed) > 1 else ""
        return f"“{failed[0]['say']}” was not met{_observed(failed[0])}{more}"
    if unclear:
        return f"“{unclear[0]['say']}” could not be judged: {unclear[0].get('why', 'no data')}"
    if metrics.get("verdict") == "error":
        return f"the rig failed ({metrics.get('error', 'see the journals')}), so nothing is judged"
    if not musts:
        return "nothing was expected that must be true, so there is no verdict"
    return f"everything that must be true was true ({len(musts)} of {len(musts)})"


def _observed(item: Mapping[str, Any]) -> str:
    if item.get("observed") is None:
        return f" ({item['why']})" if item.get("why") else ""
    unit = str(item.get("unit", ""))
    return f" ({number(item['observed'], unit)} against {number(item.get('limit'), unit)})"


def reading(ledger: Ledger, warned: Counter[str]) -> list[str]:
    """The ledger in a few sentences."""
    if ledger.last is None:
        return ["Nobody got out, so there are no seconds to account for."]
    mean, last = ledger.mean_s(), ledger.last
    total = sum(mean.values())
    first, second, third = sorted(ENTRIES, key=lambda entry: -mean[entry])[:3]
    system = sum(mean[entry] for entry in SYSTEM)
    return [
        f"From the {ledger.start.say} to the exit an average person needed {spoken(total)}, the "
        f"last one ({last.person}) {spoken(last.total_ms / 1000)}.",
        f"Most of it went into {SPOKEN[first]} ({_part(mean[first], total)}), then "
        f"{SPOKEN[second]} ({_part(mean[second], total)}) and {SPOKEN[third]} "
        f"({_part(mean[third], total)}).",
        f"The alarm system itself (deciding, bus, devices, announcing) took {spoken(system)} of "
        f"an average person's time, {spoken(mean['bus'])} of that on the bus.",
        f"First warned by: {_listed(warned)}.",
        _rest(ledger),
    ]


def _part(seconds: float, total: float) -> str:
    return f"{spoken(seconds)}, {100 * seconds / total if total else 0:.0f} %"


def _listed(warned: Counter[str]) -> str:
    return ", ".join(
        f"{WARNERS.get(kind, kind)} {count:,} people" for kind, count in warned.most_common()
    )


def _rest(ledger: Ledger) -> str:
    rest = ledger.person_s()[UNEXPLAINED]
    if not rest and not ledger.missing:
        return f"All {ledger.total_person_s:,.0f} person-seconds are explained by records."
    return (
        f"{rest:,.1f} of {ledger.total_person_s:,.1f} person-seconds are unexplained, because "
        f"records are missing: {'; '.join(ledger.missing[:3])}."
    )


def command(manifest: Mapping[str, Any]) -> str:
    """The command line that repeats a run."""
    parts = ["twin run", str(manifest.get("scenario", "SCENARIO"))]
    for key in ("rig", "broker", "seed"):
        if key in manifest and not (key == "broker" and manifest.get("rig") == "memory"):
            parts += [f"--{key}", str(manifest[key])]
    return " ".join(parts)


def reality(dossier: Dossier) -> str:
    """What of this run was emulated and what was real."""
    rig, broker = str(dossier.manifest.get("rig", "")), dossier.manifest.get("broker", "unknown")
    count = f"All {len(dossier.devices):,} devices were emulated"
    if rig == "memory":
        return (
            f"{count}; every message went through the real MQTT and Modbus codecs, in memory, "
            "without sockets. The controller is the program that runs on real hardware."
        )
    if rig == "wire":
        return (
            f"{count}; they spoke real MQTT over the broker `{broker}` and real Modbus/TCP over "
            "sockets with the controller, a process of its own and the program that runs on real "
            "hardware. Building, fire and people were simulated."
        )
    if "twin.jsonl" in " ".join(dossier.missing):
        return (
            "This journal comes from a real building: devices and decisions are real, people are "
            "known only as far as sensors counted them."
        )
    return f"Rig `{rig or 'unknown'}`: see the effective configuration for what was real."


def time_limits(dossier: Dossier, out_ms: Sequence[int]) -> list[tuple[str, int]]:
    """(words, instant in ms) of each limit on the time to get out.

    An `evacuated` expectation observes the time from its own first event to the exit of a share
    of the people, so that event was at (their exit - observed); where nothing was observed the
    event is looked up. A limit whose event never happened is left to the table.
    """
    rules = {
        str(item.get("id")): item["evacuated"]
        for item in dossier.scenario.get("expect") or ()
        if isinstance(item.get("evacuated"), Mapping)
    }
    found = []
    for item in dossier.metrics.get("expectations") or ():
        rule, limit = rules.get(str(item["id"])), item.get("limit")
        begin = _begin(dossier, item, rule, out_ms) if rule else None
        if begin is not None and limit is not None:
            after = str(rule.get("from", "the start")) if rule else ""
            found.append((f"{item['id']}: {limit:g} s after {after}", begin + round(limit * 1000)))
    return found


def _begin(
    dossier: Dossier, item: Mapping[str, Any], rule: Mapping[str, Any], out_ms: Sequence[int]
) -> int | None:
    """The instant (ms) from which an `evacuated` expectation counts."""
    needed = math.ceil(headcount(dossier) * float(rule.get("share", 1.0)))
    if item.get("observed") is not None and 0 < needed <= len(out_ms):
        return out_ms[needed - 1] - round(float(item["observed"]) * 1000)
    event = dossier.first(str(rule.get("from", "")))
    return None if event is None else int(event["t"])
