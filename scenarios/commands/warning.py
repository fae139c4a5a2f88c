"""`twin warn`: how often a site's crowd warnings are right."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scenarios.commands.shell import Json, app, say


@app.command("warn")
def warn_command(
    site: Annotated[str, typer.Argument(help="A site's folder, or its name.")],
    seeds: Annotated[str, typer.Option(help="Seeds, as 1..20 or 1,2,7.")] = "1..20",
    jobs: Annotated[int, typer.Option(min=1, help="Processes.")] = 1,
    out: Annotated[Path | None, typer.Option(help="Folder for the picture.")] = None,
    as_json: Json = False,
) -> None:
    """Recall, lead, false alarms and falls seen over many dismissals; curves over thresholds."""
    from scenarios.catalog import find_site
    from scenarios.sweep import parse_seeds
    from scenarios.warning.measuring import warn, warn_text

    document = warn(find_site(site), parse_seeds(seeds), jobs, out)
    say(document, as_json, lambda: warn_text(document))
