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
    calm: Annotated[
        str, typer.Option(help="Seeds of calm dismissals, if others than --seeds.")
    ] = "",
    kinds: Annotated[
        str, typer.Option(help="Of calm, trip, blocked, trip-steered, blocked-steered; all.")
    ] = "",
    curves: Annotated[bool, typer.Option(help="Judge at other thresholds too.")] = True,
    jobs: Annotated[int, typer.Option(min=1, help="Processes.")] = 1,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for recordings and the picture; run again, it goes on."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Recall, lead, false alarms and falls seen over many dismissals; curves over thresholds."""
    from scenarios.catalog import find_site
    from scenarios.sweep import parse_seeds
    from scenarios.warning.dismissal import KINDS
    from scenarios.warning.measuring import warn
    from scenarios.warning.words import warn_text

    asked = kinds.split(",") if kinds else list(KINDS)
    if unknown := set(asked) - set(KINDS):
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}: there are {', '.join(KINDS)}")
    wanted = {kind: parse_seeds(calm if calm and kind == "calm" else seeds) for kind in asked}
    document = warn(find_site(site), wanted, jobs, out, curves)
    say(document, as_json, lambda: warn_text(document))
