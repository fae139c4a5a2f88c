"""What a pair of controllers of a site must know."""

from __future__ import annotations

from pathlib import Path

from controller.interface.points import PointList
from controller.lead import unfenced
from twin.site import POINTS


def pair_warnings(path: Path) -> list[str]:
    """The outputs of a sound site that know no fence; nothing for what is no site."""
    folder = path if path.is_dir() else path.parent
    return list(unfenced(PointList.load(folder / POINTS))) if (folder / POINTS).is_file() else []
