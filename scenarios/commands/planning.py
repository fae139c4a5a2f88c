"""Plans that are found by search: `twin stagger`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scenarios.commands.shell import Json, app, say


@app.command("stagger")
def stagger_command(
    site: Annotated[str, typer.Argument(help="A site's folder or name.")],
    density: Annotated[
        float, typer.Option(help="What stairs are to stay under, adults of equal body area per m2.")
    ] = 2.0,
    period: Annotated[
        str | None, typer.Option(help="Period of the timetable; default: the first.")
    ] = None,
    laws: Annotated[str, typer.Option(help="Movement law.")] = "pupils",
    trials: Annotated[int, typer.Option(min=1, help="Schedules to try.")] = 160,
    seeds: Annotated[str, typer.Option(help="Dismissals that each is tried on.")] = "1..4",
    confirm: Annotated[int, typer.Option(min=1, help="Fresh dismissals for the choice.")] = 40,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the search.")] = 1,
    posts: Annotated[
        int | None, typer.Option(min=0, help="Most staff on stairs; default: every flight's foot.")
    ] = None,
    jobs: Annotated[int, typer.Option(min=0, help="Processes; 0 = one per core.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Folder; default runs/stagger-SITE.")] = None,
    as_json: Json = False,
) -> None:
    """Find release times per class that keep stairs under a density with the least added time."""
    from scenarios.stagger import Order, stagger, stagger_text
    from scenarios.sweep import parse_seeds

    order = Order(
        site=site,
        out=out or Path("runs") / f"stagger-{Path(site).name}",
        density_per_m2=density,
        period=period,
        laws=laws,
        trials=trials,
        seeds=parse_seeds(seeds),
        fresh=confirm,
        seed=seed,
        posts=posts,
        jobs=jobs,
    )
    document = stagger(order)
    say(document, as_json, lambda: stagger_text(document))
    raise typer.Exit(0 if document["holds"] else 4)
