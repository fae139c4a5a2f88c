"""What the category of a unit means; the table is ``categories.toml`` beside this file."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from evacuation.bim.names import UNNAMED, Meaning

TABLE = Path(__file__).with_name("categories.toml")
VOID = "void"


def meaning_of(category: str) -> Meaning:
    """Kind, use and m2 per person of an IMDF category; a plain room if the table lacks it."""
    known = _table()
    found = known.get(category) or known.get(category.partition(".")[0])
    return found or Meaning(UNNAMED.kind, category, 0.0)


@cache
def _table() -> Mapping[str, Meaning]:
    rows = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return {
        name: Meaning(row["kind"], name, float(row.get("m2_per_person", 0.0)))
        for name, row in rows.items()
    }
