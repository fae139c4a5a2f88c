"""The report of a run: one HTML file that needs nothing but itself, made from the run's folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reports import figures, plan, swimlanes, tables, timeline, wording
from reports.causes import Causes
from reports.crushed import crush_section
from reports.density import CROWD, Crowding, Peak, crowding, series
from reports.dossier import Dossier
from reports.ledger import ENTRIES, MEANING, UNEXPLAINED, Ledger, ledger
from reports.palette import legible
from reports.people import headcount, loss_rows, losses, start
from reports.summary import summary
from reports.svg import inline

__all__ = ["html", "summary", "write_report"]

TEMPLATES = Path(__file__).parent / "templates"
CROWDED_ROWS = 12
QUEUE_ROWS = 8
CURVE_SPACES = 4


def write_report(run: Path) -> Path:
    """Write `report.html` into a run's folder; the path it was written to."""
    path = run / "report.html"
    path.write_text(html(Dossier.load(run)), encoding="utf-8")
    return path


def html(dossier: Dossier) -> str:
    """The whole page; what the folder lacks is named in it instead of shown."""
    causes = Causes(dossier)
    book, crowds = ledger(dossier, causes), crowding(dossier.journeys, dossier.building)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(number=wording.number, clock=_Clock(book.start.t_ms))
    return environment.get_template("report.html.j2").render(
        **_head(dossier, book),
        **_seconds(dossier, book, causes),
        **_way_out(dossier, book),
        **_crowds(dossier, crowds),
        **crush_section(dossier),
        **_events(dossier, book),
        **_making(dossier),
    )


class _Clock:
    """Times of a journal as seconds since the start."""

    def __init__(self, start_ms: int) -> None:
        self._start_ms = start_ms

    def __call__(self, t_ms: int | None) -> str:
        return "missing" if t_ms is None else f"{(t_ms - self._start_ms) / 1000:,.1f}"


def _head(dossier: Dossier, book: Ledger) -> dict[str, Any]:
    every = dossier.metrics.get("expectations") or ()
    return {
        "title": dossier.manifest.get("scenario", dossier.folder.name),
        "site": dossier.building.name or dossier.manifest.get("site", ""),
        "say": dossier.scenario.get("say", ""),
        "word": dossier.metrics.get("verdict", "no verdict"),
        "sentence": wording.verdict(dossier, book),
        "facts": _facts(dossier, book),
        "expectations": [{**item, "margin": wording.margin(item)} for item in every],
        "missing": dossier.missing,
    }


def _facts(dossier: Dossier, book: Ledger) -> list[tuple[str, str]]:
    last = book.last
    return [
        ("people", f"{headcount(dossier):,}"),
        ("out", f"{len(book.accounts) + book.left_before:,}"),
        ("not out", f"{len(losses(dossier)):,}"),
        ("last person out", f"{last.total_ms / 1000:,.1f} s" if last else "–"),
        ("seed", str(dossier.manifest.get("seed", "–"))),
        ("rig", str(dossier.manifest.get("rig", "–"))),
    ]


def _seconds(dossier: Dossier, book: Ledger, causes: Causes) -> dict[str, Any]:
    mean, total = book.mean_s(), book.person_s()
    last = book.last.seconds() if book.last else dict.fromkeys(mean, 0.0)
    spent = sum(mean.values()) or 1.0
    rows = [
        (entry, MEANING[entry], mean[entry], mean[entry] / spent, last[entry], total[entry])
        for entry in (*ENTRIES, UNEXPLAINED)
    ]
    reason = _commonest_cause(book)
    return {
        "start": book.start,
        "reading": wording.reading(book, tables.reasons(dossier)),
        "ledger_rows": rows,
        "ledger_sums": (sum(mean.values()), sum(last.values()), book.total_person_s),
        "ledger_figure": _svg("ledger", _ledger_figure(dossier, book), "seconds per entry"),
        "ledger_missing": book.missing,
        "chain": timeline.causal_chain(dossier, causes, reason[0]) if reason else [],
        "chain_people": reason[1] if reason else 0,
    }


def _ledger_figure(dossier: Dossier, book: Ledger) -> Any:
    bars: dict[str, Mapping[str, float]] = {"mean of all": book.mean_s()}
    for name, accounts in _by_storey(dossier, book):
        count = len(accounts)
        bars[f"mean, from {name}"] = {
            entry: sum(a.entries[entry] for a in accounts) / count / 1000 for entry in ENTRIES
        } | {UNEXPLAINED: sum(a.unexplained_ms for a in accounts) / count / 1000}
    if book.last:
        bars["last person out"] = book.last.seconds()
    return figures.ledger_bars(bars)


def _by_storey(dossier: Dossier, book: Ledger) -> Iterator[tuple[str, list[Any]]]:
    """Accounts by the storey people began on, if they began on more than one."""
    home = tables.home_storeys(dossier)
    groups: dict[str, list[Any]] = {}
    for account in book.accounts:
        groups.setdefault(home.get(account.person, ""), []).append(account)
    named = [(s.name, groups[s.id]) for s in dossier.building.storeys if s.id in groups]
    if len(named) > 1:
        yield from named


