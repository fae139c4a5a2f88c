"""Sites and their files: check, import, begin, list, describe."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from controller.interface.files import Problem
from scenarios.commands.shell import Json, app, say, sentence, stop


@app.command("check")
def check_command(
    path: Annotated[str, typer.Argument(help="A site, one of its files, or a scenario.")],
    pair: Annotated[
        bool, typer.Option("--pair", help="Warn of outputs that two controllers could both drive.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Validate a site, scenario or matrix: all problems at once, with file and line."""
    from scenarios.catalog import SITES, find_scenario
    from scenarios.check import check
    from scenarios.pairs import pair_warnings

    target = Path(path)
    if not target.exists():
        target = SITES / path if (SITES / path).is_dir() else find_scenario(path)
    problems = check(target)
    warnings = pair_warnings(target) if pair and not problems else []
    document = {
        "ok": not problems, "problems": [_problem(item) for item in problems],
        "warnings": warnings,
    }  # fmt: skip
    say(document, as_json, lambda: _problems_text(target, problems, warnings))
    raise typer.Exit(2 if problems else 0)


def _problem(problem: Problem) -> dict[str, Any]:
    names = ("file", "line", "path", "message", "suggestion")
    return {name: getattr(problem, name) for name in names}


def _problems_text(target: Path, problems: list[Problem], warnings: list[str]) -> str:
    if not problems:
        return "\n".join([*(f"warning: {text}" for text in warnings), f"{target}: no problems"])
    lines = [sentence(problem) for problem in problems]
    return "\n".join([*lines, f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"])


@app.command("matrix")
def matrix_command(
    site: Annotated[str, typer.Argument(help="A site.")],
    to: Annotated[
        Path | None, typer.Option(help="Write it there too: FILE.xlsx, FILE.csv or FILE.yaml.")
    ] = None,
    covered: Annotated[
        list[Path] | None,
        typer.Option("--coverage", help="Folder of runs: which cells have fired, and with what."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Tell the cause-and-effect matrix of a site, or write it as a spreadsheet or as YAML."""
    from controller.interface.files import BadFile
    from scenarios.catalog import find_site
    from scenarios.matrices import matrix_document, matrix_text

    try:
        document = matrix_document(find_site(site), to, covered or ())
    except BadFile as bad:
        stop("\n".join(sentence(problem) for problem in bad.problems), 2)
    except (ValueError, OSError) as error:
        stop(str(error), 2)
    say(document, as_json, lambda: matrix_text(document))


@app.command("import")
def import_command(
    file: Annotated[
        Path, typer.Argument(help="IFC model, jpscore geometry.xml, or IMDF folder or zip.")
    ],
    out: Annotated[Path, typer.Option(help="Folder of the new site.")],
    storey_height: Annotated[
        float | None, typer.Option(help="IMDF only: metres from floor to floor; default 3.6.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Turn a building file into a site; says in plain words what it left out."""
    from scenarios.importing import ImportProblem, import_building, import_text

    try:
        document = import_building(file, out, storey_height)
    except ImportProblem as problem:
        stop(str(problem), 2)
    say(document, as_json, lambda: import_text(document))


@app.command("init")
def init_command(
    name: Annotated[str, typer.Argument(help="Name of the new site and scenario.")],
    where: Annotated[Path, typer.Option(help="Parent folder.")] = Path(),
    as_json: Json = False,
) -> None:
    """Write a small commented site and a scenario to start from."""
    from scenarios.starter import init

    written = [str(path) for path in init(name, where)]
    say({"written": written}, as_json, lambda: "\n".join(written))


@app.command("list")
def list_command(as_json: Json = False) -> None:
    """Name the sites and scenarios that come with the project."""
    from scenarios.catalog import scenario_names, site_names
    from scenarios.words import list_text

    document = {"sites": site_names(), "scenarios": scenario_names()}
    say(document, as_json, lambda: list_text(document))


@app.command("schema")
def schema_command(
    name: Annotated[str, typer.Argument(help="floor, people, points, matrix, scenario or release")],
    as_json: Json = False,
) -> None:
    """Print the JSON Schema of a file kind, for editors and generators."""
    from scenarios.schemas import schema

    try:
        document = schema(name)
    except ValueError as error:
        stop(str(error), 2)
    print(json.dumps(document, indent=None if as_json else 2, ensure_ascii=False))
