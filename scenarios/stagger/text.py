"""The document of `twin stagger` in words for people."""

from __future__ import annotations

from typing import Any

from reports.timetable import clock


def stagger_text(document: dict[str, Any]) -> str:
    """Return the timetable, the posts, and what was measured."""
    lines = [
        f"{document['site']}, period {document['period']}: {document['people']} people in "
        f"{len(document['classes'])} classes",
        "",
        f"{'after the bell':>14}  {'stair':16} classes",
    ]
    steps: dict[tuple[float, str], list[str]] = {}
    for row in document["classes"]:
        steps.setdefault((row["at_s"], row["stair_name"]), []).append(row["name"])
    for (at_s, stair), names in steps.items():
        lines.append(f"{clock(at_s):>14}  {stair or 'no stair':16} {', '.join(names)}")
    lines.append("")
    for post in document["posts"]:
        who = f" ({post['who_name']})" if post["who_name"] else ""
        span = f"{clock(post['from_s'])} to {clock(post['to_s'])}"
        lines.append(f"a teacher at {post['at_name']}, {span}{who}")
    lines += ["", document["sentence"], *(f"written: {path}" for path in document["files"])]
    return "\n".join(lines)
