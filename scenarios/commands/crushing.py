"""`twin crush`: one fall on a full stair, or a shut gate, in the crush zone; with pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scenarios.commands.shell import Json, app, say


@app.command("crush")
def crush_command(
    scene: Annotated[
        str,
        typer.Argument(help="`stair` (one trips), `gate` (it is shut), or the folder of a run."),
    ],
    out: Annotated[Path, typer.Option(help="Folder for table, frames and animation.")],
    seed: Annotated[int, typer.Option(min=0, help="Root seed.")] = 1,
    seconds: Annotated[int, typer.Option(min=10, max=900, help="How long to watch.")] = 120,
    as_json: Json = False,
) -> None:
    """Run a scene of the crush zone and draw it: crush.parquet, crush.svg, crush.gif."""
    from scenarios.crushing import crush, crush_text, drawn

    run = Path(scene)
    document = drawn(run, out) if run.is_dir() else crush(scene, seed, seconds, out)
    say(document, as_json, lambda: crush_text(document))
