"""Holds of the crowd warnings over random minutes: what a camera, a fire and an operator may do.

A stair with a camera, a sign at its door, a voice and two detectors; every second anything may
happen, and every few minutes the controller is started anew from its state.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from numpy.random import Generator

from controller import matrix
from controller.interface.points import PointList, Quality
from controller.interface.streams import stream
from tests.controller.crowded import WATCHED, WATCHED_POINTS, Landing

SEEDS, SECONDS = 60, 300
STEERS = {"a1>slow": 300, "a2>hold": 60, "r>hold": 60, "r>say": 60}
"""Rules that hold people back, and for how long at most (s)."""
BAD = (Quality.STALE, Quality.FAULT, Quality.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Second:
    """What stood after a second: rules whose claims hold people, and what they moved."""

    t_s: int
    holding: frozenset[str]
    outputs: frozenset[str]
    fire: bool
    trusted: bool
    heard: bool


class Minutes:
    """Random minutes of one seed."""

    def __init__(self, points: PointList, rules: matrix.Matrix, seed: int) -> None:
        self._points, self._rules = points, rules
        self._rng: Generator = stream(seed, "holds")
        self._stair = Landing(points, rules)
        self._trusted, self._began, self._heard = True, 0, True
        self._stair.out_per_s = 1.0

    def run(self) -> Iterator[Second]:
        """Second by second, on one clock through all starts."""
        for t in range(SECONDS):
            self._happen()
            self._stair.now += 1000
            if self._trusted and self._rng.random() < 0.95:
                self._stair.out_so_far += self._stair.out_per_s
                self._stair.see()
                self._heard = True
            self._stair.at(self._stair.now / 1000)
            yield self._look(t)

    def _look(self, t: int) -> Second:
        decider = self._stair.decider
        claims = decider.capture()["rules"]["claims"]
        holding = {o: c[2] for o, c in claims.items() if c[2] in STEERS}
        zones = decider.image.alarms.zones.values()
        fire = bool(decider.image.orders.evacuate) or any(
            z.confirmed or z.call_points for z in zones
        )
        names = frozenset(holding.values())
        return Second(t, names, frozenset(holding), fire, self._trusted, self._heard)

    def _happen(self) -> None:
        rng, stair = self._rng, self._stair
        if rng.random() < 0.10:
            stair.picture["density"] = float(rng.choice([0.2, 2.0, 2.6, 3.8, 5.5]))
            stair.picture["speed"] = float(rng.choice([0.0, 0.5]))
            stair.out_per_s = float(rng.choice([0.0, 1.0]))
        if rng.random() < 0.04:
            stair.picture["fallen"] = int(rng.choice([0, 1]))
        if rng.random() < 0.03:
            self._trusted = not self._trusted
            if not self._trusted:
                quality = BAD[int(rng.integers(len(BAD)))]
                for name in (*stair.picture, "line-out"):
                    stair.decider.intake.doubt(f"cam-s.{name}", quality)
        if rng.random() < 0.02:
            words = ("evacuate", "all-clear", "acknowledge", "reset", "lockdown")
            stair.ask(str(rng.choice(words)))
        if rng.random() < 0.01:
            stair.say(str(rng.choice(["sd-1", "sd-2", "mcp-1"])), "alarm")
        if rng.random() < 0.01:
            for head in ("sd-1", "sd-2", "mcp-1"):
                stair.say(head, "normal")
        if rng.random() < 0.01:
            self._restart()

    def _restart(self) -> None:
        """The program is gone for two seconds; its clock starts at 0 again."""
        was = self._stair
        state = json.loads(json.dumps(was.decider.capture()))
        after = Landing(self._points, self._rules)
        after.decider.restore(state, was.now + 2000)
        after.picture, after.out_per_s = was.picture, was.out_per_s
        after.out_so_far = was.out_so_far
        for head in ("sd-1", "sd-2", "mcp-1"):
            after.say(head, was.decider.image.alarms.devices[head].value)
        self._stair, self._heard = after, False


@pytest.fixture(scope="module")
def minutes(tmp_path_factory: pytest.TempPathFactory) -> list[list[Second]]:
    folder: Path = tmp_path_factory.mktemp("holds")
    (folder / "points.yaml").write_text(WATCHED_POINTS)
    (folder / "matrix.yaml").write_text(WATCHED)
    points = PointList.load(folder / "points.yaml")
    rules = matrix.load(folder / "matrix.yaml", points)
    return [list(Minutes(points, rules, seed).run()) for seed in range(SEEDS)]


def _all(minutes: list[list[Second]]) -> Iterator[Second]:
    return (one for seconds in minutes for one in seconds)


def test_the_minutes_hold_what_they_are_for(minutes: list[list[Second]]) -> None:
    assert sum(bool(one.holding) for one in _all(minutes)) > 500
    assert sum(one.fire for one in _all(minutes)) > 500
    assert sum(not one.trusted for one in _all(minutes)) > 500


def test_no_hold_stands_beside_a_fire(minutes: list[list[Second]]) -> None:
    assert [one for one in _all(minutes) if one.fire and one.holding] == []


def test_no_hold_outlives_its_longest_time(minutes: list[list[Second]]) -> None:
    """A hold may change its rule, from amber 2 to red: then it is the same effect and time."""
    for seconds in minutes:
        for names, most_s in (({"a2>hold", "r>hold"}, 60), ({"r>say"}, 60), ({"a1>slow"}, 300)):
            run = 0
            for one in seconds:
                run = run + 1 if names & one.holding else 0
                assert run <= most_s + 1, one


def test_a_camera_that_cannot_be_trusted_steers_nobody(minutes: list[list[Second]]) -> None:
    """After a restart what stood stands until the camera is heard, or ten seconds have gone."""
    wrong = [one for one in _all(minutes) if not one.trusted and one.heard and one.holding]
    assert wrong == []


def test_a_hold_asks_and_never_locks(minutes: list[list[Second]]) -> None:
    assert {name for one in _all(minutes) for name in one.outputs} == {
        "wait-1.show", "pa-1.message",
    }  # fmt: skip
