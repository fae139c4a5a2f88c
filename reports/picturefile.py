"""Figures as files: the same bytes for the same figure, whatever the date."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure

from reports.palette import settings

_UNDATED: dict[str, dict[str, Any]] = {
    ".svg": {"Date": None},
    ".png": {"Software": None},
    ".pdf": {"CreationDate": None, "Producer": None, "Creator": None},
}


def save(figure: Figure, path: Path, dpi: int = 110) -> None:
    """Write a figure as SVG, PNG or PDF by the suffix of the path."""
    with rc_context(settings()):
        figure.savefig(path, dpi=dpi, metadata=_UNDATED[path.suffix])
