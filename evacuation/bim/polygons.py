"""Whether the library for polygons is there; every importer needs it, on use only."""

from importlib.util import find_spec

from evacuation.bim.problem import ImportProblem

MISSING = "Reading a drawing needs the extra `bim`: pip install campus-twin[bim]"


def require_polygons() -> None:
    """ImportProblem with the way to install it if shapely is missing."""
    if find_spec("shapely") is None:
        raise ImportProblem(MISSING)
