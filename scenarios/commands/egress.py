"""`twin egress`: people and building only."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scenarios.commands.shell import Json, app, say

SecondOpinion = Annotated[
    str,
    typer.Option(
        metavar="[MODELS]",
        help="Ask JuPedSim too: nothing for its usual models, all, or cfsm,avm,warp,sfm,...",
    ),
]


@app.command("egress")
def egress_command(
    floor: Annotated[Path, typer.Argument(help="A floor.yaml, a site's folder or name.")],
    people: Annotated[Path | None, typer.Option(help="Default: beside the floor.")] = None,
    seeds: Annotated[str, typer.Option(help="Seeds, as 1..300 or 1,2,7.")] = "1..20",
    period: Annotated[
        str | None, typer.Option(help="Period of the timetable; default: the first.")
    ] = None,
    laws: Annotated[
        list[str] | None,
        typer.Option(help="Movement laws, repeatable or with commas; default: both presets."),
    ] = None,
    closed: Annotated[
        list[str] | None, typer.Option(help="Portal nobody can pass (id or glob); repeatable.")
    ] = None,
    smoke: Annotated[Path | None, typer.Option(help="Smoke: a table, or FDS output.")] = None,
    smoke_law: Annotated[str, typer.Option(help="Speed in smoke.")] = "frantzich-nilsson",
    dose_law: Annotated[str, typer.Option(help="Doses of gases and heat.")] = "purser",
    jobs: Annotated[int, typer.Option(min=0, help="Processes; 0 = one per core.")] = 0,
    summary: Annotated[
        bool, typer.Option("--summary", help="No series, no times per person.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="Folder for series and exit times, instead of JSON.")
    ] = None,
    table: Annotated[str, typer.Option(help="Files in --out: parquet, csv.")] = "parquet",
    converge: Annotated[bool, typer.Option("--converge", help="Stop when converged.")] = False,
    thresholds: Annotated[
        str, typer.Option(help="What counts as converged, e.g. tet=0.01,sd=0.1,runs=20.")
    ] = "",
    second_opinion: SecondOpinion = "",
    as_json: Json = False,
) -> None:
    """People and building only, no devices: exit times, flows, queues, densities."""
    from evacuation.convergence import Thresholds
    from scenarios.egress import PRESETS, Order, egress, egress_text
    from scenarios.sweep import parse_seeds

    order = Order(
        floor=floor,
        people=people,
        seeds=parse_seeds(seeds),
        period=period,
        laws=laws or PRESETS,
        closed=closed or (),
        smoke=smoke,
        smoke_law=smoke_law,
        dose_law=dose_law,
        jobs=jobs,
        summary=summary,
        out=out,
        table=table,
        until_converged=converge,
        thresholds=Thresholds.parse(thresholds),
        second_opinion=second_opinion,
    )
    document = egress(order)
    say(document, as_json, lambda: egress_text(document))
