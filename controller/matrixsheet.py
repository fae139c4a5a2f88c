"""The matrix as a spreadsheet (CSV or XLSX): causes down, effects across, one cell each.

Above the table stand the settings (`rules`, `confirm.window_s` ...), then the effects' own rows
(`effect`, `say`, `outputs`, `value`, `rest`, ...), then one row per cause. Several names in a
cell are parted by spaces. Texts that look like numbers or true/false stand in double quotes. What
`rows` writes, `parse` reads back without loss.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from controller.interface.files import Keys, path_of
from controller.matrixfile import MatrixFile, Plain

EFFECT_KEYS = (
    "say", "outputs", "value", "rest", "instead_value", "instead_zones", "drill", "clause",
    "steers", "at_most_s",
)  # fmt: skip
CAUSE_KEYS = (
    "say", "when", "zones", "gateways", "point", "equals", "limit", "for_s", "after_s", "clause",
    "priority", "lockdown", "in_lockdown", "watches", "level", "unanswered",
)  # fmt: skip
_LISTS = ("zones", "gateways", "outputs", "instead_zones", "watches")
_TEXTS = (
    "id", "say", "when", "point", "clause", "rules", "note", "in_lockdown", "window",
    "when_disabled", "policy", "at_end", "level",
)  # fmt: skip
_NOTE = len(CAUSE_KEYS) + 1
_FIRST = _NOTE + 1
"""Columns: id, the cause's keys, note, then the effects from here on."""

Rows = Sequence[Sequence[str]]
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Parsed:
    """The same mapping that matrix.yaml holds, and where each of its keys stands (from 0)."""

    raw: dict[str, Any]
    places: Mapping[tuple[str | int, ...], Place]

    def line(self, keys: Keys) -> int:
        """The row (from 1) where `keys` lead; the nearest parent's where a key is missing."""
        return self._place(keys)[0] + 1

    def path(self, keys: Keys) -> str:
        """The cell as spreadsheets name it, like `F17`, and the key."""
        row, column = self._place(keys)
        return f"{_letters(column)}{row + 1} ({path_of(keys)})"

    def _place(self, keys: Keys) -> Place:
        known = tuple(keys)
        while known and known not in self.places:
            known = known[:-1]
        return self.places.get(known, (0, 0))


def rows(file: MatrixFile) -> list[list[str]]:
    """The spreadsheet of a matrix."""
    table = [[key, text] for key, text in _settings(file)]
    ids = [effect.id for effect in file.effects]
    table += [[], _heads("effect", ids)]
    for key in EFFECT_KEYS:
        cells = [_text(getattr(effect, key), key) for effect in file.effects]
        table.append(_heads(key, cells))
    table += [[], ["cause", *CAUSE_KEYS, "note", *ids]]
    for cause in file.causes:
        row = file.rows.get(cause.id, {})
        own = [_text(getattr(cause, key), key) for key in CAUSE_KEYS]
        cells = [row.get(effect.id, "") for effect in file.effects]
        table.append([cause.id, *own, row.get("note", ""), *cells])
    width = max(len(line) for line in table)
    return [[*line, *[""] * (width - len(line))] for line in table]


def parse(table: Rows) -> Parsed:
    """What a spreadsheet says, to be checked like the content of matrix.yaml."""
    raw: dict[str, Any] = {"causes": [], "effects": [], "rows": {}}
    places: dict[tuple[str | int, ...], Place] = {}
    part = "settings"
    heads: list[str] = []
    for number, line in enumerate(table):
        head = line[0].strip() if line else ""
        if head in ("effect", "cause"):
            part, heads = head, [cell.strip() for cell in line]
            if part == "effect":
                _name_effects(raw, places, number, heads)
        elif head and part == "settings":
            _set(raw, places, number, head, line[1] if len(line) > 1 else "")
        elif head and part == "effect":
            _describe_effects(raw, places, number, line)
        elif head:
            _cause(raw, places, number, heads, line)
    return Parsed(raw, places)


def _settings(file: MatrixFile) -> Iterator[tuple[str, str]]:
    yield "matrix", str(file.matrix)
    yield "rules", file.rules
    for part in ("confirm", "lockdown", "limits"):
        for key, value in getattr(file, part).model_dump().items():
            if value is not None:
                yield f"{part}.{key}", _text(value, key)
    for when, rank in file.priority.items():
        yield f"priority.{when}", str(rank)
    for name in ("reset", "operator"):
        order = getattr(file, name)
        if order is not None:
            yield f"{name}.point", order.point
            yield f"{name}.equals", _text(order.equals, "equals")
    if file.crowd.watches:
        yield "crowd", json.dumps(file.crowd.model_dump(exclude_defaults=True))


def _heads(key: str, cells: Sequence[str]) -> list[str]:
    return [key, *[""] * (_FIRST - 1), *cells]


def _name_effects(raw: Any, places: Any, number: int, line: Sequence[str]) -> None:
    for column, name in enumerate(line[1:], 1):
        if name:
            index = len(raw["effects"])
            raw["effects"].append({"id": name})
            places["effects", index] = places["effects", index, "id"] = (number, column)
            places["column", column] = (index, column)


def _describe_effects(raw: Any, places: Any, number: int, line: Sequence[str]) -> None:
    key = line[0].strip()
    for column, cell in enumerate(line[1:], 1):
        if cell.strip() and ("column", column) in places:
            index = places["column", column][0]
            raw["effects"][index][key] = _value(cell.strip(), key)
            places["effects", index, key] = (number, column)


def _set(raw: Any, places: Any, number: int, head: str, cell: str) -> None:
    node, keys = raw, head.split(".")
    for key in keys[:-1]:
        node = node.setdefault(key, {})
    node[keys[-1]] = _value(cell.strip(), keys[-1])
    places[tuple(keys)] = (number, 1)


def _cause(raw: Any, places: Any, number: int, heads: Sequence[str], line: Sequence[str]) -> None:
    name, index = line[0].strip(), len(raw["causes"])
    entry: dict[str, Any] = {"id": name}
    row: dict[str, str] = {}
    effects = {column: e["id"] for column, e in _columns(raw, places)}
    places["causes", index] = places["causes", index, "id"] = places["rows", name] = (number, 0)
    for column, cell in enumerate(line[1:], 1):
        text, head = cell.strip(), heads[column] if column < len(heads) else ""
        if not text:
            continue
        if column in effects:
            row[effects[column]] = text
            places["rows", name, effects[column]] = (number, column)
        elif head == "note":
            row["note"] = text
        else:
            entry[head or f"column {_letters(column)}"] = _value(text, head)
            places["causes", index, head] = (number, column)
    raw["causes"].append(entry)
    if row:
        raw["rows"][name] = row


def _columns(raw: Any, places: Any) -> Iterator[tuple[int, Any]]:
    for keys, (index, column) in places.items():
        if keys[0] == "column":
            yield column, raw["effects"][index]


def _text(value: Plain | Sequence[str] | None, key: str) -> str:
    """A value as it stands in a cell."""
    if value is None:
        return ""
    if isinstance(value, str):
        plain = key in _TEXTS or (value != "" and _value(value, "") == value)
        return value if plain else json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    return " ".join(value)


def _value(cell: str, key: str) -> Any:
    """What a cell says: a list of names, a text, or true, false, a number, else a text."""
    if key in _LISTS:
        return cell.split()
    if key in _TEXTS:
        return cell
    try:
        value = json.loads(cell)
    except ValueError:
        return cell
    return value if isinstance(value, bool | int | float | str) or key == "crowd" else cell


def _letters(column: int) -> str:
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
