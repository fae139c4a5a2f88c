"""Writes the plan file, the timetable and the picture of the front."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from controller.interface.release import FILE, ReleaseFile
from reports.pareto import pareto
from reports.picturefile import save
from reports.timetable import timetable_figure, timetable_page
from scenarios.stagger.planfile import plan_text


def write_papers(out: Path, document: dict[str, Any], plan: ReleaseFile) -> list[str]:
    """Write everything to a folder and return the paths."""
    out.mkdir(parents=True, exist_ok=True)
    (out / FILE).write_text(plan_text(plan), "utf-8")
    (out / "timetable.html").write_text(timetable_page(document), "utf-8")
    sheet = timetable_figure(document)
    save(sheet, out / "timetable.png", dpi=150)
    save(sheet, out / "timetable.pdf")
    save(pareto(document), out / "front.png", dpi=130)
    (out / "plan.json").write_text(json.dumps(document, ensure_ascii=False, indent=1), "utf-8")
    names = (FILE, "timetable.html", "timetable.png", "timetable.pdf", "front.png")
    return [str(out / name) for name in (*names, "plan.json")]
