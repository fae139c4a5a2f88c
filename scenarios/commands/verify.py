"""`twin verify`: the public verification tests of the crowd."""

from __future__ import annotations

from typing import Annotated

import typer

from scenarios.commands.shell import Json, app, say


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
