"""One scenario, run once: builds the twin and a rig, plays the script, concludes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet

from controller.interface.clock import cpu_ms, wall_ms
from controller.interface.files import BadFile, Finding, problems
from controller.interface.journal import Journal
from evacuation.smoke.table import SmokeTable
from evacuation.warming import warm
from reports.document import write_report
from reports.runs import Runs
from reports.web_gallery import RunGallery
from scenarios.catalog import find_scenario, find_site
from scenarios.conclusion import Ended, conclude
from scenarios.control import ControlServer
from scenarios.dismissals import Calls, dismissals
from scenarios.emulate.selection import is_real
from scenarios.faultboard import FaultBoard
from scenarios.folder import Plan, RunFolder
from scenarios.given_faults import relayed, with_faults
from scenarios.mentions import in_scenario
from scenarios.progress import Progress
from scenarios.rig.broker import choose
from scenarios.rig.failure import RigFailure
from scenarios.rig.lockstep import Lockstep, Outage, Slices
from scenarios.rig.open import RIGS, Joined, Setup, join
from scenarios.rig.pace import Free, Paced
from scenarios.rig.script import Script
from scenarios.schema import Scenario, load_scenario
from scenarios.smoke import hashes_of, smoke_tables
from twin.film import NAME as FILM
from twin.people import roll_call
from twin.site import Site
from twin.twin import Twin


@dataclass(frozen=True, slots=True)
class Order:
    """How a scenario is to be run; `wall`: lateness goes into the journal."""

    scenario: Path
    rig: str = "wire"
    broker: str = "auto"
    seed: int | None = None
    out: Path | None = None
    pace: float | None = None
    hold: bool = False
    controller: str = ""
    skip: bool = True
    wall: bool = False
    report: bool = True
    faults: tuple[str, ...] = ()
    control: int | None = None
    secure: bool = False
    cafile: Path | None = None
    expose: bool = False
    film: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What a run gave: its JSON document and its folder."""

    document: dict[str, Any]
    folder: Path

    @property
    def exit_code(self) -> int:
        """Exit code of the verdict (DESIGN section 6)."""
        return int(self.document["exit_code"])


def run(order: Order) -> Result:
    """Run a scenario; BadFile for bad input, before anything is started.

    A rig that fails ends as verdict `error`, never as a verdict on the product.
    """
    if order.rig not in RIGS:
        raise ValueError(f"rig {order.rig} runs no scenarios yet; use one of {', '.join(RIGS)}")
    if order.controller and order.rig == "memory":
        raise ValueError("`--controller` needs rig wire: on rig memory the controller is ours")
    scenario = load_scenario(order.scenario)
    site = Site.load(find_site(scenario.site, order.scenario.parent))
    scenario = with_faults(scenario, order.faults, order.rig, site.points)
    smokes, unread = smoke_tables(scenario, site.floor, order.scenario.parent)
    calls, wrong, unknown = dismissals(scenario, site, order.scenario.parent)
    findings: list[Finding] = [*in_scenario(scenario, site), *unread, *unknown]
    if findings or wrong:
        raise BadFile([*problems(order.scenario, findings), *wrong])
    order = _timed(order, site)
    if order.wall:  # a kernel compiled in mid-run would hold the clock up for seconds
        warm(lambda text: print(text, file=sys.stderr))
    seed = scenario.seed if order.seed is None else order.seed
    folder = RunFolder.make(order.out, f"{order.scenario.stem}-{order.rig}-s{seed}")
    return asyncio.run(_Run(order, scenario, site, seed, folder, smokes, calls).play())


def _timed(order: Order, site: Site) -> Order:
    """Return the order, held to the wall clock where real devices take part."""
    real = [d.id for d in site.points.devices.values() if is_real(site.points, d)]
    if real and order.rig == "memory":
        raise ValueError(f"{real[0]} is a real device (`real: true`): use --rig wire or hardware")
    if not real and order.rig != "hardware":
        return order
    return replace(order, pace=order.pace or 1.0, skip=False, wall=True)


def order_for(given: str, **options: Any) -> Order:
    """Return the order for a scenario given by name or path."""
    return Order(find_scenario(given), **options)


