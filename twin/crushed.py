"""What a crowd's falls and crush came to by space, as a file of the run: `crush.json`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from evacuation import Crowd

NAME = "crush.json"
LEAST_PER_M2 = 0.5
"""Spaces that never held more adults per m2, and where nobody fell, are left out."""


def write_crushed(crowd: Crowd, folder: Path) -> Path | None:
    """Write peaks and moments of every space that had a crowd, and the doses of force together.

    Nothing where people do not fall on the graph: zones leave recordings of their own.
    """
    crush = crowd.crush
    if crush is None:
        return None
    rows = zip(crowd.floor.spaces.values(), crush.peaks(), crush.moments(), strict=True)
    spaces = {
        space.id: {**asdict(peak), "moments_s": moments}
        for space, peak, moments in rows
        if not space.safe and (peak.density_per_m2 >= LEAST_PER_M2 or peak.falls)
    }
    path = folder / NAME
    whole = {"dose_sum": round(crush.dose_sum, 3), "spaces": spaces}
    path.write_text(json.dumps(whole, indent=1) + "\n", "utf-8")
    return path
