"""Both journals of a run as one order of events.

The twin and the controller each write their own journal; a report reads them together.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Any

from controller.interface import journal

Record = dict[str, Any]
SOURCES = ("controller", "twin")


def read(folder: Path, source: str) -> list[Record]:
    """The records of `<source>.jsonl` in a run's folder, each with the name of its `journal`.

    Empty if there is no such journal; a last line that was cut off by a kill is left out.
    """
    path = folder / f"{source}.jsonl"
    records = journal.read(path)[1] if path.exists() else []
    for record in records:
        record["journal"] = source  # `source` is a key of `cue` records
    return records


def merge(*parts: Iterable[Record]) -> list[Record]:
    """Records of several journals by (t, phase, source, number)."""
    return sorted(chain(*parts), key=lambda r: (r["t"], r["p"], r["journal"], r["n"]))
