"""A run in a few lines of plain text, for the command line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from reports import tables
from reports.dossier import Dossier
from reports.ledger import ENTRIES, UNEXPLAINED, Ledger, ledger
from reports.wording import SPOKEN, verdict

LARGEST = 3


def summary(run: Path) -> list[str]:
    """Verdict, people per stair and the three largest entries of the ledger of a run's folder."""
    dossier = Dossier.load(run)
    return lines(dossier, ledger(dossier))


def lines(dossier: Dossier, book: Ledger) -> list[str]:
    """The same from evidence already read."""
    word = str(dossier.metrics.get("verdict", "no verdict")).upper()
    return [
        f"{word}: {verdict(dossier, book)}",
        f"People per stair: {_listed(tables.stairs(dossier))}",
        f"Where the seconds went (mean per person): {', '.join(largest(book.mean_s()))}",
    ]


def largest(mean_s: Mapping[str, float], count: int = LARGEST) -> list[str]:
    """The largest entries of a ledger in words, `pre-movement 92.1 s`."""
    ranked = sorted((*ENTRIES, UNEXPLAINED), key=lambda entry: -mean_s.get(entry, 0.0))
    return [f"{SPOKEN[entry]} {mean_s.get(entry, 0.0):.1f} s" for entry in ranked[:count]]


def _listed(stairs: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {people:,}" for name, people in stairs.items()) or "no stairs"
