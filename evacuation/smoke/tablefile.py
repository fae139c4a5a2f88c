"""Reads a smoke table from CSV or YAML, and says of every row what is wrong with it.

CSV: a header with ``time_s``, ``space`` and one column or more of table.COLUMNS. YAML: a list
``rows`` of mappings with these keys. Quantities that are left out are those of clean air.
"""

import csv
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from io import StringIO
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from evacuation.smoke.table import COLUMNS, FRESH, Course, SmokeTable

KEYS = ("time_s", "space")
LIMITS: Mapping[str, tuple[float, float]] = {
    "time_s": (0.0, 1e6),
    "extinction_per_m": (0.0, 1e3),
    "co2_percent": (0.0, 100.0),
    "o2_percent": (0.0, 100.0),
    "temperature_c": (-60.0, 1500.0),
    "radiant_kw_m2": (0.0, 500.0),
}
"""Least and greatest value of each column; gases in ppm lie between 0 and 1,000,000."""
PPM = (0.0, 1e6)
MOST_TOLD = 20
SUFFIXES = (".csv", ".yaml", ".yml")

Row = tuple[int, Mapping[str, Any]]


class SmokeTableError(ValueError):
    """A smoke table that can not be used; ``problems`` holds one line per fault found."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        more = len(self.problems) - MOST_TOLD
        rest = (f"... and {more} more",) if more > 0 else ()
        super().__init__("\n".join((*self.problems[:MOST_TOLD], *rest)))


def read_smoke_table(path: Path, spaces: Collection[str]) -> SmokeTable:
    """Return the table of a file, its spaces checked against those that exist.

    Raises SmokeTableError with every problem: file, line, what is wrong, what to do.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SmokeTableError([f"{path}: cannot be read: {why}"]) from None
    reader = _Reader(path.name, spaces)
    rows = reader.csv(text) if path.suffix.lower() == ".csv" else reader.yaml(text)
    return reader.table(rows)


@dataclass
class _Reader:
    name: str
    spaces: Collection[str]
    problems: list[str] = field(default_factory=list)
    found: dict[str, list[tuple[float, ...]]] = field(default_factory=dict)

    def table(self, rows: Iterable[Row]) -> SmokeTable:
        """Check and keep every row; raise if there is anything wrong, or nothing there."""
        for line, row in rows:
            self._row(line, row)
        if not self.found and not self.problems:
            self._tell(1, "the table has no rows")
        if self.problems:
            raise SmokeTableError(self.problems)
        courses = {}
        for space, values in self.found.items():
            array = np.array(values, np.float64)
            courses[space] = Course(array[:, 0], array[:, 1:])
        return SmokeTable(self.name, courses)

    def csv(self, text: str) -> Iterator[Row]:
        """Yield the rows of a CSV file by line, once its header is sound."""
        reader = csv.reader(StringIO(text))
        header = [cell.strip() for cell in next(reader, [])]
        if not self._header(header):
            return
        for cells in reader:
            if len(cells) == len(header):
                yield reader.line_num, dict(zip(header, cells, strict=True))
            elif any(cell.strip() for cell in cells):
                text = f"{len(cells)} values under {len(header)} columns"
                self._tell(reader.line_num, text)

    def yaml(self, text: str) -> Iterator[Row]:
        """Yield the rows of a YAML file by line."""
        from ruamel.yaml import YAML
        from ruamel.yaml.error import YAMLError

        try:
            content = YAML(typ="rt").load(text)
        except YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            self._tell(mark.line + 1 if mark else 1, "this is not valid YAML")
            return
        rows = content.get("rows") if isinstance(content, Mapping) else None
        if not isinstance(rows, list):
            self._tell(1, "a smoke table in YAML is `rows:` with a list below it")
            return
        for number, row in enumerate(rows):
            line = int(rows.lc.data[number][0]) + 1  # type: ignore[attr-defined]
            if isinstance(row, Mapping) and self._header(list(map(str, row)), line):
                yield line, row
            elif not isinstance(row, Mapping):
                self._tell(line, "a row is a mapping like {time_s: 0, space: hall, co_ppm: 0}")

    def _header(self, names: list[str], line: int = 1) -> bool:
        before = len(self.problems)
        for key in KEYS:
            if key not in names:
                self._tell(line, f"column `{key}` is missing{_hint(key, names, 'is it')}")
        for name in names:
            if name not in (*KEYS, *COLUMNS):
                known = _hint(name, (*KEYS, *COLUMNS), "did you mean")
                self._tell(line, f"unknown column `{name}`{known}")
        if not set(names) & set(COLUMNS):
            self._tell(line, f"no quantity: give one or more of {', '.join(COLUMNS)}")
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            self._tell(line, f"column `{twice[0]}` stands there twice")
        return len(self.problems) == before

    def _row(self, line: int, row: Mapping[str, Any]) -> None:
        space = str(row["space"]).strip()
        if space not in self.spaces:
            hint = _hint(space, sorted(self.spaces), "nearest:")
            self._tell(line, f"space {space!r} is not on this floor{hint}")
        numbers = {
            name: self._number(line, name, row[name]) for name in ("time_s", *COLUMNS)
            if name in row
        }  # fmt: skip
        if space not in self.spaces or None in numbers.values():
            return
        values = [numbers.get(name, usual) for name, usual in zip(COLUMNS, FRESH, strict=True)]
        rows, time = self.found.setdefault(space, []), numbers["time_s"] or 0.0
        if rows and time <= rows[-1][0]:
            text = f"time goes back in {space}: {time:g} s after {rows[-1][0]:g} s; sort the rows"
            self._tell(line, f"{text} by time, one per space and time")
        rows.append((time, *(value or 0.0 for value in values)))

    def _number(self, line: int, name: str, given: Any) -> float | None:
        """Return a value as a number within its limits, or tell what is wrong with it."""
        text = "" if given is None else str(given).strip()
        try:
            value = float(text)
        except ValueError:
            what = f"`{name}` is empty" if not text else f"`{name}` is no number: {text!r}"
            usual = dict(zip(COLUMNS, FRESH, strict=True)).get(name, 0.0)
            self._tell(line, f"{what}; clean air has {usual:g}" if name != "time_s" else what)
            return None
        low, high = LIMITS.get(name, PPM)
        if isfinite(value) and low <= value <= high:
            return value
        self._tell(line, f"`{name}` must lie between {low:g} and {high:g}, not {text}")
        return None

    def _tell(self, line: int, message: str) -> None:
        self.problems.append(f"{self.name}:{line}: {message}")


def _hint(word: str, known: Iterable[str], verb: str) -> str:
    close = get_close_matches(word, list(known), n=1, cutoff=0.4)
    return f" ({verb} `{close[0]}`?)" if close else ""
