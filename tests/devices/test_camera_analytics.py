"""What a camera makes of single bodies: counts, lines, loitering, gathering and falls."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from devices.vision.seeing import counted_share
from devices.vision.view import NOBODY
from tests.devices.crowds import standing
from tests.devices.desk import Desk, Message, values
from tests.devices.plant import POINTS, SLICE_MS, Plant

LEAVES = ("count", "density", "crowd", "loitering", "fallen", "intrusion", "line-out", "line-in")
KINDS = {"crowd": "bool"}
SIMPLE = (
    "points: {count: {topic: state/count, as: number}, density: {topic: state/density, as: number}}"
)


def points(settings: str = "", portal: str = "") -> str:
    """The plant's I/O list with every point of its camera bound."""
    bound = ", ".join(f"{n}: {{topic: state/{n}, as: {KINDS.get(n, 'number')}}}" for n in LEAVES)
    place = f"portal: {portal}, " if portal else ""
    return POINTS.replace(SIMPLE, f"{place}settings: {{{settings}}}, points: {{{bound}}}")


class Watch:
    """A camera before which crowds are put, and all that is heard of it."""

    def __init__(
        self,
        folder: Path,
        settings: str = "",
        portal: str = "",
        seed: int = 7,
        truth: Mapping[tuple[str, str], float] | None = None,
    ) -> None:
        self.plant = Plant(folder, seed, points=points(settings, portal), truth=truth)
        self.desk = Desk(self.plant)
        self.heard: list[Message] = []
        self.plant.run(3)

    def told(self, point: str) -> list[float]:
        self.heard += self.desk.heard()
        return [float(str(v)) for v in values(self.heard, f"cam/cam-1/state/{point}")]

    def lately(self, point: str) -> float:
        return [0.0, *self.told(point)][-1]

    def crowds(self) -> list[bool]:
        self.heard += self.desk.heard()
        return [v is True for v in values(self.heard, "cam/cam-1/state/crowd")]

    def forget(self) -> None:
        self.desk.heard()
        self.heard.clear()

    def show(self, people: int, density: float, **crowd: Any) -> None:
        self.plant.world.views["cam-1"] = standing(people, density, **crowd)


@pytest.mark.parametrize(
    ("density", "stair", "dark", "low", "high"),
    [
        (0.5, False, False, 0.97, 0.99),
        (5.0, False, False, 0.78, 0.82),
        (0.5, True, False, 0.68, 0.89),
        (0.5, False, True, 0.77, 0.80),
    ],
)
def test_the_mean_count_is_that_of_the_error_model(
    tmp_path: Path, density: float, stair: bool, dark: bool, low: float, high: float
) -> None:
    truth = {("hall", "stairs"): float(stair), ("hall", "dark"): float(dark)}
    watch = Watch(tmp_path, truth=truth)
    watch.show(people=400, density=density, stair=stair)
    watch.plant.run(4)
    watch.forget()
    watch.plant.run(60)
    seen = watch.told("count")
    assert low <= sum(seen) / len(seen) / 400 <= high


def test_the_spread_of_counts_is_binomial(tmp_path: Path) -> None:
    watch = Watch(tmp_path)
    watch.show(people=400, density=4.0)
    watch.plant.run(4)
    watch.forget()
    watch.plant.run(400)
    seen = watch.told("count")
    share = counted_share(4.0)
    mean = sum(seen) / len(seen)
    variance = sum((n - mean) ** 2 for n in seen) / (len(seen) - 1)
    expected = 400 * share * (1 - share)
    assert mean == pytest.approx(400 * share, abs=3 * (expected / len(seen)) ** 0.5)
    assert 0.75 * expected <= variance <= 1.3 * expected


def test_a_body_that_walks_over_the_line_is_counted_once_in_its_direction(tmp_path: Path) -> None:
    watch = Watch(tmp_path, "line-x1: 2, line-y1: -1, line-x2: 2, line-y2: 50")
    for step in range(12):
        watch.show(people=20, density=0.4, x=0.4 * step)
        watch.plant.run(1)
    for step in range(12):
        watch.show(people=20, density=0.4, x=4.4 - 0.4 * step)
        watch.plant.run(1)
    watch.plant.run(4)
    assert watch.lately("line-out") == watch.lately("line-in") == 20


def test_people_through_its_portal_are_counted_with_their_share(tmp_path: Path) -> None:
    watch = Watch(tmp_path, portal="x1")
    watch.show(people=10, density=0.4, through=(5000, 0))
    watch.plant.run(5)
    assert watch.lately("line-out") == pytest.approx(4900, abs=4 * (5000 * 0.98 * 0.02) ** 0.5)


