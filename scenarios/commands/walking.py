"""People and building only: egress over seeds, verification of the crowd."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scenarios.commands.shell import Json, app, say


@app.command("egress")
def egress_command(
    floor: Annotated[Path, typer.Argument(help="A floor.yaml, a site's folder or name.")],
    people: Annotated[
        Path | None, typer.Option(help="people.yaml; default: beside the floor.")
    ] = None,
    seeds: Annotated[str, typer.Option(help="Seeds, as 1..300 or 1,2,7.")] = "1..20",
    period: Annotated[
        str | None, typer.Option(help="Period of the timetable; default: the first.")
    ] = None,
    preset: Annotated[str, typer.Option(help="bounding, laboratory or both")] = "both",
    closed: Annotated[
        list[str] | None, typer.Option(help="Portal nobody can pass (id or glob); repeatable.")
    ] = None,
    jobs: Annotated[int, typer.Option(min=0, help="Processes; 0 = one per core.")] = 0,
    summary: Annotated[
        bool, typer.Option("--summary", help="No series, no times per person.")
    ] = False,
    converge: Annotated[
        bool, typer.Option("--converge", help="Stop when the runs have converged.")
    ] = False,
    as_json: Json = False,
) -> None:
    """People and building only, no devices: exit times, flows, queues, densities."""
    from scenarios.egress import egress, egress_text
    from scenarios.sweep import parse_seeds

    document = egress(
        floor,
        people,
        parse_seeds(seeds),
        period=period,
        preset=preset,
        closed=closed or (),
        jobs=jobs,
        summary=summary,
        until_converged=converge,
    )
    say(document, as_json, lambda: egress_text(document))


@app.command("verify")
def verify_command(
    group: Annotated[str, typer.Option(help="Only this group of tests.")] = "",
    as_json: Json = False,
) -> None:
    """Run the public verification suite: expected, measured, verdict, per test."""
    from scenarios.verifying import verify, verify_text

    document = verify(group)
    say(document, as_json, lambda: verify_text(document))
    raise typer.Exit(1 if document["failed"] else 0 if document["tests"] else 4)
