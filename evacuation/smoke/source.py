"""Smoke that others computed, from whichever kind of file holds it."""

from pathlib import Path

from evacuation.floor import Floor
from evacuation.smoke.fds import read_fds
from evacuation.smoke.table import SmokeTable
from evacuation.smoke.tablefile import SUFFIXES, SmokeTableError, read_smoke_table


def load_smoke(path: Path, floor: Floor) -> SmokeTable:
    """Return the smoke of a table (.csv, .yaml) or of FDS output (.smv, or its folder).

    Raises SmokeTableError with everything that is wrong.
    """
    if not path.exists():
        raise SmokeTableError([f"{path}: there is no such file"])
    if path.suffix.lower() in SUFFIXES:
        return read_smoke_table(path, floor.spaces)
    if path.is_dir() or path.suffix.lower() == ".smv":
        return read_fds(path, floor)
    kinds = ", ".join(SUFFIXES)
    raise SmokeTableError([f"{path}: smoke comes from {kinds}, an .smv file or its folder"])
