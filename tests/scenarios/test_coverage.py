"""Which cells have been fired, by which runs, and with what."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from controller.interface.journal import Journal
from controller.interface.points import PointList
from scenarios.coverage import coverage, coverage_text

POINTS = Path(__file__).parent.parent / "controller" / "site" / "points.yaml"
RULES = ("first-a>desk", "fire-a>sounders", "crowd>desk")


def played(folder: Path, scenario: str, rig: str, *rules: str, site: str = "test") -> Path:
    """A run's folder in which these rules went on because of sd-1."""
    folder.mkdir()
    manifest = {"scenario": scenario, "rig": rig, "site": site}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    book = Journal(folder / "controller.jsonl", "0", {})
    for rule in rules:
        book.record(0, 3, "decision", rule, what="on", inputs=["sd-1"])
        book.record(9, 3, "decision", rule, what="off", inputs=[])
    book.close()
    return folder


def points(tmp_path: Path, real: bool) -> PointList:
    text = POINTS.read_text("utf-8")
    path = tmp_path / "points.yaml"
    path.write_text(text.replace("{id: fire-1,", "{id: fire-1, real: true,") if real else text)
    return PointList.load(path)


@pytest.mark.parametrize(
    ("rig", "real", "what"),
    [("memory", True, "emulated"), ("hardware", False, "emulated"), ("hardware", True, "real")],
)
def test_a_real_device_counts_as_such_on_hardware_only(
    tmp_path: Path, rig: str, real: bool, what: str
) -> None:
    run = played(tmp_path / "run", "drill", rig, "first-a>desk")
    found = coverage(RULES, points(tmp_path, real), "test", [run])
    assert [cell["with"] for cell in found["cells"]] == [what, "never", "never"]
    assert (found[what], found["never"], found["runs"]) == (1, 2, 1)


def test_a_folder_of_runs_counts_all_of_its_site(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    runs.mkdir()
    played(runs / "a", "fire", "memory", "first-a>desk", "fire-a>sounders")
    played(runs / "b", "false-alarm", "wire", "first-a>desk", "gone>desk")
    played(runs / "c", "other", "wire", "crowd>desk", site="elsewhere")
    found = coverage(RULES, points(tmp_path, False), "test", [runs])
    first = {"rule": "first-a>desk", "with": "emulated", "times": 2}
    assert found["cells"][0] == first | {"scenarios": ["fire", "false-alarm"]}
    assert found["runs_of_other_sites"] == 1
    assert found["no_longer_in_the_matrix"] == ["gone>desk"]
    text = coverage_text(found)
    assert "0 cells fired by real devices, 2 by emulated ones only, 1 never, in 2 runs." in text
    assert "first-a>desk     emulated     2 x  fire, false-alarm" in text


def test_a_folder_without_a_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="there is no run in it"):
        coverage(RULES, points(tmp_path, False), "test", [tmp_path / "none"])