def _commonest_cause(book: Ledger) -> tuple[str, int] | None:
    counts: dict[str, int] = {}
    for account in book.accounts:
        if account.cause:
            counts[account.cause] = counts.get(account.cause, 0) + 1
    return max(counts.items(), key=lambda item: (item[1], item[0]), default=None)


def _way_out(dossier: Dossier, book: Ledger) -> dict[str, Any]:
    curves, exits = tables.egress(dossier), tables.exits(dossier)
    names = {row.portal: dossier.building.name_of(row.portal) for row in exits}
    limits = wording.time_limits(dossier, curves.out_ms)
    picture = figures.egress_curve(curves, headcount(dossier), book.start.t_ms, limits)
    flows = figures.exit_flows(exits, book.start.t_ms, names)
    return {
        "egress_figure": _svg("egress", picture, "people who noticed, set off and are out"),
        "flow_figure": _svg("flow", flows, "people per second through each exit"),
        "exits": exits,
        "names": names,
        "unused_exits": [names[row.portal] for row in exits if not row.people],
        "stairs": tables.stairs(dossier),
        "storeys": tables.storeys(dossier),
        "queues": [(dossier.building.name_of(row.space), row) for row in tables.queues(dossier)][
            :QUEUE_ROWS
        ],
        "losses": [
            (dossier.building.name_of(row.space), row) for row in loss_rows(losses(dossier))
        ],
    }


def _crowds(dossier: Dossier, crowds: Crowding) -> dict[str, Any]:
    named: list[tuple[str, Peak]] = [
        (dossier.building.name_of(peak.space), peak) for peak in crowds.peaks[:CROWDED_ROWS]
    ]
    return {
        "worst": crowds.worst,
        "worst_name": dossier.building.name_of(crowds.worst.space) if crowds.worst else "",
        "peaks": named,
        "density_figure": _density_figure(dossier, crowds),
        "maps": list(_maps(dossier, crowds)),
        "empty_storeys": [
            dossier.building.name_of(storey)
            for storey in plan.drawn_storeys(dossier.building)
            if crowds.peaks and not plan.busy(dossier.building, storey, crowds.highest)
        ],
    }


def _density_figure(dossier: Dossier, crowds: Crowding) -> Markup:
    """The most crowded spaces over time; nothing if no space was ever crowded."""
    spaces = [peak.space for peak in crowds.peaks if peak.people >= CROWD][:CURVE_SPACES]
    if not spaces:
        return Markup("")
    curves = {
        legible(dossier.building.name_of(space), space): series(
            dossier.journeys, dossier.building, space
        )
        for space in spaces
    }
    figure = figures.density_curves(curves, start(dossier).t_ms)
    return _svg("density", figure, "density over time in the most crowded spaces")


def _maps(dossier: Dossier, crowds: Crowding) -> Iterator[Markup]:
    if not crowds.peaks:
        return
    yield _svg("key", plan.density_key(), "shades of density in people per square metre")
    for number, storey in enumerate(plan.drawn_storeys(dossier.building)):
        name = dossier.building.name_of(storey)
        maps = [
            (f"{name}, {when}", densities)
            for when, densities in (
                ("at the worst moment", crowds.at_worst),
                ("highest at any time", crowds.highest),
            )
            if plan.busy(dossier.building, storey, densities)
        ]
        if not maps:
            continue
        if len(maps) == 1:
            maps = [(f"{maps[0][0]} (nobody was here at the worst moment)", maps[0][1])]
        figure = plan.storey_maps(dossier.building, storey, maps)
        yield _svg(f"map{number}", figure, f"density on storey {name}")


def _events(dossier: Dossier, book: Ledger) -> dict[str, Any]:
    figure = swimlanes.swim_lanes(timeline.lane_rows(dossier), book.start.t_ms)
    return {
        "lanes_figure": _svg("lanes", figure, "timeline in five lanes"),
        "events": timeline.key_events(dossier),
    }


def _making(dossier: Dossier) -> dict[str, Any]:
    manifest, metrics = dossier.manifest, dossier.metrics
    kinds: dict[str, int] = {}
    for device in dossier.devices:
        kinds[dossier.kind_of(device)] = kinds.get(dossier.kind_of(device), 0) + 1
    hashes = {key: metrics[key] for key in metrics if str(key).endswith("_sha256")}
    return {
        "configuration": list(flat(manifest.get("configuration") or {})),
        "reality": wording.reality(dossier),
        "device_kinds": sorted(kinds.items()),
        "versions": sorted((manifest.get("versions") or {}).items()),
        "inputs": sorted((manifest.get("inputs") or {}).items()),
        "hashes": sorted(hashes.items()),
        "rerun": wording.command(manifest),
        "started": manifest.get("started_wall", "unknown"),
        "building_source": dossier.building.source,
        "model_limits": wording.LIMITS_OF_MODEL,
        "journals": f"{len(dossier.twin):,} records of the twin, "
        f"{len(dossier.controller):,} of the controller",
    }


def flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Nested settings as (dotted path, value) rows."""
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from flat(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        yield path, ", ".join(str(item) for item in value) or "none"
    else:
        yield path, "none" if value in (None, {}) else str(value)


def _svg(name: str, figure: Any, say: str) -> Markup:
    return Markup(inline(figure, name, say))
