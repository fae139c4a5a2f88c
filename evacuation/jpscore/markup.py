"""An XML file of jpscore: read, told apart from others, its numbers checked."""

import hashlib
import math
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element

from evacuation.bim.problem import ImportProblem

Xy = tuple[float, float]
FAR_M = 1e6


@dataclass(frozen=True, slots=True)
class Markup:
    """A well-formed XML file: its path, root element and SHA-256 (hex)."""

    path: Path
    root: Element
    sha256: str

    @classmethod
    def of(cls, path: Path) -> "Markup":
        """Read ``path``; ImportProblem if it is missing, cut short or no XML."""
        try:
            text = path.read_bytes()
        except FileNotFoundError as missing:
            raise ImportProblem(f"There is no file {path}.") from missing
        except OSError as error:
            raise ImportProblem(f"{path} cannot be read: {error.strerror}.") from error
        try:
            return cls(path, ElementTree.fromstring(text), hashlib.sha256(text).hexdigest())
        except ElementTree.ParseError as error:
            raise ImportProblem(f"{path} is cut short or no XML: {error}.") from error

    def number(self, element: Element, key: str, default: float | None = None) -> float:
        """An attribute as a finite number; ImportProblem names the element without one."""
        said = element.get(key)
        if said is None and default is not None:
            return default
        try:
            value = float(said or "")
        except ValueError:
            value = math.nan
        if not abs(value) <= FAR_M:
            raise ImportProblem(
                f"{self.path}: {named(element)} needs a number {key}, not {said!r}."
            )
        return value

    def word(self, element: Element, key: str) -> str:
        """An attribute that has to be there; ImportProblem names the element without it."""
        said = (element.get(key) or "").strip()
        if not said:
            raise ImportProblem(f"{self.path}: {named(element)} has no {key}.")
        return said

    def line(self, element: Element) -> tuple[Xy, ...]:
        """The vertices below ``element``, m."""
        return tuple(
            (self.number(vertex, "px"), self.number(vertex, "py"))
            for vertex in element.findall("vertex")
        )


def named(element: Element) -> str:
    """An element as a person finds it in the file: its tag and its id or caption."""
    marks = [f'{key}="{element.get(key)}"' for key in ("id", "caption") if element.get(key)]
    return f"<{' '.join([element.tag, *marks[:1]])}>"
