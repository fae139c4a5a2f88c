"""What people make of signs and voices that ask them to wait."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from twin.asked import ALONE, SLOW_PER_M_S, USUAL_PER_M_S, WITH_TEACHER, doors_asked, spaces_told


@dataclass
class Sign:
    near: str


SIGNS = {"w": Sign("door"), "other": Sign("door"), "loose": Sign("")}
WIDTHS = {"door": 2.0}


def test_a_held_door_lets_through_who_does_not_comply() -> None:
    alone = doors_asked({"w": "wait"}, SIGNS, WIDTHS, led=False)  # type: ignore[arg-type]
    led = doors_asked({"w": "wait"}, SIGNS, WIDTHS, led=True)  # type: ignore[arg-type]
    assert alone["door"] == pytest.approx((1 - ALONE) * USUAL_PER_M_S * 2.0)
    assert led["door"] == pytest.approx((1 - WITH_TEACHER) * USUAL_PER_M_S * 2.0)
    assert 0 < led["door"] < alone["door"], "it is a request, not a bolt"


def test_a_meter_lets_a_thin_stream_through_and_a_hold_beside_it_less() -> None:
    slow = doors_asked({"w": "slow"}, SIGNS, WIDTHS, led=True)  # type: ignore[arg-type]
    both = doors_asked(  # type: ignore[arg-type]
        {"w": "slow", "other": "wait"}, SIGNS, WIDTHS, led=True
    )
    held = doors_asked({"w": "wait"}, SIGNS, WIDTHS, led=True)  # type: ignore[arg-type]
    expected = (WITH_TEACHER * SLOW_PER_M_S + (1 - WITH_TEACHER) * USUAL_PER_M_S) * 2.0
    assert slow["door"] == pytest.approx(expected)
    assert both == held


def test_other_faces_and_signs_at_no_door_ask_nothing() -> None:
    shown = {"w": "off", "other": "ahead", "loose": "wait"}
    assert doors_asked(shown, SIGNS, WIDTHS, led=True) == {}  # type: ignore[arg-type]


def test_a_voice_that_says_wait_tells_the_spaces_that_it_covers() -> None:
    speaking = {"pa-1": ("wait", "c"), "pa-2": ("evacuate", "c")}
    covers = {"pa-1": ("stair", "landing"), "pa-2": ("hall",)}
    assert spaces_told(speaking, covers) == {"stair", "landing"}
