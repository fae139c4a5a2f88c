"""Polygons on the plan: what a camera sees or guards."""

from __future__ import annotations

from pathlib import Path

import pytest

from controller.interface.corners import Corners
from controller.interface.fieldofview import FieldOfView
from controller.interface.files import BadFile
from controller.interface.points import PointList

L_SHAPE = "0 0, 8 0, 8 2, 2 2, 2 6, 0 6"
CAMERA = """
points: 1
site: corner
mqtt: {{host: 127.0.0.1, port: 11899}}
devices:
  - {{id: cam, kind: camera, at: hall, sees: [hall], bus: mqtt, settings: {{{}}},
     points: {{count: {{topic: state/count, as: number}}}}}}
"""


def camera(folder: Path, settings: str):
    (folder / "points.yaml").write_text(CAMERA.format(settings))
    return PointList.load(folder / "points.yaml").devices["cam"]


@pytest.mark.parametrize(
    ("x", "y", "inside"),
    [(1, 1, True), (7, 1, True), (1, 5, True), (5, 4, False), (9, 1, False), (1, -1, False)],
)
def test_an_l_shaped_view_holds_its_two_arms_and_not_the_corner_between(
    tmp_path: Path, x: float, y: float, inside: bool
) -> None:
    assert Corners.of(L_SHAPE).holds(x, y) is inside
    seen = FieldOfView.of(camera(tmp_path, f'view: "{L_SHAPE}"'), (50.0, 50.0))
    assert seen.holds(x, y) is inside, "the sector does not count any more"
    assert seen.away_m(53, 54) == 5


def test_no_corners_are_no_polygon(tmp_path: Path) -> None:
    assert not Corners.of("")
    assert FieldOfView.of(camera(tmp_path, "range: 3"), (0.0, 0.0)).holds(0, 2)
    assert not FieldOfView.of(camera(tmp_path, "range: 3"), (0.0, 0.0)).holds(0, 4)


@pytest.mark.parametrize("text", ["0 0, 1 1", "0 0, 1 1, 0 0", "0 0, 1, 2 2", "0 0, 1 x, 2 2",
                                  "0 0, 1 nan, 2 2", "all"])  # fmt: skip
def test_what_is_no_polygon_is_told_with_an_example(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadFile, match="view is three or more corners in m, as '0 0, 8 0, 8 5'"):
        camera(tmp_path, f'view: "{text}"')
