"""A flight with a camera, a sign at its corridor door and a voice: what the crowd tests run on."""

from __future__ import annotations

from pathlib import Path

from controller import matrix
from controller.interface.points import PointList, Quality
from tests.controller.conftest import MATRIX, POINTS
from tests.controller.test_operations import Desk

_SAYS = ("count", "density", "line-out", "speed", "fallen", "frames")
_TOLD = ", ".join(f"{name}: {{topic: state/{name}, as: number}}" for name in _SAYS)
WATCHED_POINTS = (
    POINTS
    + f"""
  - {{id: cam-s, kind: camera, at: a.r1, sees: [a.stair], portal: a.foot, bus: mqtt,
     points: {{{_TOLD}, tamper: {{topic: state/tamper, as: bool}}}}}}
  - {{id: wait-1, kind: exit-sign, at: a, shows: {{ahead: a.x1}}, bus: mqtt,
     points: {{show: {{topic: cmd/show, as: text}}, showing: {{topic: state/showing, as: text}}}}}}
"""
)
_CAUSES = """
  - {id: a1, say: "Amber 1", when: crowd, level: amber1, watches: [stair], priority: 8}
  - {id: a2, say: "Amber 2", when: crowd, level: amber2, watches: [stair], priority: 7}
  - {id: r, say: "Red", when: crowd, level: red, watches: ["*"], priority: 6}
  - {id: alone, say: "Nobody answers", when: crowd, level: red, unanswered: true, after_s: 30,
     watches: [stair], priority: 3}
  - {id: blind, say: "Not seen", when: crowd, level: unknown, watches: [stair], priority: 8}

effects:
  - {id: slow, say: "Meter", outputs: [wait-1.show], value: slow, steers: true, at_most_s: 300}
  - {id: hold, say: "Hold", outputs: [wait-1.show], value: wait, steers: true, at_most_s: 60}
  - {id: say, say: "Wait", outputs: [pa-1.message], value: wait, steers: true, at_most_s: 60}
  - {id: marshal, say: "Marshal", outputs: [desk-1.alarm], value: send-marshal}
  - {id: next, say: "Next", outputs: [desk-1.alarm], value: marshal-missing}
  - {id: unseen, say: "Unseen", outputs: [desk-1.alarm], value: unseen}"""
_ROWS = """
rows:
  a1: {slow: X}
  a2: {hold: X}
  r: {hold: X, say: X, marshal: X}
  alone: {next: X}
  blind: {unseen: X}"""
_CROWD = """
crowd:
  counted: 1.0
  watches:
    - {id: stair, say: "The stair", camera: cam-s, space: a.stair, width_m: 1.0}
"""
WATCHED = (
    MATRIX.replace("\neffects:", _CAUSES, 1).replace("\nrows:", _ROWS, 1).rstrip() + "\n" + _CROWD
)


class Landing(Desk):
    """The decisions on a watched flight, second by second; `picture` is what the camera says."""

    def __init__(self, points, matrix):
        super().__init__(points, matrix)
        self.picture = {"count": 0, "density": 0.0, "speed": 0.5, "fallen": 0, "tamper": False}
        self.out_per_s, self.out_so_far = 0.0, 0.0

    def see(self, quality=Quality.GOOD, **said):
        """The camera says this from now on, beside what it said before; it says it now."""
        self.picture |= said
        intake = self.decider.intake
        intake.now = self.now
        for name, value in (*self.picture.items(), ("line-out", int(self.out_so_far))):
            intake.reading(f"cam-s.{name}", value, quality, self.now)

    def run(self, seconds):
        """Let time pass, with a picture a second."""
        for _ in range(seconds):
            self.now += 1000
            self.out_so_far += self.out_per_s
            self.see()
            self.at(self.now / 1000)

    @property
    def level(self):
        return self.decider.image.crowd["stair"].level

    def warnings(self):
        return [(r["t"] // 1000, r["what"]) for r in self.journal.records if r["k"] == "warning"]


def landed(folder: Path, text: str = WATCHED) -> Landing:
    """The flight with this matrix, its files in a folder."""
    (folder / "points.yaml").write_text(WATCHED_POINTS)
    (folder / "matrix.yaml").write_text(text)
    points = PointList.load(folder / "points.yaml")
    return Landing(points, matrix.load(folder / "matrix.yaml", points))
