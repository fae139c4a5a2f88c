"""The pages and profiles of the device kinds, written from their declarations.

`python -m scenarios.device_pages` writes docs/devices/; a test compares the two.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from controller.interface.kinds import KINDS
from devices import profile_document
from devices.failing.page import page

FOLDER = Path(__file__).parent.parent / "docs" / "devices"
BY_HAND = frozenset({"dialects.md"})
"""Pages in the same folder that are written by hand."""

_ONE_BASED = {"coil": 1, "discrete": 10_001, "input": 30_001, "holding": 40_001}
"""First register of an area as printed in manuals that count from 1."""


def pages() -> dict[str, str]:
    """Every file below docs/devices/ and its text."""
    documents: list[dict[str, Any]] = [dict(profile_document(kind)) for kind in sorted(KINDS)]
    files = {"README.md": _index(documents)}
    for one in documents:
        files[f"{one['kind']}.md"] = _page(one)
        profile = json.dumps(one, indent=1, ensure_ascii=False)
        files[f"profiles/{one['kind']}.json"] = profile + "\n"
    files["faults.md"] = page()
    return files


def write(folder: Path = FOLDER) -> None:
    """Write every page; a page of a kind that is no longer declared is taken away."""
    files = pages()
    for stale in (*folder.glob("*.md"), *folder.glob("profiles/*.json")):
        if str(stale.relative_to(folder)) not in (*files, *BY_HAND):
            stale.unlink()
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def _index(documents: Iterable[Mapping[str, Any]]) -> str:
    heads = ["kind", "device", "", "bus", "needs", "points", "faults of its own"]
    return _INDEX + _table(heads, (_line(one) for one in documents))


def _line(one: Mapping[str, Any]) -> list[str]:
    return [
        f"[`{one['kind']}`]({one['kind']}.md)",
        one["title"]["en"],
        one["title"]["zh"],
        _bus(one),
        ", ".join(f"`{place}`" for place in one["places"]),
        str(len(one["points"])),
        ", ".join(f"`{fault['name']}`" for fault in one["faults"]),
    ]


def _page(one: Mapping[str, Any]) -> str:
    parts = [
        f"# {one['title']['en']} ({one['title']['zh']})\n\n"
        f"Kind `{one['kind']}`, on {_bus(one)}; needs "
        f"{', '.join(f'`{place}`' for place in one['places'])}. [All kinds](README.md), "
        f"[profile as JSON](profiles/{one['kind']}.json). Generated from the declaration by "
        "`python -m scenarios.device_pages`.\n",
        _wire(one),
        _points(one),
        _timing(one),
        _settings(one),
        _faults(one),
        _safe(one),
    ]
    return "\n".join(part for part in parts if part)


def _bus(one: Mapping[str, Any]) -> str:
    return "MQTT" if one["bus"] == "mqtt" else "Modbus/TCP"


def _wire(one: Mapping[str, Any]) -> str:
    if one["bus"] == "mqtt":
        return (
            f"Topics: `cs/1/<site>/{one['topic']}/<id>/<leaf>/<point>`, besides `status`, `desc`, "
            "`hb` and `ack`. State is retained, events and commands never are.\n"
        )
    steps = [
        f"`{board}` ({'one register per address' if step == 1 else f'{step} registers apart'})"
        for board, step in one["blocks"].items()
    ]
    return (
        f"Gateway profile: {', '.join(steps)}. Addresses count from 0 at the start of the device's "
        "block; in brackets as manuals print them. A site may bind any subset anywhere.\n"
    )


def _points(one: Mapping[str, Any]) -> str:
    rows = [
        [f"`{p['name']}`", p["access"], _place(p), p["type"], _range(p), p["text"]]
        for p in one["points"]
    ]
    return "## Points\n\n" + _table(["point", "access", "where", "type", "range", "says"], rows)


def _place(point: Mapping[str, Any]) -> str:
    area, offset = point["area"], point["offset"]
    if area in _ONE_BASED:
        return f"{area} {offset} ({_ONE_BASED[area] + offset:05d})"
    return f"`{area}/{point['name']}`"


def _range(point: Mapping[str, Any]) -> str:
    given, unit = point["range"], f" {point['unit']}" if point["unit"] else ""
    if point["type"] == "bool" or given is None:
        return unit.strip()
    if isinstance(given[0], str):
        return ", ".join(f"`{word}`" if word else "empty" for word in given)
    return f"{given[0]:.10g} to {given[1]:.10g}{unit}"


def _timing(one: Mapping[str, Any]) -> str:
    rows = [
        [t["text"], str(t["min_ms"]), str(t["p50_ms"]), str(t["max_ms"]), t["source"]]
        for t in one["timing"]
    ]
    table = _table(["what", "least", "median", "most", "source"], rows)
    return "## Timing, ms\n\nEach device draws its own, once, from its seed.\n\n" + table


def _settings(one: Mapping[str, Any]) -> str:
    rows = [[f"`{s['name']}`", str(s["usual"]), s["takes"], s["text"]] for s in one["settings"]]
    if not rows:
        return ""
    return "## Settings\n\n" + _table(["setting", "usual", "takes", "what"], rows)


def _faults(one: Mapping[str, Any]) -> str:
    rows = [[f"`{f['name']}`", f["value"] or "", f["text"]] for f in one["faults"]]
    if not rows:
        return "## Faults of its own\n\nNone; its gateway has some.\n"
    return "## Faults of its own\n\n" + _table(["fault", "value", "what happens"], rows)


def _safe(one: Mapping[str, Any]) -> str:
    lines = [
        "## Safe state\n",
        f"- Communication lost: {one['safe_state']['comms_lost']}.",
        f"- Power lost: {one['safe_state']['power_lost']}.",
    ]
    dog = one["watchdog"]
    if dog:
        safe = ", ".join(f"`{name}` {json.dumps(value)}" for name, value in dog["safe"].items())
        lines.append(
            f"- Watchdog: `{dog['point']}` must change within {dog['after_ms']} ms "
            f"({dog['text']}); then {safe}."
        )
    clauses = [f"- {clause}" for clause in one["clauses"]]
    if clauses:
        lines += ["", "## Clauses\n", *clauses]
    return "\n".join([*lines, ""])


def _table(heads: list[str], rows: Iterable[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines) + "\n"


_INDEX = """# Device kinds

Generated by `python -m scenarios.device_pages` from the declarations in
`controller/interface/catalogue/`; a test compares the two. What the same declaration also feeds:
`twin check`, the controller, `desc` messages, `devices.profile_document(kind)`.

The site [`device-hall`](../../scenarios/sites/device-hall/points.yaml) has one of each. Sources
marked (m) are quoted from memory. Fire panels and cameras of other makes: [dialects](dialects.md).

"""

if __name__ == "__main__":
    write()
