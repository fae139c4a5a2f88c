"""`twin muster RUN...`: how good the muster lists of runs were."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scenarios.commands.shell import Json, app, say


@app.command("muster")
def muster_command(
    runs: Annotated[list[Path], typer.Argument(help="Folders of runs; several give medians.")],
    as_json: Json = False,
) -> None:
    """Hold muster lists against who was truly inside: precision and recall of each list."""
    from scenarios.mustering import muster, muster_text

    document = muster(runs)
    say(document, as_json, lambda: muster_text(document))
