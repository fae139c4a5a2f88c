"""Verdicts: expectations held against the journals of a run. No vacuous pass.

What never had a chance to fail is `inconclusive`: a `from` that did not happen, a glob that
matched nothing, a run that ended before a limit had passed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from scenarios.events import Pattern
from scenarios.expectation import Before, Count, Crowding, Evacuated, Expectation, Within
from scenarios.quantity import spoken

Record = Mapping[str, Any]
PASS, FAIL, INCONCLUSIVE, ERROR = "pass", "fail", "inconclusive", "error"
EXIT_CODES = {PASS: 0, FAIL: 1, ERROR: 3, INCONCLUSIVE: 4}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a run left: records of both journals in order, people at the start, every name known."""

    records: Sequence[Record]
    people: int
    names: Mapping[str, Sequence[str]]
    end_ms: int

    def all(self, pattern: Pattern) -> list[Record]:
        """Return the records that match, in order of time."""
        return [record for record in self.records if pattern.matches(record)]

    def first(self, pattern: Pattern) -> Record | None:
        """Return the first record that matches."""
        return next((record for record in self.records if pattern.matches(record)), None)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Verdict of one expectation with what was observed, in the limit's unit."""

    id: str
    must: bool
    say: str
    clause: str
    verdict: str
    observed: float | None
    limit: float | None
    unit: str
    why: str

    def document(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {key: getattr(self, key) for key in self.__dataclass_fields__}


Finding = tuple[str, float | None, float | None, str, str]


def _missing(pattern: Pattern) -> str:
    return f"`{pattern}` never happened"


def _within(rule: Within, evidence: Evidence) -> Finding:
    start = evidence.first(rule.from_)
    limit = rule.limit / 1_000
    if start is None:
        return INCONCLUSIVE, None, limit, "s", _missing(rule.from_)
    if rule.to is not None:
        return _judge_delay(start, _first_after(evidence, rule.to, start["t"]), rule, evidence)
    assert rule.to_every is not None
    targets = [
        name
        for name in evidence.names.get(rule.to_every.kind, ())
        if fnmatchcase(name, rule.to_every.entity)
    ]
    if not targets:
        return INCONCLUSIVE, None, limit, "s", f"`{rule.to_every.entity}` names nothing here"
    found = {
        name: _first_after(
            evidence, Pattern(rule.to_every.kind, name, rule.to_every.state), start["t"]
        )
        for name in targets
    }
    absent = [name for name, record in found.items() if record is None]
    if absent:
        return _judge_delay(start, None, rule, evidence, f"missing: {', '.join(absent[:5])}")
    last = max((record for record in found.values() if record), key=lambda record: record["t"])
    return _judge_delay(start, last, rule, evidence)


def _first_after(evidence: Evidence, pattern: Pattern, t_ms: int) -> Record | None:
    return next(
        (item for item in evidence.records if item["t"] >= t_ms and pattern.matches(item)), None
    )


def _judge_delay(
    start: Record, end: Record | None, rule: Within, evidence: Evidence, note: str = ""
) -> Finding:
    limit = rule.limit / 1_000
    if end is None:
        if evidence.end_ms - start["t"] < rule.limit:
            return INCONCLUSIVE, None, limit, "s", "the run ended before the limit had passed"
        return FAIL, None, limit, "s", note or _missing(rule.to or rule.from_)
    delay = end["t"] - start["t"]
    verdict = PASS if delay <= rule.limit else FAIL
    return verdict, delay / 1_000, limit, "s", f"{end['k']} {end['e']} after {spoken(delay)}"


def _never(pattern: Pattern, evidence: Evidence) -> Finding:
    hits = evidence.all(pattern)
    if hits:
        first = hits[0]
        say = f"first at {spoken(first['t'])}: {first['k']} {first['e']}"
        return FAIL, float(len(hits)), 0.0, "times", say
    if not any(fnmatchcase(name, pattern.entity) for name in evidence.names.get(pattern.kind, ())):
        return INCONCLUSIVE, None, 0.0, "times", f"`{pattern.entity}` names nothing here"
    return PASS, 0.0, 0.0, "times", "did not happen"


def _eventually(pattern: Pattern, evidence: Evidence) -> Finding:
    hit = evidence.first(pattern)
    if hit is None:
        return FAIL, None, None, "s", _missing(pattern)
    return PASS, hit["t"] / 1_000, None, "s", f"{hit['e']} at {spoken(hit['t'])}"


def _count(rule: Count, evidence: Evidence) -> Finding:
    number = len(evidence.all(rule.of))
    low = rule.at_least if rule.at_least is not None else 0
    high = rule.at_most if rule.at_most is not None else number
    limit = float(low if number < low or rule.at_most is None else high)
    verdict = PASS if low <= number <= high else FAIL
    return verdict, float(number), limit, "times", f"{number} times"


def _before(rule: Before, evidence: Evidence) -> Finding:
    first, then = evidence.first(rule.first), evidence.first(rule.then)
    if then is None:
        return INCONCLUSIVE, None, 0.0, "s", _missing(rule.then)
    if first is None:
        return FAIL, None, 0.0, "s", _missing(rule.first)
    lead = (then["t"] - first["t"]) / 1_000
    return (PASS if lead >= 0 else FAIL), lead, 0.0, "s", f"{lead:.1f} s earlier"


def _evacuated(rule: Evacuated, evidence: Evidence) -> Finding:
    start, limit = evidence.first(rule.from_), rule.limit / 1_000
    if start is None or evidence.people == 0:
        why = _missing(rule.from_) if start is None else "nobody is in the building"
        return INCONCLUSIVE, None, limit, "s", why
    outs = sorted(item["t"] for item in evidence.records if item["k"] == "person" and _out(item))
    needed = -(-evidence.people * rule.share // 1)
    if len(outs) < needed:
        if evidence.end_ms - start["t"] < rule.limit:
            return INCONCLUSIVE, None, limit, "s", "the run ended before the limit had passed"
        return FAIL, None, limit, "s", f"only {len(outs)} of {evidence.people} people came out"
    delay = max(0, outs[int(needed) - 1] - start["t"])
    verdict = PASS if delay <= rule.limit else FAIL
    return verdict, delay / 1_000, limit, "s", f"{int(needed)} people out after {spoken(delay)}"


def _out(record: Record) -> bool:
    return bool(record.get("what") == "out")


def _crowding(rule: Crowding, evidence: Evidence) -> Finding:
    worst, place, above, seen = 0.0, "", 0, False
    since: dict[str, int] = {}
    for record in evidence.records:
        if record["k"] != "sample" or not fnmatchcase(record["e"], rule.spaces):
            continue
        if "density" not in record:
            continue
        seen = True
        if record["density"] > worst:
            worst, place = record["density"], record["e"]
        if record["density"] > rule.at_most:
            since.setdefault(record["e"], record["t"])
        elif record["e"] in since:
            above = max(above, record["t"] - since.pop(record["e"]))
    above = max([above, *(evidence.end_ms - start for start in since.values())])
    if not seen:
        return INCONCLUSIVE, None, rule.at_most, "people/m2", f"`{rule.spaces}` was never sampled"
    verdict = PASS if worst <= rule.at_most or above <= rule.longer_than else FAIL
    why = f"at most {worst:.2f} people/m2 in {place}; above the limit for {spoken(above)} at a time"
    return verdict, round(worst, 3), rule.at_most, "people/m2", why


_VERBS: dict[str, Callable[[Any, Evidence], Finding]] = {
    "within": _within,
    "never": _never,
    "eventually": _eventually,
    "count": _count,
    "before": _before,
    "evacuated": _evacuated,
    "crowding": _crowding,
}


def judge(item: Expectation, evidence: Evidence) -> Outcome:
    """Hold one expectation against the evidence."""
    verb = item.verbs()[0]
    if item.given is not None and evidence.first(item.given) is None:
        finding: Finding = (INCONCLUSIVE, None, None, "", _missing(item.given))
    else:
        finding = _VERBS[verb](getattr(item, verb), evidence)
    verdict, observed, limit, unit, why = finding
    return Outcome(item.id, item.must, item.say, item.clause, verdict, observed, limit, unit, why)


def overall(outcomes: Iterable[Outcome], untriggered: Sequence[str]) -> str:
    """Verdict of a run: a failed `must` fails it; nothing that must be true is inconclusive."""
    musts = [outcome.verdict for outcome in outcomes if outcome.must]
    if FAIL in musts:
        return FAIL
    if not musts or untriggered or INCONCLUSIVE in musts:
        return INCONCLUSIVE
    return PASS