def test_who_stays_loiters_and_who_goes_in_time_does_not(tmp_path: Path) -> None:
    watch = Watch(tmp_path, "loiter-after: 20")
    watch.show(people=6, density=0.2)
    begun = watch.plant.now
    while not watch.lately("loitering"):
        watch.plant.slice()
        assert watch.plant.now - begun <= 25_000
    assert watch.plant.now - begun >= 20_000
    watch.show(people=6, density=0.2, first=100)
    watch.plant.run(15)
    assert watch.lately("loitering") == 0


def test_who_stands_in_the_guarded_field_is_counted_and_who_stands_beside_it_is_not(
    tmp_path: Path,
) -> None:
    watch = Watch(tmp_path, 'field: "-1 -0.5, 1 -0.5, 1 4.5, -1 4.5"')
    watch.show(people=8, density=0.1)
    watch.plant.run(5)
    watch.forget()
    watch.plant.run(30)
    seen = watch.told("intrusion")
    assert max(seen) == 5, "y 0 to 4 of 0 to 7"
    assert sum(seen) / len(seen) == pytest.approx(5 * 0.98, abs=0.25)
    watch.show(people=8, density=0.1, x=3.0)
    watch.plant.run(5)
    assert watch.lately("intrusion") == 0


def test_a_crowd_is_told_when_the_density_has_lasted(tmp_path: Path) -> None:
    watch = Watch(tmp_path, "crowd-at: 2.5, crowd-for: 10")
    watch.show(people=100, density=4.0)
    watch.plant.run(8)
    assert not any(watch.crowds())
    watch.plant.run(6)
    assert watch.crowds()[-1]
    watch.show(people=100, density=2.0)
    watch.plant.run(4)
    assert not watch.crowds()[-1]


def test_a_fall_is_told_within_a_picture_and_the_latency(tmp_path: Path) -> None:
    for seed in range(5):
        watch = Watch(tmp_path, seed=seed)
        watch.show(people=5, density=0.3)
        watch.plant.run(4)
        watch.show(people=5, density=0.3, lying=1)
        begun = watch.plant.now
        while not watch.lately("fallen"):
            watch.plant.slice()
        assert watch.plant.now - begun <= 3 * 1000 + 2000 + SLICE_MS


def test_the_truth_stands_in_the_journal_and_not_on_the_wire(tmp_path: Path) -> None:
    watch = Watch(tmp_path)
    watch.show(people=37, density=4.0)
    watch.plant.run(5)
    truths = [d for _, _, kind, who, d in watch.plant.records if (kind, who) == ("truth", "cam-1")]
    assert truths[-1]["count"] == 37
    assert not any("truth" in topic for topic, _ in watch.desk.heard())


def test_a_blocked_lens_sees_nobody_and_a_frozen_picture_the_same_for_ever(tmp_path: Path) -> None:
    watch = Watch(tmp_path)
    watch.show(people=50, density=0.5)
    watch.plant.run(4)
    watch.plant.fault("cam-1", "frozen")
    watch.plant.run(3)
    held = watch.lately("count")
    watch.forget()
    watch.plant.world.views["cam-1"] = NOBODY
    watch.plant.run(12)
    heard = [b for t, b in watch.desk.heard() if t.endswith("state/count")]
    assert {b["val"] for b in heard} == {held}
    assert int(str(heard[-1]["t"])) > watch.plant.now - 8000
    watch.plant.mend("cam-1", "frozen")
    watch.show(people=50, density=0.5)
    watch.plant.fault("cam-1", "lens-blocked")
    watch.plant.run(5)
    assert watch.lately("count") == 0


def test_recount_counts_people_twice(tmp_path: Path) -> None:
    watch = Watch(tmp_path)
    watch.show(people=200, density=0.5)
    watch.plant.fault("cam-1", "recount", value=50)
    watch.plant.run(30)
    seen = watch.told("count")[8:]
    assert 1.4 <= sum(seen) / len(seen) / 200 <= 1.55


def test_who_bends_on_a_stair_is_taken_for_fallen_for_a_moment_and_only_where_it_is_set(
    tmp_path: Path,
) -> None:
    for name, setting in (("never", ""), ("often", "mistaken: 20")):
        folder = tmp_path / name
        folder.mkdir()
        watch = Watch(folder, setting, truth={("hall", "stairs"): 1.0})
        watch.show(people=40, density=0.5, stair=True)
        watch.plant.run(120)
        told = watch.told("fallen")
        assert (max(told) > 0) == bool(setting)
        if setting:
            assert 0.0 in told[told.index(max(told)) :], "he stands up again"
