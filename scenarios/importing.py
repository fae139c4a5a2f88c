"""A building file becomes a site: floor.yaml, and the other three files to be filled in.

Only what the file knows is written. People, devices and the cause-and-effect matrix are started
as small files that load; they are never overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evacuation.bim.draft import Draft
from evacuation.bim.naming import slug
from evacuation.bim.problem import ImportProblem
from evacuation.bim.source import Source, require_extra
from evacuation.bim.text import yaml_of
from scenarios.skeleton import matrix_text, people_text, points_text

__all__ = ["ImportProblem", "import_building", "import_text"]

JPSCORE = "geometry.xml"
KNOWN = "an IFC model, a jpscore geometry.xml, or an IMDF folder, .zip or .geojson"
LOWEST_M, HIGHEST_M = 2.0, 20.0
"""Storey heights that somebody can mean."""


def import_building(
    path: Path, out: Path, storey_height_m: float | None = None
) -> dict[str, object]:
    """Write the site of the building file ``path`` into the folder ``out``, say what was found.

    ``storey_height_m`` is for IMDF venues only, which have no heights. floor.yaml is written each
    time; points.yaml, people.yaml and matrix.yaml only where absent. Raises ImportProblem with
    one sentence for a file that cannot be used or a folder that cannot be written.
    """
    draft = _draft(path, storey_height_m)
    site = slug(out.resolve().name) or "site"
    written = _write(
        out,
        {"floor.yaml": yaml_of(draft.floor, draft.remarks)},
        {
            "people.yaml": people_text(draft),
            "points.yaml": points_text(site),
            "matrix.yaml": matrix_text(),
        },
    )
    findings = [{"kind": one.kind, "where": one.where, "text": one.text} for one in draft.findings]
    return {**draft.document, "findings": findings, "written": written}


def _draft(path: Path, storey_height_m: float | None) -> Draft:
    """Read a file by what is in it, and by its name where that does not tell; of a folder of
    jpscore its geometry.
    """
    if (path / JPSCORE).is_file():
        path = path / JPSCORE
    if path.is_dir() or path.suffix.lower() in (".zip", ".geojson"):
        return _imdf(path, storey_height_m)
    if storey_height_m is not None:
        raise ImportProblem(f"{path} has heights of its own; --storey-height is for IMDF venues.")
    if _head(path).startswith(b"<"):
        from evacuation.jpscore.drafting import draft as jpscore_draft

        return jpscore_draft(path)
    if not path.suffix.lower().startswith(".ifc") and not _head(path).startswith(b"ISO-10303-21"):
        raise ImportProblem(f"{path} is no building file that can be read: {KNOWN} is needed.")
    source = Source.of(path)
    require_extra()
    from evacuation.bim.drafting import draft as ifc_draft

    return ifc_draft(source)


def _imdf(path: Path, storey_height_m: float | None) -> Draft:
    from evacuation.imdf.drafting import STOREY_HEIGHT_M, draft

    height = STOREY_HEIGHT_M if storey_height_m is None else storey_height_m
    if not LOWEST_M <= height <= HIGHEST_M:
        raise ImportProblem(
            f"--storey-height {height:g}: {LOWEST_M:g} to {HIGHEST_M:g} m from floor to floor."
        )
    if not path.exists():
        raise ImportProblem(f"There is no file {path}.")
    return draft(path, height)


def _head(path: Path) -> bytes:
    """The first letters of a file, without a byte order mark and blanks."""
    try:
        with path.open("rb") as stream:
            return stream.read(256).lstrip(b"\xef\xbb\xbf \t\r\n")
    except FileNotFoundError as missing:
        raise ImportProblem(f"There is no file {path}.") from missing
    except OSError as error:
        raise ImportProblem(f"{path} cannot be read: {error.strerror}.") from error


def import_text(document: Mapping[str, Any]) -> str:
    """The document of an import as a page for a terminal."""
    storeys = [
        f"  {one['name']:<20} {one['z_m']:7.2f} m {one['spaces']:4} rooms {one['area_m2']:9.1f} m2"
        for one in document["storeys"]
    ]
    said = [f"  {one['kind']:<12} {one['where']:<16} {one['text']}" for one in document["findings"]]
    return "\n".join(
        [
            f"{document['name']}: {document['spaces']} rooms, {document['area_m2']:.1f} m2, "
            f"doors: {document['doors']}, exits: {document['exits']} "
            f"({document['exit_width_m']:.2f} m in all), stairs: {document['stairs']}; "
            f"{document['reach_exit_on_foot']} rooms reach an exit on foot.",
            *storeys,
            "What was left out, assumed, or is worth a look:",
            *said,
            f"Written: {', '.join(document['written'])}.",
        ]
    )


def _write(out: Path, always: Mapping[str, str], if_absent: Mapping[str, str]) -> list[str]:
    """Write the files into ``out`` and name those that were written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        absent = {name: text for name, text in if_absent.items() if not (out / name).exists()}
        for name, text in {**always, **absent}.items():
            (out / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise ImportProblem(f"The site cannot be written to {out}: {error.strerror}.") from error
    return [*always, *absent]
