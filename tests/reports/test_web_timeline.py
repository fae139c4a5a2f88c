"""What a door, a device and a space show after each record."""

from __future__ import annotations

from typing import Any

import pytest

from reports.web_timeline import Timeline
from reports.web_words import Words, group_of

WORDS = Words({"a.x1": "Main exit", "a.r1": "Room 1"}, {"lock-1": "door-lock", "sd-1": "smoke"})


def record(kind: str, entity: str, t: int = 0, **data: Any) -> dict[str, Any]:
    return {"t": t, "p": 1, "k": kind, "e": entity, "n": 1, **data}


def timeline(*records: dict[str, Any]) -> dict[str, Any]:
    made = Timeline(WORDS)
    made.add(records, [])
    return made.since(0)


def test_a_fault_hides_what_the_device_does_until_it_ends() -> None:
    facts = timeline(
        record("actuate", "lock-1", 10, element="portal:a.x1", state="unlocked", cause=""),
        record("fault", "lock-1", 20, what="begin", fault="stuck"),
        record("actuate", "lock-1", 30, element="portal:a.x1", state="locked", cause=""),
        record("fault", "lock-1", 40, what="end", fault="stuck"),
    )
    assert facts["devices"]["lock-1"] == [
        (10, "unlocked", "active"),
        (20, "fault: stuck", "fault"),
        (30, "fault: stuck", "fault"),
        (40, "locked", "rest"),
    ]


def test_a_lost_link_shows_until_it_is_back() -> None:
    facts = timeline(record("link", "pa-1", 5, what="down"), record("link", "pa-1", 9, what="up"))
    assert facts["devices"]["pa-1"] == [(5, "link down", "lost"), (9, "at rest", "rest")]


def test_smoke_that_clears_goes_to_zero() -> None:
    facts = timeline(
        record("hazard", "a.r1", 5, what="smoke", value=0.5),
        record("hazard", "a.r1", 9, what="clear", value=0.5),
    )
    assert facts["smoke"]["a.r1"] == [(5, 0.5), (9, 0.0)]


def test_records_of_one_moment_follow_phase_then_source() -> None:
    made = Timeline(WORDS)
    made.add(
        [{"t": 5, "p": 4, "k": "apply", "e": "x.y", "n": 1}],
        [{"t": 5, "p": 3, "k": "command", "e": "x.y", "n": 9}],
    )
    assert [event.kind for event in made.events] == ["command", "apply"]


def test_a_sample_is_a_count_and_no_event() -> None:
    facts = timeline(record("sample", "a.r1", 1000, n=12, density=0.2))
    assert facts["counts"] == {"a.r1": [(1000, 12)]}
    assert facts["events"] == ()


@pytest.mark.parametrize(
    ("given", "text", "group"),
    [
        (record("portal", "a.x1", what="open", by="lock-1"),
         "Main exit is open by door lock lock-1", "doors"),
        (record("sense", "sd-1", what="alarm"), "Smoke sd-1 senses alarm", "detection"),
        (record("decision", "c>e", what="on", cause="c", effect="e", inputs=["sd-1"]),
         "Rule c → e on (seen: sd-1)", "decision"),
        (record("command", "lock-1.release", value=True, rule="c>e"),
         "Command door lock lock-1.release := on by rule c>e", "decision"),
        (record("person", "c1.p1", what="stranded", space="a.r1", reason="smoke"),
         "c1.p1 is stranded in Room 1: smoke", "people"),
        (record("feedback", "lock-1.release", what="missing"),
         "Feedback of door lock lock-1.release is missing", "faults"),
        (record("reply", "fire-1", what="late", ms=3000), "Reply of fire-1 late by 3000 ms", "bus"),
        (record("cue", "a.r1", source="pa-1", what="voice"),
         "Voice is heard in Room 1 (pa-1)", "voice"),
        (record("novelty", "x", what="odd"), "novelty x odd", "bus"),
    ],
)  # fmt: skip
def test_records_become_sentences(given: dict[str, Any], text: str, group: str) -> None:
    assert WORDS.say(given) == text
    assert group_of(given) == group