class _Run:
    """The parts of one run while it goes on."""

    def __init__(
        self, order: Order, scenario: Scenario, site: Site, seed: int, folder: RunFolder,
        smokes: Mapping[str, SmokeTable], calls: Calls,
    ) -> None:  # fmt: skip
        self._order, self._scenario, self._site = order, scenario, site
        self._seed, self._folder, self._smokes, self._calls = seed, folder, smokes, calls
        self._outage = Outage()
        self._script: Script | None = None
        self._spent = (0, 0)
        self._board: FaultBoard | None = None
        self._crash: BaseException | None = None

    async def play(self) -> Result:
        """Build, run, conclude."""
        order, scenario, folder = self._order, self._scenario, self._folder
        inputs = folder.copy_inputs(self._site.folder, order.scenario) | hashes_of(self._smokes)
        manifest = folder.write_manifest(self._plan(), inputs)
        journal = Journal(
            folder.journals[0],
            manifest["chain"],
            manifest,
            flush_each=True,
            on_record=self._watch,
        )
        twin = Twin(
            self._site, scenario.period, self._seed, scenario.slice, journal.record,
            scenario.zones, scenario.falls,
        )  # fmt: skip
        if order.film or order.pace:
            twin.film(folder.path / FILM)
        self._script = Script(
            scenario, twin.stage, self._restart, twin.bank.order, self._smokes, self._calls
        )
        setup = Setup(
            order.rig,
            order.broker,
            order.controller,
            bool(order.hold or order.pace),
            folder,
            self._site.points,
            twin,
            scenario.slice,
            manifest["chain"],
            manifest,
            journal.record,
            order.secure,
            order.cafile,
            order.expose,
            relayed(self._site.points, scenario, self._order.control),
            order.pace or 1.0,
            twin.day_ms,
        )
        end_ms, tally, error = await self._through(setup, self._script)
        twin.finish(end_ms)
        journal.close()
        parquet.write_table(twin.journeys(), folder.path / "journeys.parquet")
        twin.write_crush(folder.path)
        wall, cpu = self._spent
        untriggered = self._script.untriggered()
        ended = Ended(twin.people, end_ms, wall, cpu, untriggered, tally, error)
        document = conclude(folder, manifest, scenario, self._site, ended)
        if order.report:
            write_report(folder.path)
        return Result(document, folder.path)

    def _note_crash(self, loop: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
        """Keep what went wrong in a callback: a programming error ends the run."""
        self._crash = context.get("exception") or RuntimeError(context["message"])

    def _note_signal(self, number: signal.Signals) -> None:
        """End the run at the next slice, so that nothing stays behind and the journals close."""
        self._crash = RigFailure(f"the run was ended by {number.name}")

    def _watch(self, record: Mapping[str, Any]) -> None:
        if self._script is not None:
            self._script.watch(record)

    def _plan(self) -> Plan:
        order, scenario = self._order, self._scenario
        configuration = {
            "period": scenario.period,
            "give_up_ms": scenario.give_up,
            "pace": order.pace,
            "skip": order.skip,
            "controller": order.controller or "campus-controller",
            "faults": list(order.faults),
        }
        return Plan(
            scenario=order.scenario.stem,
            site=scenario.site,
            seed=self._seed,
            rig=order.rig,
            broker="memory" if order.rig == "memory" else choose(order.broker),
            slice_ms=scenario.slice,
            people=len(roll_call(self._site.people, scenario.period, self._seed).people),
            configuration=configuration,
        )

    def _restart(self, now: int, down_ms: int) -> None:
        self._outage.down_now = True
        self._outage.up_ms = now + down_ms

    async def _through(self, setup: Setup, script: Script) -> tuple[int, dict[str, Any], str]:
        """Run the slices; return the end (ms), the rig's counts and why it failed, if it did."""
        joined: Joined | None = None
        lockstep: Lockstep | None = None
        control = self._open_control(setup.twin)
        error, lateness = "", {}
        try:
            joined = await join(setup)
            if setup.fixed_ports:
                print(*joined.endpoints, sep="\n", file=sys.stderr, flush=True)
            lockstep = Lockstep(
                setup.twin, joined.field, script, self._outage, setup.slice_ms, self._order.skip
            )
            lateness = await self._slices(lockstep, setup.twin)
            if self._order.wall:
                setup.record(lockstep.now, 5, "pace", "rig", what="lateness", **lateness)
            if self._order.hold:
                await joined.hold()
        except RigFailure as failure:
            error = str(failure)
        finally:
            if control is not None:
                control.close()
            if joined is not None:
                await joined.close()
        slices = lockstep.slices if lockstep else Slices()
        tally = {
            "slices": {"run": slices.run, "skipped": slices.skipped},
            **({"lateness_ms": lateness} if lateness else {}),
            **(joined.tally() if joined else {"tapes": {}, "messages": 0, "requests": 0}),
        }
        return (lockstep.now if lockstep else 0), tally, error

    def _open_control(self, twin: Twin) -> ControlServer | None:
        """Let faults be ordered over HTTP, if that was asked for; the address goes to stderr."""
        if self._order.control is None:
            return None
        self._board = FaultBoard(self._site.points, self._order.rig, twin.bank.standing.names)
        gallery = RunGallery(Runs(self._folder.path.parent))
        control = ControlServer(self._board, self._order.control, gallery)
        faults = f"{control.url}/faults"
        print(faults, f"{control.url}/cameras", sep="\n", file=sys.stderr, flush=True)
        (self._folder.path / "control.json").write_text(json.dumps({"url": faults}))
        return control

    async def _slices(self, lockstep: Lockstep, twin: Twin) -> dict[str, int]:
        """Run to the end; return how late slices were (ms), nothing on a free run."""
        progress = Progress()
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._note_crash)
        for number in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError):  # Windows: the signal ends the process
                loop.add_signal_handler(number, self._note_signal, number)

        def after_slice(now: int, inside: int) -> None:
            if self._crash is not None:
                raise self._crash
            if self._board is not None:
                self._board.play(twin.stage, now + self._scenario.slice)
            progress(now, inside)

        order = self._order
        pace = Paced(order.pace, order.wall) if order.pace else Free()
        wall, cpu = wall_ms(), cpu_ms()
        try:
            scenario = self._scenario
            await lockstep.run(scenario.give_up, scenario.linger, pace, after_slice)
        finally:
            progress.end()
            self._spent = (wall_ms() - wall, cpu_ms() - cpu)
        return pace.lateness() if isinstance(pace, Paced) else {}
