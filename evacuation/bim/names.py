"""What a room's name says about its kind and use; the table is ``names.toml`` beside this file."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("names.toml")


@dataclass(frozen=True, slots=True)
class Meaning:
    """Kind and use of a room, and planning floor area per person in m2 (0 = nobody stays there)."""

    kind: str
    use: str
    m2_per_person: float


UNNAMED = Meaning("room", "", 0.0)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: any of these patterns in a name means this."""

    pattern: re.Pattern[str]
    meaning: Meaning


@cache
def rows() -> tuple[Row, ...]:
    """The table in its order, words compiled to one pattern per row."""
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))["names"]
    return tuple(
        Row(
            re.compile("|".join(_pattern(word) for word in row["words"])),
            Meaning(row["kind"], row["use"], float(row.get("m2_per_person", 0.0))),
        )
        for row in table
    )


def meaning(name: str) -> Meaning:
    """What ``name`` means by the table; a plain room if no row applies."""
    lowered = name.casefold()
    return next((row.meaning for row in rows() if row.pattern.search(lowered)), UNNAMED)


def _pattern(word: str) -> str:
    alone = word.endswith(".")
    escaped = re.escape(word.removesuffix("."))
    return rf"(?<![^\W\d_]){escaped}(?![^\W\d_])" if alone else escaped
