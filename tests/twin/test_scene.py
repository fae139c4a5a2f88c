"""What is truly before a camera: everybody once, in his space, over its portal, in its sector."""

from pathlib import Path

import numpy as np
import pytest

from controller.interface.fieldofview import FieldOfView
from tests.twin.campus import POINTS, Drill, small_campus
from twin.film import NAME
from twin.site import Site

POINT = "{topic: state/%s, as: number}"
CAMERA = (
    "  - {id: cam-x2, kind: camera, at: hall, portal: x2, sees: [hall, near], bus: mqtt,\n"
    "     points: {count: " + POINT % "count" + ", line-out: " + POINT % "line-out" + "}}\n"
    "  - {id: cam-east, kind: camera, at: near, sees: [near], bus: mqtt,\n"
    "     settings: {x: 3, y: 3, direction: 0, angle: 180, range: 100},\n"
    "     points: {count: " + POINT % "count" + "}}\n"
)


@pytest.fixture
def watched(tmp_path: Path) -> Site:
    site = small_campus(tmp_path)
    (site.folder / "points.yaml").write_text(POINTS + CAMERA)
    return Site.load(site.folder)


def test_everybody_inside_is_placed_once_within_his_space(watched: Site) -> None:
    drill = Drill(watched)
    drill.alarm()
    plan = drill.twin.world.plan
    for until in range(0, 60_000, 5_000):
        drill.run(until)
        bodies = drill.twin._scene.bodies()
        assert len(bodies.track) == len(set(bodies.track.tolist())) == drill.twin.inside
        for space, x, y in zip(bodies.space, bodies.x, bodies.y, strict=True):
            outline = np.array(watched.floor_file.spaces[space].outline)
            assert (outline.min(axis=0) <= (x, y)).all(), plan.spaces[space]
            assert (outline.max(axis=0) >= (x, y)).all(), plan.spaces[space]


def test_a_view_holds_all_of_its_spaces_and_only_its_sector(watched: Site) -> None:
    drill = Drill(watched)
    drill.run(0)
    cameras = watched.points.devices
    whole = drill.twin.world.look(cameras["cam-x2"])()
    assert whole.people == 22
    east = drill.twin.world.look(cameras["cam-east"])()
    assert east.people == int(np.count_nonzero(whole.x[whole.x < 6] >= 3))
    assert 0 < east.people < 21
    assert whole.density.max() == pytest.approx(21 / 36)


def test_who_leaves_by_the_watched_portal_is_counted_once(watched: Site) -> None:
    drill = Drill(watched)
    drill.alarm()
    drill.run_out(400_000)
    drill.run(drill.now + 2_000)
    left = [r for r in drill.out() if r["portal"] == "x2"]
    truths = drill.journal.of("truth", e="cam-x2")
    assert truths[-1]["line-out"] == len(left) > 0
    assert truths[-1]["line-in"] == 0
    assert truths[-1]["count"] == 0


def test_in_thick_smoke_who_stands_far_off_is_hidden(watched: Site) -> None:
    drill = Drill(watched)
    drill.twin.stage.smoke(0, "near", 1.5)
    drill.run(250)
    view = drill.twin.world.look(watched.points.devices["cam-east"])()
    away = np.hypot(view.x - 3, view.y - 3)
    assert view.hidden[away > 2.2].all()
    assert not view.hidden[away < 1.8].any()


def test_who_can_go_no_further_lies_in_view(watched: Site) -> None:
    drill = Drill(watched)
    for exit_door in ("x1", "x2"):
        drill.twin.stage.portal(0, exit_door, "locked")
    drill.twin.stage.fire(0, "near", growth="ultra", peak_kw=5000, co_yield=0.2)
    while not drill.journal.of("person", what="incapacitated"):
        drill.run(drill.now)
        assert drill.now < 600_000
    fallen = len(drill.journal.of("person", what="incapacitated"))
    assert np.count_nonzero(drill.twin._scene.bodies().fallen) == fallen


def test_the_film_leaves_out_what_has_not_changed(watched: Site, tmp_path: Path) -> None:
    drill = Drill(watched)
    drill.twin.film(tmp_path / NAME)
    drill.run(10_000)
    at_rest = (tmp_path / NAME).stat().st_size
    drill.alarm()
    drill.run(60_000)
    drill.twin.finish(drill.now)
    assert at_rest < (tmp_path / NAME).stat().st_size


def test_a_sector_is_cut_by_angle_and_range() -> None:
    field = FieldOfView((0.0, 0.0), 90.0, 60.0, 10.0)
    assert field.holds(0, 5)
    assert field.holds(2.8, 5)
    assert not field.holds(3.0, 5)
    assert not field.holds(0, 10.1)
    assert not field.holds(0, -5)
    west = FieldOfView((0.0, 0.0), 180.0, 20.0, 10.0)
    assert west.holds(-5, 0.5)
    assert west.holds(-5, -0.5)
