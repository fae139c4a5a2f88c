"""A site's plan as a picture: the chains over time, the levels as steps.

`python -m scenarios.plan_picture SITE > docs/plan.svg`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

from controller.plan.loading import FILE
from controller.plan.values import Incident, Level, Plan
from controller.site import load
from scenarios.catalog import find_site

_WIDE, _LEFT, _ROW = 940, 20, 30
_STYLE = (
    ".t{font-weight:bold}.s{font-size:11px;fill:#333}.b{fill:#fff;stroke:#333;stroke-width:1.3}"
    ".q{fill:#f4f4f4;stroke:#0072B2;stroke-width:1.3;stroke-dasharray:5 3}"
    ".l{stroke:#999;stroke-width:1.2;fill:none}"
)
_SHADES = ("#fdf3d8", "#fbdf9d", "#f3b562", "#e28b3d", "#d55e00")


def picture(plan: Plan) -> str:
    """The plan as SVG."""
    lines, bottom = _chains(plan)
    steps, end = _levels(plan, bottom + 34)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {end}" '
        'font-family="DejaVu Sans, Arial, sans-serif" font-size="13" role="img" '
        'aria-label="Who is told when, and the levels of the plan">'
    )
    ground = f'<rect width="{_WIDE}" height="{end}" fill="#fff"/>'
    return "\n".join([head, f"<style>{_STYLE}</style>", ground, *lines, *steps, "</svg>"]) + "\n"


def _chains(plan: Plan) -> tuple[list[str], int]:
    """One row per step of every incident, its time on the left."""
    drawn = [_text(_LEFT, 26, "Who is told when", "t")]
    top = 40
    for incident in plan.incidents.values():
        drawn.append(_text(_LEFT, top + 20, incident.say, "t"))
        causes = ", ".join((*incident.buttons, *incident.causes))
        drawn.append(_text(_LEFT, top + 36, _short(causes, 34), "s"))
        rows = list(_rows(plan, incident))
        drawn.append(f'<path class="l" d="M262 {top + 8}V{top + _ROW * len(rows)}"/>')
        for number, (when, who, dashed) in enumerate(rows):
            y = top + _ROW * number
            drawn.append(_text(272, y + 20, when, "s"))
            drawn.append(f'<rect class="{"q" if dashed else "b"}" x="350" y="{y + 3}" width="570" '
                         f'height="24" rx="4"/>')  # fmt: skip
            drawn.append(_text(360, y + 20, who, "s"))
        top += max(_ROW * len(rows), 44) + 14
    return drawn, top


def _rows(plan: Plan, incident: Incident) -> Iterator[tuple[str, str, bool]]:
    for step in incident.steps:
        who = ", ".join(plan.receivers[name].say for name in step.to)
        spared = " and ".join(plan.receivers[name].say for name in step.unless)
        tail = f" - unless {spared} has acknowledged" if spared else ""
        quiet = [plan.receivers[n].say for n in step.to if not plan.receivers[n].drill]
        drill = f" (not in a drill: {', '.join(quiet)})" if quiet else ""
        yield (_when(step.after_ms), f"{who}{tail}{drill}", bool(spared))
    for report in plan.reports:
        if incident.id in report.incidents:
            who = ", ".join(plan.receivers[name].say for name in report.to)
            yield (f"by {_span(report.first_ms)}", f"first report: {who}", False)
            if report.follow_ms:
                yield (f"by {_span(report.follow_ms)}", f"follow-up: {who}", False)


def _levels(plan: Plan, top: int) -> tuple[list[str], int]:
    """From the least serious below to the most on top."""
    if not plan.levels:
        return [], top
    drawn = [
        _text(_LEFT, top, "Levels: who may raise to one and lower from it, and who does what", "t")
    ]
    y = top + 14
    for number, level in reversed(list(enumerate(plan.levels))):
        high = 44 + 18 * max(0, len(level.steps) - 1)
        left = _LEFT + 30 * number
        shade = _SHADES[min(number, len(_SHADES) - 1)]
        drawn.append(f'<rect x="{left}" y="{y}" width="{_WIDE - _LEFT - left}" height="{high}" '
                     f'fill="{shade}" stroke="#333"/>')  # fmt: skip
        drawn += _level(plan, level, left, y)
        y += high
    return drawn, y + 16


def _level(plan: Plan, level: Level, left: int, y: int) -> Iterator[str]:
    yield _text(left + 10, y + 19, level.id, "t")
    yield _text(left + 46, y + 19, _short(level.say, 60), "s")
    may = f"up: {', '.join(level.raised_by)}; down: {', '.join(level.lowered_by)}"
    yield _text(left + 46, y + 35, may, "s")
    for number, step in enumerate(level.steps):
        text = f"{plan.receivers[step.to].say}: {step.say} ({_span(step.within_ms)})"
        yield _text(450, y + 19 + 18 * number, _short(text, 74), "s")


def _text(x: int, y: int, words: str, style: str) -> str:
    return f'<text x="{x}" y="{y}" class="{style}">{escape(words)}</text>'


def _short(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1] + "…"


def _when(ms: int) -> str:
    return f"after {_span(ms)}" if ms else "at once"


def _span(ms: int) -> str:
    if ms % 3_600_000 == 0:
        return f"{ms // 3_600_000} h"
    return f"{ms // 60_000} min" if ms % 60_000 == 0 else f"{ms / 1000:g} s"


def _drawn(name: str) -> str:
    site = load(find_site(name, Path()))
    if site.plan is None:
        raise SystemExit(f"{name} has no {FILE}")
    return picture(site.plan)


if __name__ == "__main__":
    print(_drawn(sys.argv[1]), end="")
