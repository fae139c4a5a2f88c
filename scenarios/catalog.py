"""Sites and scenarios by name or by path."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from controller.interface.files import BadFile, Problem, nearest

HOME = Path(__file__).parent
SITES = HOME / "sites"
CATALOGUE = HOME / "catalogue"


def site_names() -> list[str]:
    """Return the shipped sites."""
    return sorted(path.parent.name for path in SITES.glob("*/floor.yaml"))


def scenario_names() -> list[str]:
    """Return the shipped scenarios."""
    return sorted(path.stem for path in CATALOGUE.glob("*.yaml"))


def _missing(kind: str, given: str, known: Iterable[str]) -> BadFile:
    names = list(known)
    hint = nearest(Path(given).stem, names)
    text = f"no {kind} of this name or path; known: {', '.join(names)}"
    return BadFile((Problem(given, 0, "", text, hint),))


def find_site(given: str, beside: Path | None = None) -> Path:
    """Return the folder of a site given by name or path (also relative to `beside`)."""
    candidates = [Path(given), SITES / given]
    if beside is not None:
        candidates[1:1] = [beside / given, beside / "sites" / given]
    for path in candidates:
        if (path / "floor.yaml").is_file():
            return path.resolve()
    raise _missing("site", given, site_names())


def find_scenario(given: str) -> Path:
    """Return the file of a scenario given by name or path."""
    for path in (Path(given), CATALOGUE / f"{given}.yaml"):
        if path.is_file():
            return path.resolve()
    raise _missing("scenario", given, scenario_names())


def find_scenarios(given: str) -> list[Path]:
    """Return all scenario files below a folder, or the one named."""
    path = Path(given)
    if path.is_dir():
        found = sorted(path.glob("*.yaml"))
        if not found:
            raise BadFile((Problem(given, 0, "", "this folder holds no scenario (*.yaml)", ""),))
        return [item.resolve() for item in found]
    return [find_scenario(given)]
