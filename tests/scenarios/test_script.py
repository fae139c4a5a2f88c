"""The script plays what happens at its time, or after what it waits for."""

from __future__ import annotations

import pytest

from controller.interface.files import BadFile
from scenarios.rig.script import Script
from scenarios.schema import Scenario, load_scenario

HEAD = {"scenario": 1, "say": "a test", "site": "x", "period": "lesson"}


class Stage:
    """Writes down which verb was called."""

    def __init__(self):
        self.calls = []

    def __getattr__(self, verb):
        return lambda now, *words, **params: self.calls.append((now, verb, *words, params))


def script(*happens):
    stage = Stage()
    restarts = []
    scenario = Scenario.model_validate({**HEAD, "happens": list(happens)})
    played = Script(scenario, stage, lambda now, down: restarts.append((now, down)), stage.order)
    return played, stage, restarts


def test_happenings_play_at_their_time():
    played, stage, _ = script({"at": "1 s", "press": "mcp-1"}, {"at": "2 s", "press": "mcp-2"})
    for now in (0, 1_000, 1_250, 2_000, 2_250):
        played.play(now)
    assert [(call[0], call[2]) for call in stage.calls] == [(1_000, "mcp-1"), (2_000, "mcp-2")]


def test_a_trigger_starts_the_clock_of_what_follows():
    played, _, restarts = script(
        {"when": "sense sd-* alarm", "after": "5 s", "broker": "restart", "down": "3 s"}
    )
    assert played.untriggered() == ["sense sd-* alarm"]
    assert played.next_wake() is None
    played.watch({"t": 7_000, "k": "sense", "e": "sd-4", "what": "alarm"})
    assert played.next_wake() == 12_000
    played.play(12_000)
    assert restarts == [(12_000, 3_000)]
    assert played.untriggered() == []


def test_a_fault_carries_what_it_was_given():
    played, stage, _ = script(
        {"at": "0 s", "fault": "slow", "device": "fire-1", "delay": "3 s", "lasts": "60 s"}
    )
    played.play(0)
    assert stage.calls == [(0, "fault", "fire-1", "slow", 60_000, {"delay_ms": 3_000})]


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("- {at: 1 s, pres: mcp-1}", "press"),
        ("- {at: 1, press: mcp-1}", "10 s"),
        ("- {press: mcp-1}", "at"),
        ("- {when: 'input x y', press: mcp-1}", "twin"),
        ("- {at: 1 s, fire: a, growth: quick}", "fast"),
    ],
)
def test_a_typing_error_is_named_with_its_line(tmp_path, line, hint):
    path = tmp_path / "bad.yaml"
    path.write_text(f"scenario: 1\nsay: a test\nsite: x\nperiod: p\nhappens:\n  {line}\n")
    with pytest.raises(BadFile) as caught:
        load_scenario(path)
    problems = caught.value.problems
    assert any(hint in problem.message + problem.suggestion for problem in problems), problems
    assert {problem.line for problem in problems} == {6}
