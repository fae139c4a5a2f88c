"""`twin points`: an I/O list as a table, out to a sheet, or in from one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from controller.interface.files import read
from controller.interface.points import PointList
from scenarios.catalog import SITES
from scenarios.emulate.selection import find_points
from scenarios.iolist.reading import read_list
from scenarios.iolist.rows import rows
from scenarios.iolist.sheets import write_csv, write_xlsx
from scenarios.iolist.writing import write_points

_SHOWN = ("device", "point", "direction", "gateway", "unit", "area", "address", "register",
          "topic", "type", "at")  # fmt: skip


def export(site: str, csv: Path | None, xlsx: Path | None) -> dict[str, Any]:
    """Write the sheets that are asked for; return all rows and what was written."""
    found = list(rows(PointList.load(find_points(site))))
    written = []
    for path, write in ((csv, write_csv), (xlsx, write_xlsx)):
        if path is not None:
            try:
                write(path, found)
            except OSError as error:
                raise ValueError(f"{path} cannot be written: {error.strerror}") from None
            written.append(str(path))
    points = [{key: text for key, text in row.items() if text} for row in found]
    return {"points": points, "written": written}


def take_in(site: str, sheet: Path, out: Path | None) -> dict[str, Any]:
    """Read a sheet and write points.yaml; nothing is written if anything is wrong with it."""
    path = out if out is not None else _own(site)
    usual = _usual(site)
    file, content = read_list(sheet, usual)
    kept = write_points(path, content, sheet.name)
    count = sum(len(device.points) for device in file.devices)
    return {
        "written": str(path),
        "kept": str(kept) if kept else "",
        "gateways": len(file.gateways),
        "devices": len(file.devices),
        "points": count,
    }


def _own(site: str) -> Path:
    """Where the site's points.yaml is; the sites that come with the project stay as they are."""
    path = Path(site)
    target = path if path.suffix == ".yaml" else path / "points.yaml"
    if not path.exists() or SITES in target.resolve().parents:
        text = f"{site}: say with --out where points.yaml is to go"
        raise ValueError(f"{text}; the sites that come with the project stay as they are")
    return target


def _usual(site: str) -> Mapping[str, Any]:
    """Site and broker, for a sheet that does not say them."""
    try:
        content = read(find_points(site))
    except ValueError:
        name = re.sub(r"[^a-z0-9-]+", "-", Path(site).name.lower())[:32]
        return {"site": name, "mqtt": {"host": "127.0.0.1", "port": 1883}}
    return content if isinstance(content, Mapping) else {}


def export_text(document: Mapping[str, Any]) -> str:
    """Return what was written, or the points as a table."""
    if document["written"]:
        count = len(document["points"])
        return "\n".join(f"{path}: {count} rows" for path in document["written"])
    lines = [list(_SHOWN)]
    lines += [[row.get(column, "") for column in _SHOWN] for row in document["points"]]
    widths = [max(len(line[n]) for line in lines) for n in range(len(_SHOWN))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def take_in_text(document: Mapping[str, Any]) -> str:
    """Return what was taken in, and where what stood there before is."""
    text = (
        f"{document['written']}: {document['gateways']} gateways, {document['devices']} devices, "
        f"{document['points']} points"
    )
    return text + (f"; before: {document['kept']}" if document["kept"] else "")
