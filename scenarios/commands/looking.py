"""What runs left: report, comparison, dashboard."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scenarios.commands.shell import Json, app, say, stop


@app.command("report")
def report_command(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")], as_json: Json = False
) -> None:
    """Write report.html again from a run's journals."""
    from reports.document import write_report

    if not (run / "manifest.json").is_file():
        stop(f"{run}: no run here (manifest.json is missing)", 2)
    path = str(write_report(run))
    say({"report": path}, as_json, lambda: path)


@app.command("compare")
def compare_command(
    a: Annotated[Path, typer.Argument(help="A run, or a folder of runs.")],
    b: Annotated[Path, typer.Argument(help="Another run, or folder of runs.")],
    more: Annotated[list[Path] | None, typer.Argument(help="More folders, to rank them.")] = None,
    under: Annotated[
        list[Path] | None,
        typer.Option(help="Folder with the same folders, run under another condition; repeatable."),
    ] = None,
    metric: Annotated[
        str,
        typer.Option(help="What a ranking is by, lower is better: rset_s; with --robust cascade."),
    ] = "",
    robust: Annotated[
        bool,
        typer.Option(help="Rank scenarios (or those of these runs) under the robustness set."),
    ] = False,
    seeds: Annotated[str, typer.Option(help="With --robust: seeds, as 1..20 or 1,2,7.")] = "1..20",
    jobs: Annotated[int, typer.Option(min=0, help="Processes; 0 = one per core.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Folder of the runs of --robust.")] = None,
    people: Annotated[
        bool, typer.Option("--people", help="People and building alone: no devices, no controller.")
    ] = False,
    every: Annotated[
        bool, typer.Option("--every", help="Try all of the set, also when the verdict stands.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Compare two runs or two sweeps, paired by seed where seeds match; or rank several.

    A ranking is robust only if every pair is decided alike under every condition, else undecided.
    """
    from scenarios.comparing import compare_folders, compare_text, rank_folders, rank_text

    if robust:
        from scenarios.contest import Contest, contest_text

        which = [a, b, *(more or ())]
        contest = Contest.of(
            which, metric or "cascade", seeds, out, jobs, people=people, every=every
        )
        decided = contest.decide()
        say(decided, as_json, lambda: contest_text(decided))
        return
    if more or under:
        ranked = rank_folders([a, b, *(more or ())], under or (), metric or "rset_s")
        say(ranked, as_json, lambda: rank_text(ranked))
        return
    document = compare_folders(a, b)
    say(document, as_json, lambda: compare_text(document))


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
