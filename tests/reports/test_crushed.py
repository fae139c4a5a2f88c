"""What a report says of crush: class, mechanism and what to do by place, pictures; no victims."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from evacuation.crush.measures import MOMENTS, Peak
from evacuation.crush.risk import CLASSES, mechanism
from evacuation.zone import scenes
from evacuation.zone.recording import Recording
from reports.advice import BY_MECHANISM, advice
from reports.crush import Crush
from reports.crushed import crush_section
from reports.document import write_report
from reports.dossier import Dossier
from reports.moments import STYLES
from reports.stairqueue import stair_queues
from reports.zonecrush import ZoneCourse
from tests.reports.synthetic import write

NEVER = r"\b(dead|deaths?|fatal\w*|die[sd]?|dying|killed|lethal\w*|casualt\w+|victims?)\b"
ROW = {
    "risk_class": "severe", "mechanism": "people fall over those who lie",
    "peak_adults_per_m2": 5.2, "peak_occupancy": 0.58, "line_load_n_per_m": 1406, "force_n": 730,
    "falls": 9, "over_dose_025": 2, "breakdown_s": 80.0, "r_f": 8.0,
    "moments_s": {"density": 12.0, "load": 14.0, "fall": 20.0, "cascade": 25.0},
}  # fmt: skip


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Path:
    folder = write(tmp_path_factory.mktemp("run") / "r")
    metrics = json.loads((folder / "metrics.json").read_text())
    stair = next(iter(Dossier.load(folder).building.stairs().values()))[0]
    metrics["falls"] = {"falls": 9, "secondary": 8, "cascade": True}
    metrics["crush"] = {"dose_people": 2, "spaces": {stair: ROW}}
    (folder / "metrics.json").write_text(json.dumps(metrics))
    zone = scenes.stairwell(40, 4.0, 1, scenes.CALM)
    recording = Recording(zone)
    zone.trip(scenes.lowest(zone, 3.5))
    for _ in range(4):
        zone.advance(1_000)
        recording.take()
    recording.write(folder / f"crush-{stair}-30.parquet")
    return folder


def test_the_report_tells_class_mechanism_actions_and_pictures(run):
    page = write_report(run).read_text()
    assert "severe" in page
    assert ROW["mechanism"] in page
    assert "1. stop the inflow from above" in page
    assert "not measured until" in page, "what is not measured is said so"
    assert "data:image/gif;base64," in page
    for part in ("moments", "zone-"):
        assert f'id="{part}' in page


def test_no_report_speaks_of_victims(run):
    page = re.sub(r"base64,[^\"]*", "", write_report(run).read_text())
    assert re.findall(NEVER, page, re.IGNORECASE) == []


def test_nothing_that_a_report_can_say_speaks_of_victims():
    home = Path(__file__).parents[2]
    texts = [(home / "reports").glob("**/*.j2"), (home / "reports").glob("*.py"),
             (home / "scenarios").glob("*.py"), (home / "scenarios" / "egress").glob("*.py"),
             (home / "scenarios" / "warning").glob("*.py")]  # fmt: skip
    for path in (path for group in texts for path in group):
        strings = re.sub(r'""".*?"""', "", path.read_text(), flags=re.DOTALL)  # not docstrings
        assert re.findall(NEVER, strings, re.IGNORECASE) == [], path.name


def test_every_mechanism_has_actions_and_every_moment_a_mark():
    quiet = Peak(0.0, 0.0, 0.0, 0.0, 0.0, 0, 0, 0, 0, 0)
    assert mechanism(quiet) == ""
    assert advice("") == ()
    worse = [
        Peak(3.0, 0.3, 0.0, 0.0, 0.0, 0, 0, 0, 0, 0), Peak(3.0, 0.3, 0.0, 0.0, 5.0, 0, 0, 0, 0, 0),
        Peak(3.0, 0.3, 9.0, 0.0, 5.0, 0, 0, 0, 0, 0), Peak(3.0, 0.3, 9.0, 0.0, 5.0, 2, 1, 2, 0, 0),
        Peak(1.0, 0.1, 0.0, 0.0, 0.0, 1, 0, 1, 0, 0),
    ]  # fmt: skip
    assert {mechanism(one) for one in worse} == set(BY_MECHANISM)
    assert set(MOMENTS) <= set(STYLES)
    assert len({mark for _, mark, _ in STYLES.values()}) == len(STYLES), "marks without colour"


def test_a_zone_counts_from_when_it_opened(run):
    row = crush_section(Dossier.load(run))["crush_zones"][0]
    assert (row["from_s"], row["to_s"], row["lying"]) == (31.0, 34.0, 1)


def test_wall_loads_and_pressure_are_those_of_the_zone(tmp_path):
    watch = scenes.Watch(scenes.gate(1, scenes.URGENT))
    recording = Recording(watch.zone)
    waiting = scenes.crowd(60, scenes.BUILDS["child"], "out", 1)
    for _ in range(30):
        for _ in range(3):
            if waiting and watch.zone.offer("in", waiting[0]):
                waiting.pop(0)
        watch.go(1.0)
        recording.take()
    recording.write(tmp_path / "crush-gate-0.parquet")
    course = ZoneCourse.of(Crush.read(tmp_path / "crush-gate-0.parquet"))
    long = np.hypot(watch.zone.walls.x1 - watch.zone.walls.x0,
                    watch.zone.walls.y1 - watch.zone.walls.y0)  # fmt: skip
    assert course.peak_by_wall.max() > 0.0
    assert course.peak_by_wall.max() <= (watch.zone.walls.peak / np.maximum(long, 0.2)).max() + 1.0
    late = course.pressure_per_s2[-5:]
    assert course.times_s[-1] == 30.0
    assert late.min() >= 0.0


def test_a_run_without_a_crowd_says_nothing_of_crush(tmp_path):
    folder = write(tmp_path / "r")
    section = crush_section(Dossier.load(folder))
    assert not section["crush_known"]
    assert section["moments_figure"] == ""
    assert "Falls and crush" not in write_report(folder).read_text()


def test_queues_stand_on_flights_and_landings_from_the_lowest_up(run):
    dossier = Dossier.load(run)
    for queue in stair_queues(dossier):
        heights = {s.id: s.z_m for s in dossier.building.storeys}
        levels = [heights[dossier.building.spaces[place].storey] for place in queue.places]
        assert levels == sorted(levels)
        assert (queue.standing >= 0).all()
        assert (queue.standing[:, -1] == 0).all(), "nobody stands there for ever"


def test_classes_are_those_of_the_model():
    from reports import crushed

    assert crushed.CLASSES == CLASSES
