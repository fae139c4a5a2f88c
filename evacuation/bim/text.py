"""A floor mapping as YAML text that a person can read: one row per entry, columns aligned.

A flow row per space or portal keeps a storey on one screen, and a change to one room is a change
to one line.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9.-]*")
_RESERVED = {"true", "false", "null", "yes", "no", "on", "off"}

Row = Mapping[str, Any]


def yaml_of(floor: Mapping[str, Any], remarks: Sequence[str] = ()) -> str:
    """``floor`` as the text of floor.yaml, with ``remarks`` as comments at its head."""
    names = {storey["id"]: storey["name"] for storey in floor["storeys"]}
    lines = [f"# {remark}".rstrip() for remark in remarks]
    lines += [f"{key}: {scalar(floor[key])}" for key in ("floor", "name", "source")]
    lines += ["", "storeys:", *table(floor["storeys"])]
    lines += ["", "spaces:", *_by_storey(floor["spaces"], names)]
    lines += ["", "portals:", *_by_storey(floor["portals"], names)]
    return "\n".join(lines) + "\n"


def table(rows: Iterable[Row]) -> list[str]:
    """Rows as aligned flow mappings; rows next to each other with the same keys share columns."""
    lines: list[str] = []
    for _, alike in groupby(rows, key=_keys):
        cells = [[f"{key}: {scalar(value)}" for key, value in row.items()] for row in alike]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines += [f"  - {{{_aligned(row, widths)}}}" for row in cells]
    return lines


def scalar(value: Any) -> str:
    """One value in flow style; words stay bare, everything else is JSON, which is YAML."""
    if isinstance(value, str):
        bare = _PLAIN.fullmatch(value) and value.casefold() not in _RESERVED
        return value if bare else json.dumps(value, ensure_ascii=False)
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(scalar(part) for part in value)}]"
    return json.dumps(value)


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [f"{cell},".ljust(width + 1) for cell, width in zip(cells, widths, strict=True)]
    return " ".join([*padded[:-1], cells[-1]])


def _keys(row: Row) -> tuple[str, ...]:
    return tuple(row)


def _by_storey(rows: Iterable[Row], names: Mapping[str, str]) -> list[str]:
    lines: list[str] = []
    for key, alike in groupby(rows, key=_heading):
        lines += [f"  # {names.get(key, _OTHERS.get(key, key))}", *table(alike)]
    return lines


_OTHERS = {"stairs": "Stairs", "ends": "Ends of the stairs", "outside": "Outside"}


def _heading(row: Row) -> str:
    """The storey of a room or portal; stairs, their ends and the outside stand by themselves."""
    if row.get("kind") == "stair":
        return "stairs"
    if re.search(r"\.(foot|head)$", row["id"]):
        return "ends"
    return str(row.get("storey", row["id"].partition(".")[0]))
