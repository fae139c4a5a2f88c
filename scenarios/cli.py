"""The command line: `twin COMMAND`. Every command takes `--json`; progress goes to stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from controller.interface.files import BadFile, Problem
from scenarios.rig.failure import RigFailure

app = typer.Typer(
    help="Digital twin and hardware-in-the-loop testbed for campus safety.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]


class Rig(StrEnum):
    """How the pieces are joined."""

    MEMORY = "memory"
    WIRE = "wire"
    HARDWARE = "hardware"


RigOption = Annotated[Rig, typer.Option("--rig", help="memory, wire or hardware")]
BrokerOption = Annotated[
    str, typer.Option("--broker", help="auto, embedded, mosquitto or mqtt://HOST:PORT")
]


def say(document: Mapping[str, Any], as_json: bool, text: Callable[[], str]) -> None:
    """Print the JSON document, or the text for people."""
    print(json.dumps(document, ensure_ascii=False) if as_json else text())


@app.command("run")
def run_command(
    scenario: Annotated[str, typer.Argument(help="Name or path of a scenario.")],
    rig: RigOption = Rig.WIRE,
    seed: Annotated[int | None, typer.Option(min=0, help="Root seed.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the run.")] = None,
    broker: BrokerOption = "auto",
    pace: Annotated[float | None, typer.Option(min=0.01, help="1 = real time.")] = None,
    hold: Annotated[bool, typer.Option("--hold", help="Keep the endpoints at the end.")] = False,
    controller: Annotated[str, typer.Option(help="Command of another controller.")] = "",
    no_skip: Annotated[bool, typer.Option("--no-skip", help="Run every slice.")] = False,
    as_json: Json = False,
) -> None:
    """Run one scenario once, judge it, and write its report."""
    from scenarios.run import order_for, run
    from scenarios.words import run_text

    result = run(
        order_for(
            scenario,
            rig=rig.value,
            seed=seed,
            out=out,
            broker=broker,
            pace=pace,
            hold=hold,
            controller=controller,
            skip=not no_skip,
        )
    )
    say(result.document, as_json, lambda: run_text(result))
    raise typer.Exit(result.exit_code)


@app.command("sweep")
def sweep_command(
    scenario: Annotated[str, typer.Argument(help="Name or path of a scenario.")],
    seeds: Annotated[str, typer.Option(help="Seeds, as 1..59 or 1,2,7.")] = "1..20",
    jobs: Annotated[int, typer.Option(min=0, help="Processes; 0 = one per core.")] = 0,
    rig: RigOption = Rig.MEMORY,
    out: Annotated[Path | None, typer.Option(help="Folder of the runs.")] = None,
    as_json: Json = False,
) -> None:
    """Run a scenario over many seeds in processes of their own."""
    from scenarios.catalog import find_scenario
    from scenarios.sweep import sweep, sweep_text

    document = sweep(find_scenario(scenario), seeds, jobs, rig.value, out)
    say(document, as_json, lambda: sweep_text(document))
    raise typer.Exit(int(document["exit_code"]))


@app.command("test")
def test_command(
    paths: Annotated[list[str], typer.Argument(help="Scenarios or folders of scenarios.")],
    junit: Annotated[Path | None, typer.Option(help="JUnit XML file to write.")] = None,
    baseline: Annotated[
        Path | None, typer.Option(help="Folder of earlier runs to compare with.")
    ] = None,
    rig: RigOption = Rig.WIRE,
    broker: BrokerOption = "auto",
    tag: Annotated[str, typer.Option(help="Only scenarios with this tag.")] = "",
    out: Annotated[Path | None, typer.Option(help="Folder of the runs.")] = None,
    as_json: Json = False,
) -> None:
    """Run scenarios as a suite with verdicts, one test case per expectation."""
    from scenarios.suite import Suite, suite_text

    document = Suite(rig.value, broker, tag, out, baseline, junit).run(paths)
    say(document, as_json, lambda: suite_text(document))
    raise typer.Exit(int(document["exit_code"]))


@app.command("check")
def check_command(
    path: Annotated[str, typer.Argument(help="A site, one of its files, or a scenario.")],
    as_json: Json = False,
) -> None:
    """Validate a site, scenario or matrix: all problems at once, with file and line."""
    from scenarios.catalog import SITES, find_scenario
    from scenarios.check import check

    target = Path(path)
    if not target.exists():
        target = SITES / path if (SITES / path).is_dir() else find_scenario(path)
    problems = check(target)
    document = {"ok": not problems, "problems": [_problem(item) for item in problems]}
    say(document, as_json, lambda: _problems_text(target, problems))
    raise typer.Exit(2 if problems else 0)


def _problem(problem: Problem) -> dict[str, Any]:
    names = ("file", "line", "path", "message", "suggestion")
    return {name: getattr(problem, name) for name in names}


def _problems_text(target: Path, problems: list[Problem]) -> str:
    if not problems:
        return f"{target}: no problems"
    lines = [sentence(problem) for problem in problems]
    return "\n".join([*lines, f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"])


def sentence(problem: Problem) -> str:
    """Return a problem as one line: file, line, place, what is wrong, nearest valid thing."""
    place = f"{problem.file}:{problem.line}" if problem.line else problem.file
    path = f" {problem.path}:" if problem.path else ""
    hint = f" (did you mean `{problem.suggestion}`?)" if problem.suggestion else ""
    return f"{place}:{path} {problem.message}{hint}"


@app.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help="A building model (IFC).")],
    out: Annotated[Path, typer.Option(help="Folder of the new site.")],
    as_json: Json = False,
) -> None:
    """Turn a building model into a site; says in plain words what it left out."""
    from scenarios.importing import ImportProblem, import_building, import_text

    try:
        document = import_building(file, out)
    except ImportProblem as problem:
        _stop(str(problem), 2)
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
    name: Annotated[str, typer.Argument(help="floor, people, points, matrix or scenario")],
    as_json: Json = False,
) -> None:
    """Print the JSON Schema of a file kind, for editors and generators."""
    from scenarios.schemas import schema

    try:
        document = schema(name)
    except ValueError as error:
        _stop(str(error), 2)
    print(json.dumps(document, indent=None if as_json else 2, ensure_ascii=False))


@app.command("report")
def report_command(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")], as_json: Json = False
) -> None:
    """Write report.html again from a run's journals."""
    from reports.document import write_report

    if not (run / "manifest.json").is_file():
        _stop(f"{run}: no run here (manifest.json is missing)", 2)
    path = str(write_report(run))
    say({"report": path}, as_json, lambda: path)


