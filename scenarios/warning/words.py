"""A `twin warn` document as lines to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scenarios.warning.judging import LEAD_MS, SEEN_MS

SAYS = {
    "recall": f"cascades warned of {LEAD_MS // 1000} s before R_f is above 1",
    "recall_pile": f"piles of ten warned of {LEAD_MS // 1000} s before",
    "before_first": "cascades warned of before the first fall",
    "seen": f"falls on a flight suspected or red within {SEEN_MS // 1000} s",
    "seen_lying": "the same, of those who lay for a second at least",
    "sure": f"falls on a flight red within {SEEN_MS // 1000} s",
    "false_amber2": "stairs with a false amber 2",
    "false_red": "stairs with a false red",
    "false_suspected": "calm stairs on which a fall was suspected and nobody fell",
}
MEASURES = {
    "falls": "falls",
    "cascades": "cascades",
    "piles": "piles of ten",
    "left": "still inside after 300 s",
}


def warn_text(document: Mapping[str, Any]) -> str:
    """The document as lines to read."""
    lines = [f"{document['site']}: {document['stairs']} stairs in dismissals"]
    lines += [_share(document, name, text) for name, text in SAYS.items()]
    for kind, one in document["kinds"].items():
        if one["recall"]["of"]:
            lines.append(
                f"{kind}: {one['recall']['hits']} of {one['recall']['of']} cascades warned of"
            )
    if document["suspected_s"] is not None:
        lines.append(f"a calm stair is held for {document['suspected_s']:.1f} s by mistaken falls")
    for plan, one in document["steered"].items():
        lines += _steered(plan, one)
    return "\n".join(lines)


def _share(document: Mapping[str, Any], name: str, text: str) -> str:
    one, met = document[name], document["met"].get(name)
    target = f": {met} (target {document['targets'][name]:g})" if met else ""
    return (
        f"{text}: {one['hits']} of {one['of']}, 95 % interval {one['low']:.3f} to "
        f"{one['high']:.3f}{target}"
    )


def _steered(plan: str, one: Mapping[str, Any]) -> Iterator[str]:
    yield f"{plan}, {one['seeds']} seeds, without the controller's commands and with them:"
    for name, text in MEASURES.items():
        row = one[name]
        between = "" if row["low"] is None else f", 95 % {row['low']:.1f} to {row['high']:.1f}"
        yield (
            f"  {text}: {row['without']:.1f} and {row['with']:.1f}, "
            f"difference {row['difference']:+.1f}{between}"
        )
    times, hold = one["hold"]["fall_to_held_door_ms"], one["hold"]
    yield f"  of {hold['first_falls']} first falls {hold['held_before']} came at a held stair"
    if times:
        yield (
            f"  from the fall to the held door: {times[len(times) // 2] / 1000:g} s in the middle, "
            f"{times[-1] / 1000:g} s at most, {len(times)} falls"
        )
