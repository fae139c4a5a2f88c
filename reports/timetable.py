"""A release plan as one page to pin up: which class leaves when, by which stair, who stands where.

The input is the document of `twin stagger`: `classes` (name, room_name, storey_name, stair_name,
at_s), `posts` (at_name, from_s, to_s, who_name), `sentence`, `site`, `period`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from reports.figures import styled
from reports.palette import BLACK, GREY, PALE, WHITE, legible

PAGE_IN = (8.27, 11.69)
RULES = (
    "A class goes when it is called, not before. The teacher leaves last.",
    "Posts: stand beside the stream or above it, never in it; stop it at once if somebody falls.",
    "Told to wait: stay in the room. Fire alarm: this plan ends, everybody leaves as in a drill.",
)
NO_STAIR = "without stairs"
Row = Mapping[str, Any]
_FONTS = "'Noto Sans SC','Noto Sans CJK SC','Microsoft YaHei','PingFang SC',sans-serif"
_STYLE = (
    f"body{{font:16px/1.35 {_FONTS};margin:2rem auto;max-width:60rem;color:#000}}"
    "h1{margin:0}p{margin:.3rem 0}table{border-collapse:collapse;width:100%;margin:1rem 0}"
    "th,td{border:1px solid #000;padding:.25rem .5rem;text-align:left;vertical-align:top}"
    "th{background:#000;color:#fff}tr:nth-child(even) td{background:#ececec}"
    "td:first-child{font-weight:bold;white-space:nowrap}"
    "@media print{@page{size:A4;margin:12mm}body{margin:0;font-size:12px}.more{break-before:page}"
    "th{-webkit-print-color-adjust:exact;print-color-adjust:exact}}"
)


def clock(seconds: float) -> str:
    """Minutes and seconds after the bell."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def timetable_page(document: Mapping[str, Any]) -> str:
    """The page as HTML that needs nothing else: calls by time, posts, then every class by name."""
    stairs, calls = _calls(document["classes"])
    called = [
        [clock(at), *(", ".join(_told(r) for r in cell) for cell in row)] for at, row in calls
    ]
    found = [
        [row["name"], row["room_name"], row["storey_name"], row["stair_name"], clock(row["at_s"])]
        for row in sorted(document["classes"], key=lambda row: str(row["group"]))
    ]
    parts = [
        f"<h1>{escape(document['site'])}</h1>",
        f"<p>Release after the bell, period {escape(document['period'])}</p>",
        _table(("after the bell", *stairs), called),
        *_posts_table(document["posts"]),
        *(f"<p>{escape(rule)}</p>" for rule in RULES),
        f"<p><small>{escape(document['sentence'])}</small></p>",
        '<h2 class="more">Every class</h2>',
        _table(("class", "room", "floor", "stair", "after the bell"), found),
    ]
    head = '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    title = f"<title>{escape(document['site'])}: release after the bell</title>"
    return f"{head}{title}<style>{_STYLE}</style></head><body>{''.join(parts)}</body></html>\n"


def _posts_table(posts: Sequence[Row]) -> list[str]:
    rows = [
        [f"{clock(p['from_s'])} to {clock(p['to_s'])}", p["at_name"], p["who_name"]] for p in posts
    ]
    return [_table(("teacher's post", "where", "from"), rows)] if rows else []


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    first = "".join(f"<th>{escape(word)}</th>" for word in head)
    lines = ("".join(f"<td>{escape(word)}</td>" for word in row) for row in rows)
    return f"<table><tr>{first}</tr>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


def _calls(classes: Sequence[Row]) -> tuple[list[str], list[tuple[float, list[list[Row]]]]]:
    """The stairs, and per time the classes that are called, stair by stair."""
    stairs = sorted({row["stair_name"] or NO_STAIR for row in classes}, key=_last)
    times = sorted({row["at_s"] for row in classes})
    return stairs, [
        (at, [[r for r in classes if r["at_s"] == at and _stair(r) == s] for s in stairs])
        for at in times
    ]


def _stair(row: Row) -> str:
    return row["stair_name"] or NO_STAIR