@app.command("compare")
def compare_command(
    a: Annotated[Path, typer.Argument(help="A run, or a folder of runs.")],
    b: Annotated[Path, typer.Argument(help="Another run, or folder of runs.")],
    as_json: Json = False,
) -> None:
    """Compare two runs or two sweeps, paired by seed where seeds match."""
    from scenarios.comparing import compare_folders, compare_text

    document = compare_folders(a, b)
    say(document, as_json, lambda: compare_text(document))


@app.command("bench")
def bench_command(
    group: Annotated[str, typer.Option(help="Only this group, as `rig`.")] = "",
    as_json: Json = False,
) -> None:
    """Measure speed, with the peers that are installed, in the same run."""
    from scenarios.bench import bench, bench_text

    document = bench(group)
    say(document, as_json, lambda: bench_text(document))
    raise typer.Exit(0 if all(item["met"] is not False for item in document["results"]) else 1)


@app.command("serve")
def serve_command(
    site: Annotated[str | None, typer.Argument(help="Site to offer for live runs.")] = None,
    runs: Annotated[Path, typer.Option(help="Folder of the runs.")] = Path("runs"),
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1024, max=65535)] = 8080,
    as_json: Json = False,
) -> None:
    """Serve the dashboard: recorded runs, playback, and a run while it goes on."""
    from scenarios.serve import serve

    serve(runs, site, host, port, as_json=as_json)


def _stop(text: str, code: int) -> None:
    print(text, file=sys.stderr)
    raise typer.Exit(code)


def main() -> None:
    """Run a command; bad input is one line per problem and exit 2, a failed rig exit 3."""
    try:
        app()
    except BadFile as bad:
        for problem in bad.problems:
            print(sentence(problem), file=sys.stderr)
        sys.exit(2)
    except RigFailure as failure:
        print(f"the rig failed: {failure}", file=sys.stderr)
        sys.exit(3)
    except (ValueError, FileExistsError) as error:
        print(str(error), file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
