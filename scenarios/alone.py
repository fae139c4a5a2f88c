"""A scenario with its people and its building alone: no devices, no controller, far less time.

For what staff and builders may do. Whatever needs a device or the controller is refused; so nobody
may take a dismissal that the controller steers for one that it does not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

from controller.interface.files import BadFile, Finding, problems
from controller.interface.journal import Journal
from reports.dossier import read_json
from reports.measures import STORED
from scenarios.catalog import find_site
from scenarios.crushrisk import crush_document, crush_measures, fall_counts
from scenarios.dismissals import dismissals
from scenarios.folder import write_json
from scenarios.happening import Timed
from scenarios.mentions import in_scenario
from scenarios.passing import Animal, Arrive, Card, Intruder, Wind
from scenarios.rig.script import Script
from scenarios.schema import Broker, Fault, Nuisance, Order, Press, Scenario, load_scenario
from twin.crushed import NAME as CRUSHED
from twin.site import Site
from twin.twin import Twin

STEERED = (Order, Press, Fault, Broker, Nuisance, Card, Arrive, Wind, Intruder, Animal)
"""Happenings that devices or the controller must answer."""
Opened = tuple[Scenario, Site, dict[str, dict[int, tuple[str, ...]]]]


@lru_cache(maxsize=4)
def opened(path: Path, _written_ns: int) -> Opened:
    """Read a scenario and its site; BadFile with everything that is wrong with them."""
    scenario = load_scenario(path)
    site = Site.load(find_site(scenario.site, path.parent))
    calls, wrong, unknown = dismissals(scenario, site, path.parent)
    findings: list[Finding] = [*in_scenario(scenario, site), *unknown]
    if findings or wrong:
        raise BadFile([*problems(path, findings), *wrong])
    for item in scenario.happens:
        _fits(path, item)
    return scenario, site, calls


def _fits(path: Path, item: Timed) -> None:
    if isinstance(item, STEERED):
        word = type(item).__name__.lower()
        raise ValueError(f"{path.name}: `{word}` needs devices and the controller: no `--people`")


def alone(path: Path, seed: int, folder: Path) -> None:
    """Run a scenario in a folder; leaves manifest.json and metrics.json with its measures."""
    scenario, site, calls = opened(path, path.stat().st_mtime_ns)
    heard = _Heard()
    record = Journal(None, "0", {}, on_record=heard.take).record
    twin = Twin(site, scenario.period, seed, scenario.slice, record, scenario.zones, scenario.falls)
    script = heard.script = Script(scenario, twin.stage, _no_broker, _no_desk, {}, calls)
    now = 0
    for now in range(0, scenario.give_up + 1, scenario.slice):
        twin.advance(now)
        script.play(now)
        if twin.settled and not script.pending:
            break
    twin.finish(now)
    twin.write_crush(folder)
    crush = crush_document(heard.records, read_json(folder / CRUSHED))
    write_json(folder / "metrics.json", _document(heard.records, crush))
    plan = {"scenario": path.stem, "site": scenario.site, "seed": seed, "rig": "people"}
    write_json(folder / "manifest.json", plan)


@dataclass(slots=True)
class _Heard:
    """What the twin recorded; the script waits for some of it."""

    records: list[dict[str, Any]] = field(default_factory=list)
    script: Script | None = None

    def take(self, record: dict[str, Any]) -> None:
        if record["k"] in ("person", "crush"):
            self.records.append(record)
        if self.script is not None:
            self.script.watch(record)


def _no_broker(_now: int, _down_ms: int) -> NoReturn:
    raise AssertionError("there is no broker")


def _no_desk(_now: int, _desk: str, _word: str) -> NoReturn:
    raise AssertionError("there is no desk")


def _document(records: list[dict[str, Any]], crush: dict[str, Any]) -> dict[str, Any]:
    """The metrics as of a run, without what a ledger or an expectation gives."""
    outs = [r["t"] / 1_000 for r in records if r["k"] == "person" and r.get("what") == "out"]
    stranded = sum(r["k"] == "person" and r.get("what") == "stranded" for r in records)
    run = {"falls": fall_counts(records), "crush": crush, "error": ""}
    times = {
        "rset_s": max(outs, default=0.0),
        "mean_exit_s": sum(outs) / max(len(outs), 1),
        "stranded": float(stranded),
    }
    return {**run, STORED: times | crush_measures(run)}
