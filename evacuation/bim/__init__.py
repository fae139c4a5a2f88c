"""Building models (IFC) read into floor graphs; the extra ``bim`` is needed on use only."""

from evacuation.bim.problem import ImportProblem
from evacuation.bim.source import Source

__all__ = ["ImportProblem", "Source"]