def _last(stair: str) -> tuple[bool, str]:
    return stair == NO_STAIR, stair


def _told(row: Row) -> str:
    """A class with its room, if that has another name, and its floor."""
    name = legible(row["name"], row["group"])
    room = legible(row["room_name"], row["room"])
    place = [word for word in (room, legible(row["storey_name"], row["storey"])) if word != name]
    return f"{name} ({', '.join(place)})"


@styled
def timetable_figure(document: Mapping[str, Any]) -> Figure:
    """The page as an A4 figure; names that no font here can draw are given by their ids."""
    figure = Figure(figsize=PAGE_IN)
    axes = figure.add_axes((0.06, 0.04, 0.88, 0.92))
    axes.set(xlim=(0, 100), ylim=(130, 0))
    axes.axis("off")
    axes.text(0, 2, legible(document["site"], "Release plan"), fontsize=22, fontweight="bold")
    axes.text(0, 6.5, f"Release after the bell, period {document['period']}", fontsize=12)
    foot = _posts(axes, document["posts"])
    _grid(axes, *_calls(document["classes"]), 10.0, foot - 3)
    for number, rule in enumerate(RULES):
        axes.text(0, 118 + 2.6 * number, rule, fontsize=8.5)
    sentence = document["sentence"].split(". ")
    axes.text(0, 127, "\n".join(sentence), fontsize=6.5, color=GREY, va="center")
    return figure


def _grid(
    axes: Axes,
    stairs: Sequence[str],
    calls: Sequence[tuple[float, list[list[Row]]]],
    top: float,
    bottom: float,
) -> None:
    """Times down, stairs across; a row is as high as its fullest cell."""
    heights = [max(1, *(len(cell) for cell in row)) + 0.5 for _, row in calls]
    unit = min(3.4, (bottom - top - 4) / (sum(heights) or 1))
    told = [_told(one) for _, row in calls for cell in row for one in cell]
    column_pt = 0.82 * (0.88 * PAGE_IN[0] * 72) / len(stairs) - 8
    size = min(12.0, 3.5 * unit + 1, column_pt / max(map(_ems, told)))
    edges = [18 + (82 * k) / len(stairs) for k in range(len(stairs) + 1)]
    axes.add_patch(Rectangle((0, top), 100, 4, color=BLACK, lw=0))
    for left, word in zip((1, *(x + 1 for x in edges)), ("after the bell", *stairs), strict=False):
        said = legible(word, "stair")
        axes.text(left, top + 2, said, color=WHITE, va="center", fontsize=10, fontweight="bold")
    y = top + 4
    for number, ((at, row), height) in enumerate(zip(calls, heights, strict=True)):
        tall = height * unit
        shade = PALE if number % 2 else WHITE
        axes.add_patch(Rectangle((0, y), 100, tall, fc=shade, ec=GREY, lw=0.4, clip_on=False))
        axes.text(1, y + tall / 2, clock(at), va="center", fontsize=size + 1, fontweight="bold")
        for left, cell in zip(edges, row, strict=False):
            words = "\n".join(_told(one) for one in cell)
            axes.text(left + 1, y + tall / 2, words, va="center", fontsize=size, linespacing=1.15)
        y += tall


def _ems(words: str) -> float:
    """About how wide words are, in sizes of their type: Han letters are square."""
    return sum(1.0 if ord(letter) > 0x2E7F else 0.62 for letter in words)


def _posts(axes: Axes, posts: Sequence[Row]) -> float:
    """Posts above the rules, in two columns; return where they begin."""
    rows = -(-len(posts) // 2)
    top = 114 - 2.8 * rows
    if posts:
        axes.text(0, top - 1.2, "Teachers on the stairs", fontsize=10, fontweight="bold")
    for number, post in enumerate(posts):
        column, line = divmod(number, rows)
        who = legible(post["who_name"], "")
        place = legible(post["at_name"], post["at"])
        said = f"{clock(post['from_s'])} to {clock(post['to_s'])}  {place}"
        text = f"{said}, {who}" if who else said
        axes.text(50 * column, top + 1.8 + 2.8 * line, text, fontsize=8.5)
    return top - 2
