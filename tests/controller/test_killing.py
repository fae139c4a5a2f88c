"""The real program, killed at random instants on real sockets: nothing latched is lost."""

from __future__ import annotations

import asyncio

import pytest

from controller.decider import SETTLE_MS
from scenarios.killing import Campaign
from tests.controller.conftest import SITE

pytestmark = pytest.mark.wire
OUTPUTS = ("lock-1.release", "snd-1.on")


@pytest.mark.parametrize("seed", [1, 2])
def test_kills_at_random_instants_lose_no_alarm_and_flap_no_output(tmp_path, seed):
    parts = ("--journal-mb", "0.004") if seed == 2 else ()
    toll = asyncio.run(Campaign(SITE, tmp_path, seed, OUTPUTS, parts).run(10))
    assert (toll.lost, toll.flaps, toll.late, toll.unproved) == ([], [], [], [])
    assert toll.kills == 10
    assert toll.alarms == 4, "every detector went into alarm and back"
    assert toll.restored >= 1, "a start after a kill went on from the saved state"
    assert toll.polled_ms
    assert max(toll.polled_ms) < SETTLE_MS, "the stated limit from restart to first complete poll"
