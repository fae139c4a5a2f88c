"""The document of `twin egress` in words for people."""

from __future__ import annotations

from typing import Any

from scenarios.egress.opinion import opinion_text

SHOWN = 8


def egress_text(document: dict[str, Any]) -> str:
    """Return the text: exit times under each law, exits, bottlenecks, crowding, stranded."""
    lines = [_title(document)]
    for part in (document, *document.get("other_laws", {}).values()):
        lines += _times(part)
    lines += ["", *_assumed(document), f"under {document['laws']}, the first of the laws:"]
    lines += [*_exits(document), *_worst(document), *_crowded(document)]
    lines += [*_refuge(document), *_doses(document), *_stranded(document)]
    lines += [f"written: {path}" for path in document.get("files", ())]
    lines += _converged(document)
    return "\n".join([*lines, *opinion_text(document.get("second_opinion", ()))])


def _title(document: dict[str, Any]) -> str:
    safe = document["already_safe"]
    outside = f", {safe} outside from the start are not counted" if safe else ""
    return (
        f"{document['floor']}, period {document['period']}: {document['people']} people inside"
        f"{outside}; all hear one cue at 0 s"
    )


def _times(part: dict[str, Any]) -> list[str]:
    seeds = part["seeds"]
    rows = [f"\n{part['laws']}, {seeds} run{'s' if seeds > 1 else ''}"]
    rows.append(f"{'':22}{'mean':>9}{'sd':>8}{'P5':>9}{'P50':>9}{'P95':>9}{'max':>9}")
    for key, label in (("exit_time_s", "a person is out, s"), ("total_time_s", "all are out, s")):
        row, names = part[key], ("mean", "sd", "p5", "p50", "p95", "max")
        cells = [_cell(row[name], 8 if name == "sd" else 9) for name in names]
        rows.append(f"  {label:20}" + "".join(cells))
    interval = part["total_time_s"]["interval_95"]
    if interval and None not in interval["p95"]:
        low, high = interval["p95"]
        rows.append(f"  P95 of all out lies in {low:.1f} .. {high:.1f} s (95 %, bootstrap)")
    if part["incomplete_runs"]:
        rows.append(
            f"  in {part['incomplete_runs']} of {seeds} runs not everybody got out: these count "
            "as infinitely long, and figures they reach are shown as -"
        )
    return rows


def _cell(value: float | None, width: int) -> str:
    return f"{'-':>{width}}" if value is None else f"{value:>{width}.1f}"


def _assumed(document: dict[str, Any]) -> list[str]:
    lines = [f"note: {text}" for text in document["warnings"]]
    if document["released"]:
        lines.append(f"taken as released (normally locked): {', '.join(document['released'])}")
    if document["closed"]:
        lines.append(f"closed, and nobody knows before he stands there: {_list(document)}")
    return lines


def _list(document: dict[str, Any]) -> str:
    return ", ".join(document["closed"])


def _exits(document: dict[str, Any]) -> list[str]:
    used = {k: v for k, v in document["portals"].items() if v["leads_out"] and v["count"]}
    lines = [f"{'exit':24}{'people':>8}{'first s':>9}{'last s':>8}{'peak /s':>9}"]
    for name, row in sorted(used.items(), key=lambda item: -item[1]["count"]):
        lines.append(
            f"{name:24}{row['count']:>8.1f}{row['first_s']:>9.1f}{row['last_s']:>8.1f}"
            f"{row['peak_flow_per_s']:>9.2f}"
        )
    return lines


def _worst(document: dict[str, Any]) -> list[str]:
    worst = document["bottlenecks"][:SHOWN]
    if not worst:
        return ["nobody queued"]
    lines = [f"{'bottleneck':24}{'person-s of queueing per run':>30}{'share':>8}"]
    for row in worst:
        lines.append(f"{row['portal']:24}{row['delay_person_s']:>30.0f}{row['share']:>8.0%}")
    return lines


def _crowded(document: dict[str, Any]) -> list[str]:
    spaces = document["spaces"].items()
    worst = sorted(spaces, key=lambda item: -item[1]["peak_density_per_m2"])[:SHOWN]
    head = ("peak /m2", "on m2", "LOS", "queued", "LOS", "person-s > 2/m2")
    lines = [f"{'most crowded':24} " + "".join(f"{x:>{len(x) + 2}}" for x in head)]
    for name, row in worst:
        lines.append(
            f"{name:25}{row['peak_density_per_m2']:>10.2f}{row['averaging_area_m2']:>7.0f}"
            f"{row['level_of_service']:>5}{row['peak_queue']:>8}"
            f"{row['queue_level_of_service'] or '-':>5}{row['person_s_above_per_m2']['2']:>17.0f}"
        )
    return lines


def _doses(document: dict[str, Any]) -> list[str]:
    if not document["smoke"]:
        return []
    counts = ", ".join(f"{dose}: {n:g}" for dose, n in document["persons_by_dose"].items())
    return [f"smoke from {document['smoke']}; people with a dose of at least {counts} (mean)"]


def _refuge(document: dict[str, Any]) -> list[str]:
    rows = document["refuge"]
    if not rows:
        return []
    who, where = ({row[key] for row in rows} for key in ("person", "where"))
    people = f"{len(who)} {'people' if len(who) > 1 else 'person'}"
    return [f"waiting for help in a refuge at the end: {people} in {', '.join(sorted(where))}"]


def _stranded(document: dict[str, Any]) -> list[str]:
    stuck = document["stranded"]
    if not stuck:
        return []
    count = len({row["person"] for row in stuck})
    reasons: dict[str, list[dict[str, Any]]] = {}
    for row in stuck:
        reasons.setdefault(row["reason"], []).append(row)
    lines = [f"stranded in some run: {count} {'people' if count > 1 else 'person'}"]
    for reason, rows in sorted(reasons.items(), key=lambda item: -len(item[1]))[:SHOWN]:
        who, where = ({row[key] for row in rows} for key in ("person", "where"))
        shown = ", ".join(sorted(where)[:4]) + (", ..." if len(where) > 4 else "")
        lines.append(f"  {len(who)} in {shown}: {reason}")
    return lines


def _converged(document: dict[str, Any]) -> list[str]:
    found = document["convergence"]
    if found["note"]:
        return [f"convergence: {found['note']}"]
    if found["TETconv"] is None:
        return []
    names = ("TETconv", "SDconv", "ERDconv", "EPCconv", "SCconv")
    shown = [f"{name} {found[name]:.2%}" for name in names if found[name] is not None]
    word = "converged" if found["converged"] else "not converged"
    return [f"{word} after {found['runs']} runs: {', '.join(shown)}"]
