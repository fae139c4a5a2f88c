"""The file itself: is it there, is it whole, is it IFC, and can this schema be read?

Everything that can be told from the text is told before ifcopenshell is imported, because a
truncated file opens there without any error and yields fewer rooms.
"""

import hashlib
import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from evacuation.bim.problem import ImportProblem

SCHEMAS = ("IFC2X3", "IFC4", "IFC4X3")
MISSING_EXTRA = "Reading a building model needs the extra `bim`: pip install campus-twin[bim]"
_SCHEMA = re.compile(rb"FILE_SCHEMA\s*\(\s*\(\s*'([^']*)'")


@dataclass(frozen=True, slots=True)
class Source:
    """A whole IFC file on disk: its path, schema name and SHA-256 (hex)."""

    path: Path
    schema: str
    sha256: str

    @classmethod
    def of(cls, path: Path) -> "Source":
        """Check the text of ``path``; ImportProblem if missing, junk, cut short or too old."""
        text = _bytes(path)
        if not text.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"ISO-10303-21"):
            raise ImportProblem(f"{path} is not an IFC file (it does not start with ISO-10303-21).")
        if not text.rstrip(b" \t\r\n\x00\x1a").endswith(b"END-ISO-10303-21;"):
            raise ImportProblem(f"{path} is cut short: it does not end with END-ISO-10303-21.")
        return cls(path, _schema(path, text), hashlib.sha256(text).hexdigest())

    def open(self) -> Any:
        """The model as ``ifcopenshell.file``; ImportProblem if unreadable or without the extra."""
        require_extra()
        import ifcopenshell

        try:
            return ifcopenshell.open(str(self.path))
        except (ifcopenshell.Error, OSError, RuntimeError, ValueError) as error:
            reason = " ".join(str(error).split())[:160]
            raise ImportProblem(
                f"{self.path} cannot be read as {self.schema}: {reason}."
            ) from error


def require_extra() -> None:
    """ImportProblem with the way to install it if the extra `bim` is missing."""
    if any(find_spec(name) is None for name in ("ifcopenshell", "shapely")):
        raise ImportProblem(MISSING_EXTRA)


def _bytes(path: Path) -> bytes:
    if path.is_dir():
        raise ImportProblem(f"{path} is a folder; an IFC file is needed.")
    try:
        return path.read_bytes()
    except FileNotFoundError as missing:
        raise ImportProblem(f"There is no file {path}.") from missing
    except OSError as error:
        raise ImportProblem(f"{path} cannot be read: {error.strerror}.") from error


def _schema(path: Path, text: bytes) -> str:
    found = _SCHEMA.search(text[:20_000])
    name = found.group(1).decode("ascii", "replace").upper() if found else ""
    if name.split("_")[0] not in SCHEMAS:
        said = f"schema {name}" if name else "no schema"
        known = ", ".join(SCHEMAS)
        raise ImportProblem(f"{path} has {said}, which is not supported (supported: {known}).")
    return name
