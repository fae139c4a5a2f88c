"""One scenario, run once: builds the twin and a rig, plays the script, judges, writes the folder."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet

from controller.interface import journal as journals
from controller.interface.clock import cpu_ms, wall_ms
from controller.interface.journal import Journal
from reports.document import write_report
from reports.dossier import Dossier
from reports.junit import Suite, write_junit
from reports.ledger import ledger
from scenarios import hashes
from scenarios.catalog import find_scenario, find_site
from scenarios.expect import ERROR, EXIT_CODES, Evidence, Outcome, judge, overall
from scenarios.folder import Plan, RunFolder
from scenarios.names import names_of
from scenarios.progress import Progress
from scenarios.rig.failure import RigFailure
from scenarios.rig.lockstep import Lockstep, Outage
from scenarios.rig.open import Joined, Setup, join
from scenarios.rig.pace import Free, Paced
from scenarios.rig.script import Script
from scenarios.schema import Scenario, load_scenario
from twin.site import Site
from twin.twin import Twin


@dataclass(frozen=True, slots=True)
class Order:
    """How a scenario is to be run."""

    scenario: Path
    rig: str = "wire"
    broker: str = "auto"
    seed: int | None = None
    out: Path | None = None
    pace: float | None = None
    hold: bool = False
    controller: str = ""
    skip: bool = True
    report: bool = True
    quiet: bool = False


@dataclass(slots=True)
class Result:
    """What a run gave: its JSON document, its folder."""

    document: dict[str, Any]
    folder: Path
    exit_code: int = field(default=0)


def run(order: Order) -> Result:
    """Run a scenario; RigFailure ends as verdict `error`, never as a verdict on the product."""
    scenario = load_scenario(order.scenario)
    site_folder = find_site(scenario.site, order.scenario.parent)
    site = Site.load(site_folder)
    seed = scenario.seed if order.seed is None else order.seed
    stem = f"{order.scenario.stem}-{order.rig}-s{seed}"
    folder = RunFolder.make(order.out, stem)
    return asyncio.run(_Run(order, scenario, site, seed, folder).play(site_folder))


class _Run:
    """The parts of one run while it goes on."""

    def __init__(
        self, order: Order, scenario: Scenario, site: Site, seed: int, folder: RunFolder
    ) -> None:
        self._order, self._scenario, self._site = order, scenario, site
        self._seed, self._folder = seed, folder
        self._outage = Outage()
        self._failure = ""
        self._end_ms = 0
        self._wall_ms = 0
        self._cpu_ms = 0

    async def play(self, site_folder: Path) -> Result:
        """Build, run, judge and write everything."""
        inputs = self._folder.copy_inputs(site_folder, self._order.scenario)
        chain = self._folder.write_manifest(self._plan(), inputs)
        header = json.loads((self._folder.path / "manifest.json").read_text("utf-8"))
        watchers: list[Script] = []

        def watch(record: dict[str, Any]) -> None:
            for script in watchers:
                script.watch(record)

        journal = Journal(
            self._folder.journals[0],
            chain,
            header,
            flush_each=True,
            on_record=watch,
        )
        twin = Twin(
            self._site, self._scenario.period, self._seed, self._scenario.slice, journal.record
        )
        script = Script(self._scenario, twin.stage, self._restart)
        watchers.append(script)
        order = self._order
        setup = Setup(
            order.rig, order.broker, order.controller, bool(order.hold or order.pace),
            self._folder, twin, self._scenario.slice, chain, header, journal.record,
        )  # fmt: skip
        joined: Joined | None = None
        lockstep: Lockstep | None = None
        try:
            joined = await join(setup)
            if setup.fixed_ports:
                print(*joined.endpoints, sep="\n", file=sys.stderr, flush=True)
            lockstep = Lockstep(
                twin, joined.field, script, self._outage, self._scenario.slice, self._order.skip
            )
            await self._through(lockstep, joined)
        except RigFailure as failure:
            self._failure = str(failure)
            self._end_ms = lockstep.now if lockstep else 0
        finally:
            if joined is not None:
                await joined.close()
        twin.finish(self._end_ms)
        journal.close()
        parquet.write_table(twin.journeys(), self._folder.path / "journeys.parquet")
        return self._conclude(twin, script, lockstep, joined)

    def _plan(self) -> Plan:
        order, scenario = self._order, self._scenario
        configuration = {
            "period": scenario.period,
            "give_up_ms": scenario.give_up,
            "pace": order.pace,
            "skip": order.skip,
            "controller": order.controller or "campus-controller",
        }
        return Plan(
            order.scenario.stem,
            scenario.site,
            self._seed,
            order.rig,
            order.broker if order.rig != "memory" else "memory",
            scenario.slice,
            0,
            configuration,
        )

    def _restart(self, now: int, down_ms: int) -> None:
        self._outage.down_now = True
        self._outage.up_ms = now + down_ms

    async def _through(self, lockstep: Lockstep, joined: Joined) -> None:
        progress = Progress()
        pace = Paced(self._order.pace) if self._order.pace else Free()
        wall, cpu = wall_ms(), cpu_ms()
        try:
            self._end_ms = await lockstep.run(
                self._scenario.give_up, self._scenario.linger, pace, progress
            )
        finally:
            progress.end()
            self._wall_ms, self._cpu_ms = wall_ms() - wall, cpu_ms() - cpu
        if self._order.hold:
            await joined.hold()

    def _conclude(
        self, twin: Twin, script: Script, lockstep: Lockstep | None, joined: Joined | None
    ) -> Result:
        records = self._records()
        outcomes = self._judge(twin, records)
        verdict = ERROR if self._failure else overall(outcomes, script.untriggered())
        document = self._document(twin, records, outcomes, verdict)
        document["untriggered"] = list(script.untriggered())
        if lockstep is not None and joined is not None:
            document["slices"] = {"run": lockstep.slices.run, "skipped": lockstep.slices.skipped}
            document |= joined.tally()
            document["bytes_sha256"] = hashes.bytes_sha256(document["tapes"])
        self._folder.write_json("metrics.json", document)
        document["ledger"] = ledger(Dossier.load(self._folder.path)).mean_s()
        self._folder.write_json("metrics.json", document)
        write_junit(self._folder.path / "junit.xml", [Suite.of(self._folder.path)])
        if self._order.report:
            write_report(self._folder.path)
        return Result(document, self._folder.path, document["exit_code"])

    def _records(self) -> list[dict[str, Any]]:
        both = [
            journals.read(path)[1] if path.is_file() else [] for path in self._folder.journals
        ]
        return sorted((record for part in both for record in part), key=_when)

    def _judge(self, twin: Twin, records: Sequence[Mapping[str, Any]]) -> list[Outcome]:
        persons = twin.journeys().column("person").unique().to_pylist()
        names = names_of(self._site, persons)
        evidence = Evidence(records, twin.people, names, self._end_ms)
        return [judge(item, evidence) for item in self._scenario.expect]

    def _document(
        self,
        twin: Twin,
        records: Sequence[Mapping[str, Any]],
        outcomes: Sequence[Outcome],
        verdict: str,
    ) -> dict[str, Any]:
        outs = [r["t"] for r in records if r["k"] == "person" and r.get("what") == "out"]
        start = next((r["t"] for r in records if r["k"] in ("hazard", "press", "fault")), 0)
        counts: dict[str, int] = {}
        for record in records:
            counts[record["k"]] = counts.get(record["k"], 0) + 1
        controller = [r for r in records if r["k"] in ("decision", "command")]
        return {
            "scenario": self._order.scenario.stem,
            "say": self._scenario.say,
            "site": self._scenario.site,
            "seed": self._seed,
            "rig": self._order.rig,
            "broker": "memory" if self._order.rig == "memory" else self._order.broker,
            "verdict": verdict,
            "exit_code": EXIT_CODES[verdict],
            "error": self._failure,
            "sim_ms": self._end_ms,
            "wall_s": round(self._wall_ms / 1_000, 3),
            "cpu_s": round(self._cpu_ms / 1_000, 3),
            "people": twin.people,
            "evacuated": len(outs),
            "stranded": twin.people - len(outs),
            "rset_ms": max(outs) - start if len(outs) == twin.people and outs else None,
            "expectations": [outcome.document() for outcome in outcomes],
            "records": dict(sorted(counts.items())),
            "ledger": {},
            "slices": {"run": 0, "skipped": 0},
            "messages": 0,
            "requests": 0,
            "journal_sha256": hashes.journal_sha256(
                [path for path in self._folder.journals if path.is_file()]
            ),
            "decisions_sha256": hashes.decisions_sha256(controller),
            "bytes_sha256": "",
            "run_dir": str(self._folder.path),
        }


def _when(record: Mapping[str, Any]) -> tuple[int, int]:
    return record["t"], record["p"]


def order_for(given: str, **options: Any) -> Order:
    """Return the order for a scenario given by name or path."""
    return Order(find_scenario(given), **options)
