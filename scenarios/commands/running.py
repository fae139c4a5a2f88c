"""Scenarios: once, over seeds, as a suite, for speed."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from scenarios.commands.shell import ControlOption, FaultOption, Json, app, say


class Rig(StrEnum):
    """How the pieces are joined."""

    MEMORY = "memory"
    WIRE = "wire"
    HARDWARE = "hardware"


RigOption = Annotated[Rig, typer.Option("--rig", help="memory, wire or hardware")]
BrokerOption = Annotated[
    str,
    typer.Option(
        "--broker", help="auto, embedded, mosquitto or mqtt[s]://[USER:PASSWORD@]HOST:PORT"
    ),
]


@app.command("run")
def run_command(
    scenario: Annotated[str, typer.Argument(help="Name or path of a scenario.")],
    rig: RigOption = Rig.WIRE,
    seed: Annotated[int | None, typer.Option(min=0, help="Root seed.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the run.")] = None,
    broker: BrokerOption = "auto",
    pace: Annotated[float | None, typer.Option(min=0.01, help="1 = real time.")] = None,
    hold: Annotated[bool, typer.Option("--hold", help="Keep the endpoints at the end.")] = False,
    film: Annotated[
        bool, typer.Option("--film", help="Keep what cameras see; with --pace always.")
    ] = False,
    controller: Annotated[str, typer.Option(help="Command of another controller.")] = "",
    no_skip: Annotated[bool, typer.Option("--no-skip", help="Run every slice.")] = False,
    fault: FaultOption = None,
    control: ControlOption = None,
    secure: Annotated[
        bool, typer.Option("--secure", help="Own broker with TLS, an account and ACL per device.")
    ] = False,
    cafile: Annotated[Path | None, typer.Option(help="CA of a broker at mqtts://.")] = None,
    expose: Annotated[
        bool, typer.Option("--expose", help="Listen beyond loopback without credentials.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Run one scenario once, judge it, and write its report."""
    from scenarios.run import order_for, run
    from scenarios.words import run_text

    result = run(
        order_for(
            scenario,
            rig=rig.value,
            seed=seed,
            out=out,
            broker=broker,
            pace=pace,
            hold=hold,
            film=film,
            controller=controller,
            skip=not no_skip,
            faults=tuple(fault or ()),
            control=control,
            secure=secure,
            cafile=cafile,
            expose=expose,
        )
    )
    say(result.document, as_json, lambda: run_text(result))
    raise typer.Exit(result.exit_code)


@app.command("sweep")
def sweep_command(
    scenario: Annotated[str, typer.Argument(help="Name or path of a scenario.")],
    seeds: Annotated[str, typer.Option(help="Seeds, as 1..59 or 1,2,7.")] = "1..20",
    jobs: Annotated[int, typer.Option(min=0, help="Processes; 0 = one per core.")] = 0,
    rig: RigOption = Rig.MEMORY,
    out: Annotated[Path | None, typer.Option(help="Folder of the runs.")] = None,
    as_json: Json = False,
) -> None:
    """Run a scenario over many seeds in processes of their own."""
    from scenarios.catalog import find_scenario
    from scenarios.sweep import sweep, sweep_text

    document = sweep(find_scenario(scenario), seeds, jobs, rig.value, out)
    say(document, as_json, lambda: sweep_text(document))
    raise typer.Exit(int(document["exit_code"]))


@app.command("test")
def test_command(
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="Scenarios or folders of scenarios; the project's own if none."),
    ] = None,
    junit: Annotated[Path | None, typer.Option(help="JUnit XML file to write.")] = None,
    baseline: Annotated[
        Path | None, typer.Option(help="Folder of earlier runs to compare with.")
    ] = None,
    rig: RigOption = Rig.WIRE,
    broker: BrokerOption = "auto",
    tag: Annotated[str, typer.Option(help="Only scenarios with this tag.")] = "",
    out: Annotated[Path | None, typer.Option(help="Folder of the runs.")] = None,
    as_json: Json = False,
) -> None:
    """Run scenarios as a suite with verdicts, one test case per expectation."""
    from scenarios.catalog import CATALOGUE
    from scenarios.suite import Suite, suite_text

    chosen = paths or [str(CATALOGUE)]
    document = Suite(rig.value, broker, tag, out, baseline, junit).run(chosen)
    say(document, as_json, lambda: suite_text(document))
    raise typer.Exit(int(document["exit_code"]))


@app.command("bench")
def bench_command(
    group: Annotated[str, typer.Option(help="Only this group: rig, crowd.")] = "",
    as_json: Json = False,
) -> None:
    """Measure speed, with the peers that are installed, in the same run."""
    from scenarios.benchmarks import bench, bench_text

    document = bench(group)
    say(document, as_json, lambda: bench_text(document))
    raise typer.Exit(0 if all(item["met"] is not False for item in document["results"]) else 1)
