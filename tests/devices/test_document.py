"""The declaration of each kind, as the profile document gives it to other tools."""

from __future__ import annotations

import json

import pytest

from controller.interface.kinds import KINDS
from devices import profile_document

KEYS = {"kind", "title", "bus", "points", "timing", "faults", "safe_state", "watchdog"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_profile_that_json_can_hold(kind: str) -> None:
    document = profile_document(kind)
    assert document.keys() >= KEYS
    assert json.loads(json.dumps(document))["kind"] == kind
    assert document["points"], "a device without points is no device"


@pytest.mark.parametrize("kind", KINDS)
def test_no_two_points_of_a_kind_share_a_register(kind: str) -> None:
    taken: set[tuple[str, int]] = set()
    for role in KINDS[kind].points.values():
        if role.area in ("coil", "discrete", "holding", "input"):
            for offset in range(role.offset, role.offset + 1 + (role.as_type == "u32")):
                assert (role.area, offset) not in taken, role.name
                taken.add((role.area, offset))


@pytest.mark.parametrize("kind", KINDS)
def test_every_time_has_a_source_and_runs_forward(kind: str) -> None:
    for timing in KINDS[kind].timing.values():
        assert timing.source
        assert 0 <= timing.low_ms <= timing.high_ms


def test_a_profile_that_does_not_exist_names_the_nearest() -> None:
    with pytest.raises(ValueError, match="did you mean `door-lock`"):
        profile_document("door-lok")
