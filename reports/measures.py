"""A run as a handful of numbers, for comparing runs: lower is better for every one of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from reports.density import CROWD, Crowding, crowding
from reports.dossier import Dossier, read_json
from reports.ledger import ENTRIES, Ledger, ledger
from reports.people import losses

STORED = "measures"  # the key of metrics.json under which a finished run keeps these numbers


def measures(run: Path) -> dict[str, float]:
    """Metric -> value of a run's folder, taken from its metrics if they hold them already."""
    stored = read_json(run / "metrics.json").get(STORED)
    if isinstance(stored, Mapping):
        return {str(name): float(value) for name, value in stored.items()}
    dossier = Dossier.load(run)
    return measured(dossier, ledger(dossier), crowding(dossier.journeys, dossier.building))


def measured(dossier: Dossier, book: Ledger, crowds: Crowding) -> dict[str, float]:
    """The same from evidence already read.

    `rset_s` and `mean_exit_s` are of those who got out; `stranded` counts those who did not.
    """
    mean = book.mean_s()
    dense = (peak.per_m2 for peak in crowds.peaks if peak.people >= CROWD)
    return {
        "rset_s": book.last.total_ms / 1000 if book.last else 0.0,
        "mean_exit_s": sum(mean.values()),
        "stranded": float(len(losses(dossier))),
        "peak_density_per_m2": max(dense, default=0.0),
        **{f"{entry}_s": mean[entry] for entry in ENTRIES},
    }
