"""What every command shares: the application, `--json`, how bad input is said."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, NoReturn

import typer

from controller.interface.files import Problem

app = typer.Typer(
    help="Digital twin and hardware-in-the-loop testbed for campus safety.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
FaultOption = Annotated[
    list[str] | None,
    typer.Option("--fault", help="DEVICE:FAULT[=AMOUNT][:START[:DURATION]][#SEED]; repeatable."),
]
ControlOption = Annotated[
    int | None,
    typer.Option("--control", min=0, max=65535, help="Port for faults over HTTP; 0: any."),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]

OPTIONAL = {"--second-opinion": "default"}
"""Options whose value may be left out, and what it is then."""


def filled(words: Sequence[str]) -> list[str]:
    """The words of a command line with a value for every option that was given without one."""
    found: list[str] = []
    for word, following in zip(words, [*words[1:], "-"], strict=True):
        found.append(word)
        if word in OPTIONAL and following.startswith("-"):
            found.append(OPTIONAL[word])
    return found


def say(document: Mapping[str, Any], as_json: bool, text: Callable[[], str]) -> None:
    """Print the JSON document, or the text for people."""
    print(json.dumps(document, ensure_ascii=False) if as_json else text())


def sentence(problem: Problem) -> str:
    """Return a problem as one line: file, line, place, what is wrong, nearest valid thing."""
    place = f"{problem.file}:{problem.line}" if problem.line else problem.file
    path = f" {problem.path}:" if problem.path else ""
    hint = f" (did you mean `{problem.suggestion}`?)" if problem.suggestion else ""
    return f"{place}:{path} {problem.message}{hint}"


def stop(text: str, code: int) -> NoReturn:
    """Say one sentence on stderr and end with an exit code."""
    print(text, file=sys.stderr)
    raise typer.Exit(code)
