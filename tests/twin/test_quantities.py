"""What devices may sense of the device hall, and what they may do without effect."""

from __future__ import annotations

from typing import Any

import pytest

from scenarios.catalog import SITES
from twin.site import Site
from twin.twin import Twin


@pytest.fixture(scope="module")
def twin() -> Twin:
    def record(*_: Any, **__: Any) -> None:
        """Nobody reads it."""

    return Twin(Site.load(SITES / "device-hall"), "open", 1, 250, record)


def test_optical_depth_is_extinction_times_the_longer_side(twin: Twin) -> None:
    twin.world.hazards.fill(0, "hall", 0.05)
    depth = twin.world.probe("hall", "optical_depth")()
    assert depth == pytest.approx(0.05 * 20.0), "the hall is 20 m by 12 m"


def test_nobody_comes_back_in(twin: Twin) -> None:
    twin.advance(30_000)
    assert twin.world.probe("x-turn", "enters")() == 0.0


def test_a_strobe_has_a_state_and_no_effect(twin: Twin) -> None:
    before = (twin.world.alarms, twin.world.doors.version, twin.world.hazards.version)
    twin.world.actuate("strobe:s", "on", "by", "cause")
    assert twin.world.elements["strobe:s"] == "on"
    assert (twin.world.alarms, twin.world.doors.version, twin.world.hazards.version) == before
