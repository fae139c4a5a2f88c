"""`twin init`: a small commented site and a scenario that run as they are, to be changed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from controller.interface.files import BadFile, Problem

NAME = re.compile(r"[a-z0-9-]{1,32}")
TEMPLATE = Path(__file__).parent / "template"
PLACEHOLDER = "my-site"
"""The site's name in the template's files, which are valid as they stand."""


def init(name: str, where: Path) -> list[Path]:
    """Write the site `where/name` and the scenario `where/name-drill.yaml`; return the files.

    BadFile if the name cannot be a site's or something of that name is already there; then
    nothing is written.
    """
    if not NAME.fullmatch(name):
        raise BadFile([_bad_name(name, where)])
    sources = _sources(name, where)
    for path in (where / name, *sources):
        if path.exists():
            text = "already there: nothing was written, choose another name or folder"
            raise BadFile([Problem(str(path), 0, "", text)])
    (where / name).mkdir(parents=True)
    for path, source in sources.items():
        text = source.read_text(encoding="utf-8").replace(PLACEHOLDER, name)
        path.write_text(text, encoding="utf-8")
    return list(sources)


def _sources(name: str, where: Path) -> Mapping[Path, Path]:
    """Each file to write, and the file of the template that it comes from."""
    site = ("floor.yaml", "points.yaml", "people.yaml", "matrix.yaml")
    files = {where / name / file: TEMPLATE / file for file in site}
    return {**files, where / f"{name}-drill.yaml": TEMPLATE / "drill.yaml"}


def _bad_name(name: str, where: Path) -> Problem:
    text = f"{name!r} cannot be the name of a site: use a-z, 0-9 and -, at most 32 characters"
    close = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:32]
    return Problem(str(where / name), 0, "", text, close)
