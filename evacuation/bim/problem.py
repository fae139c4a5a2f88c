"""What can be wrong with a building model, in one sentence."""

from dataclasses import dataclass


class ImportProblem(Exception):  # noqa: N818  (a problem of the file, not of the program)
    """The file cannot become a floor graph; the text is one sentence that names the file."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was left out, assumed or is worth a look: its kind, where it is, and why."""

    kind: str
    where: str
    text: str
