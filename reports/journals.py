"""Both journals of a run as one order of events.

The twin and the controller each write their own journal; a report reads them together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from controller.interface import journal

Record = dict[str, Any]
SOURCES = ("controller", "twin")


def read(folder: Path, source: str) -> list[Record]:
    """The records of `<source>.jsonl` in a run's folder; empty if there is no such journal.

    A last line that was cut off by a kill is left out.
    """
    path = folder / f"{source}.jsonl"
    return journal.read(path)[1] if path.exists() else []


def merge(
    twin: Iterable[Record], controller: Iterable[Record], kinds: Collection[str] = ()
) -> list[Record]:
    """Records of both journals by (t, phase, source, number), each with a `source` key.

    `kinds` keeps only these kinds; empty keeps all.
    """
    tagged = [
        {**record, "source": source}
        for source, records in zip(SOURCES, (controller, twin), strict=True)
        for record in records
        if not kinds or record["k"] in kinds
    ]
    return sorted(tagged, key=lambda r: (r["t"], r["p"], r["source"], r["n"]))
