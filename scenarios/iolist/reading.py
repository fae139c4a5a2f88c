"""An integrator's sheet back into an I/O list: everything wrong at once, each with its row."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from controller.interface.files import BadFile, Problem, nearest
from controller.interface.pointentry import AREAS
from controller.interface.pointsfile import PointsFile
from scenarios.iolist.direction import is_output
from scenarios.iolist.notation import parse_notation
from scenarios.iolist.rows import COLUMNS, Row
from scenarios.iolist.sheets import read_rows

Keys = tuple[str | int, ...]
_NEEDED = ("device", "kind", "point")
_PLACES = ("at", "zone", "portal", "near")
_MAKES = ("dialect", "prefix", "gb_id", "url")
_GATEWAY = {"profile": str, "host": str, "port": int, "poll_ms": int, "timeout_ms": int,
            "retries": int}  # fmt: skip
_COLUMN_OF = {"as": "type", "within_ms": "feedback_within_ms", "equals": "feedback_equals",
              "topic": "leaf", "coil": "address", "discrete": "address", "holding": "address",
              "input": "address"}  # fmt: skip


class _Reader:
    """Builds what points.yaml would hold, and remembers from which row each part came."""

    def __init__(self, path: Path, usual: Mapping[str, Any]) -> None:
        self.problems: list[Problem] = []
        self.content: dict[str, Any] = {
            "points": 1,
            "site": usual.get("site", ""),
            "mqtt": dict(usual.get("mqtt", {})),
            "gateways": [],
            "devices": [],
        }
        self._path = path
        self._rows: dict[Keys, int] = {}
        self._known: dict[tuple[str, str], tuple[int, Row]] = {}

    def take(self, number: int, row: Row) -> None:
        """Take one row."""
        self._number, self._row = number, row
        for key, column in (("host", "mqtt_host"), ("port", "mqtt_port")):
            if row.get(column):
                self.content["mqtt"][key] = self._whole(column) if key == "port" else row[column]
        self.content["site"] = row.get("site") or self.content["site"]
        if row.get("gb28181"):
            self.content["gb28181"] = self._json("gb28181")
        if row.get("gateway"):
            self._gateway(row["gateway"])
        if not row.get("device"):
            if not row.get("gateway"):
                self._wrong("device", "a row needs a device, or at least a gateway")
            return
        device = self._device(row["device"])
        for column in _NEEDED[1:]:
            if not row.get(column):
                self._wrong(column, f"{row['device']} needs a {column}")
        if row.get("point") in device["points"]:
            self._wrong("point", f"{row['device']}.{row['point']} stands in two rows")
        elif row.get("point"):
            point = self._point()
            if any(key in point for key in (*AREAS, "topic")):
                place = self.content["devices"].index(device)
                self._rows["devices", place, "points", row["point"]] = number
                device["points"][row["point"]] = point

    def row_of(self, keys: Keys) -> int:
        """Return the row that the keys of a finding lead to, or that of what they are within."""
        while keys:
            if keys in self._rows:
                return self._rows[keys]
            keys = keys[:-1]
        return 1

    def _gateway(self, name: str) -> None:
        if not self._first("gateway", name, (*_GATEWAY, "gateway_at", "gateway_settings")):
            return
        entry: dict[str, Any] = {"id": name, "at": self._row.get("gateway_at", "")}
        for column, kind in _GATEWAY.items():
            if self._row.get(column):
                entry[column] = self._whole(column) if kind is int else self._row[column]
        if self._row.get("gateway_settings"):
            entry["settings"] = self._json("gateway_settings")
        if self._flag("real"):
            entry["real"] = True
        self._rows["gateways", len(self.content["gateways"])] = self._number
        self.content["gateways"].append(entry)

    def _device(self, name: str) -> dict[str, Any]:
        lists = ("covers", "sees", "shows", "settings")
        columns = ("kind", "unit", "gateway", *_PLACES, *lists, *_MAKES)
        devices: list[dict[str, Any]] = self.content["devices"]
        if not self._first("device", name, columns):
            return next(device for device in devices if device["id"] == name)
        row = self._row
        entry: dict[str, Any] = {"id": name, "kind": row.get("kind", "")}
        entry |= {key: row[key] for key in (*_PLACES, *_MAKES) if row.get(key)}
        for key in ("covers", "sees"):
            if row.get(key):
                entry[key] = [word.strip() for word in row[key].split(",")]
        for key in ("shows", "settings"):
            if row.get(key):
                entry[key] = self._json(key)
        if row.get("gateway"):
            entry["gateway"] = row["gateway"]
            entry["unit"] = self._whole("unit") if row.get("unit") else 1
        else:
            entry["bus"] = "http" if row.get("url") else "mqtt"
        if not row.get("gateway") and self._flag("real"):
            entry["real"] = True
        entry["points"] = {}
        self._rows["devices", len(devices)] = self._number
        devices.append(entry)
        return entry

    def _point(self) -> dict[str, Any]:
        row = self._row
        entry: dict[str, Any] = self._place()
        if row.get("type"):
            entry["as"] = row["type"]
        if row.get("bit"):
            entry["bit"] = self._whole("bit")
        if row.get("words"):
            entry["words"] = row["words"]
        if row.get("scale"):
            entry["scale"] = self._number_in("scale")
        if self._flag("invert"):
            entry["invert"] = True
        if row.get("code"):
            entry["code"] = self._whole("code")
        if row.get("direction", "").lower() not in ("", "in", "out"):
            self._wrong("direction", f"{row['direction']!r} is neither in nor out")
        if is_output(row, self.content["devices"]) and "topic" not in entry:
            entry["write"] = True
        if row.get("value_unit"):
            entry["unit"] = row["value_unit"]
        if row.get("feedback_point"):
            entry["feedback"] = self._feedback()
        return entry

    def _feedback(self) -> dict[str, Any]:
        row = self._row
        back: dict[str, Any] = {"point": row["feedback_point"]}
        if row.get("feedback_equals"):
            back["equals"] = self._json("feedback_equals")
        if row.get("feedback_within_ms"):
            back["within_ms"] = self._whole("feedback_within_ms")
        return back

    def _place(self) -> dict[str, Any]:
        """Area and address, by either notation; both must agree."""
        row = self._row
        if row.get("leaf"):
            return {"topic": row["leaf"]}
        area, address = row.get("area", ""), row.get("address", "")
        if area and area not in AREAS:
            self._wrong("area", f"no such area: {area!r}", nearest(area, AREAS))
            return {}
        numbered = self._register() if row.get("register") else None
        if numbered is None:
            if not (area and address) and row.get("register"):
                return {}
            if not (area and address):
                self._wrong("address", "a point needs area and address, a register, or a leaf")
                return {}
            return {area: self._whole("address")}
        if (area and area != numbered[0]) or (address and self._whole("address") != numbered[1]):
            text = f"{row['register']} is {numbered[0]} {numbered[1]}, not {area} {address}"
            self._wrong("register", f"{text}: the two notations disagree")
        return {numbered[0]: numbered[1]}

    def _register(self) -> tuple[str, int] | None:
        try:
            return parse_notation(self._row["register"])
        except ValueError as error:
            self._wrong("register", str(error))
            return None

    def _first(self, what: str, name: str, columns: tuple[str, ...]) -> bool:
        """Whether a name is new; a later row must not say other things of it."""
        if (what, name) not in self._known:
            self._known[what, name] = (self._number, self._row)
            return True
        number, before = self._known[what, name]
        for column in columns:
            value = self._row.get(column)
            if value and value != before.get(column):
                text = f"{name} has {column} {value!r} here and {before.get(column)!r} in row"
                self._wrong(column, f"{text} {number}")
        return False

    def _whole(self, column: str) -> int:
        text = self._row.get(column, "")
        if not text.lstrip("-").isdecimal():
            self._wrong(column, f"{text!r} is no whole number")
            return 1
        return int(text)

    def _number_in(self, column: str) -> float:
        try:
            return float(self._row[column])
        except ValueError:
            self._wrong(column, f"{self._row[column]!r} is no number")
            return 1.0

    def _flag(self, column: str) -> bool:
        word = self._row.get(column, "").lower()
        if word not in ("", "true", "false", "1", "0", "yes", "no"):
            self._wrong(column, f"{word!r} is neither true nor false")
        return word in ("true", "1", "yes")

    def _json(self, column: str) -> Any:
        """JSON; what is none is text."""
        text = self._row[column]
        try:
            return json.loads(text)
        except ValueError:
            lowered = text.lower()
            return lowered == "true" if lowered in ("true", "false") else text

    def _wrong(self, column: str, message: str, suggestion: str = "") -> None:
        problem = Problem(str(self._path), self._number, column, message, suggestion)
        self.problems.append(problem)


def read_list(path: Path, usual: Mapping[str, Any]) -> tuple[PointsFile, dict[str, Any]]:
    """Return the I/O list in a sheet, checked, and its plain content; BadFile with every problem.

    `usual`: `site` and `mqtt` for a sheet that does not say them.
    """
    found = read_rows(path)
    problems = _unknown_columns(path, found)
    reader = _Reader(path, usual)
    for number, row in found:
        reader.take(number, row)
    problems += reader.problems
    file = _checked(path, reader, problems)
    if problems or file is None:
        raise BadFile(sorted(problems, key=lambda problem: problem.line))
    return file, reader.content


def _unknown_columns(path: Path, found: list[tuple[int, Row]]) -> list[Problem]:
    names = found[0][1] if found else {}
    return [
        Problem(str(path), 1, name, f"no such column: {name!r}", nearest(name, COLUMNS))
        for name in names
        if name not in COLUMNS
    ]


def _checked(path: Path, reader: _Reader, problems: list[Problem]) -> PointsFile | None:
    """Check all rows; what is malformed is taken out, so that the rest is checked all the same."""
    content = dict(reader.content)
    content["devices"] = [device for device in content["devices"] if device["points"]]
    try:
        file = PointsFile.model_validate(content)
    except ValidationError as error:
        for item in error.errors(include_url=False, include_context=False):
            row = reader.row_of(_as_read(item["loc"], content, reader))
            if not any(problem.line == row for problem in problems):
                message = item["msg"].removeprefix("Value error, ")
                problems.append(Problem(str(path), row, _column(item["loc"]), message.lower()))
        return None
    for finding in file.findings():
        row = reader.row_of(_as_read(finding.keys, content, reader))
        column = _column(finding.keys)
        problems.append(Problem(str(path), row, column, finding.message, finding.suggestion))
    return file


def _as_read(keys: Keys, content: Mapping[str, Any], reader: _Reader) -> Keys:
    """Return the keys of a device among all that were read, without a point or with."""
    if len(keys) > 1 and keys[0] == "devices" and isinstance(keys[1], int):
        device = content["devices"][keys[1]]
        return (keys[0], reader.content["devices"].index(device), *keys[2:])
    return keys


def _column(keys: Keys) -> str:
    """Return the column of the sheet that the last key means."""
    last = next((str(key) for key in reversed(keys) if isinstance(key, str)), "")
    name = _COLUMN_OF.get(last, last)
    if "feedback" in keys and last == "point":
        return "feedback_point"
    return name if name in COLUMNS else "point" if "points" in keys else ""
