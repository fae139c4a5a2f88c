"""A sign kept to measured times answers and reports when the real one did."""

from __future__ import annotations

import pytest

from devices.tempo import Tempo
from tests.devices.desk import Desk
from tests.devices.plant import SLICE_MS, Plant


@pytest.fixture
def said(plant: Plant, desk: Desk):
    """Keep sign-1 to times of answer and report; tells what it says after a command."""

    def say(answer_ms: int, report_ms: int, *faces: str, seconds: float = 5) -> list:
        shows = {"show": "state/showing"}
        tempo = Tempo(plant.bank.agenda, lambda: answer_ms, lambda: report_ms, shows)
        plant.bank.stations["sign-1"].tempo = tempo
        desk.heard()
        asked = plant.now
        for face in faces:
            desk.order("sign/sign-1/cmd/show", face)
        plant.run(seconds)
        wanted = ("sign/sign-1/ack", "sign/sign-1/state/showing")
        return [
            (topic.rpartition("/")[2], body.get("r") or body["val"], body["t"] - asked)
            for topic, body in desk.heard()
            if topic in wanted
        ]

    return say


@pytest.mark.parametrize(("answer_ms", "report_ms"), [(0, 100), (200, 300), (50, 3000)])
def test_answers_and_reports_come_when_they_did(said, answer_ms, report_ms) -> None:
    (ack, result, acked_ms), (leaf, face, shown_ms) = said(answer_ms, report_ms, "left")
    assert (ack, result, leaf, face) == ("ack", "ok", "showing", "left")
    assert answer_ms <= acked_ms <= answer_ms + 2 * SLICE_MS
    assert report_ms <= shown_ms <= report_ms + 2 * SLICE_MS


def test_the_sign_itself_changes_in_its_own_time(said, plant: Plant) -> None:
    said(0, 3000, "left")
    ((at, face, _),) = plant.did("sign:sign-1")
    assert face == "left"
    assert at < plant.now - 3000


def test_a_command_that_is_refused_is_not_reported(said) -> None:
    assert [(leaf, what) for leaf, what, _ in said(0, 100, "upside-down")] == [("ack", "rejected")]


def test_of_two_commands_the_last_is_reported(said) -> None:
    told = [(leaf, what) for leaf, what, _ in said(0, 1500, "left", "right")]
    assert told[-1] == ("showing", "right")
    assert ("showing", "left") not in told


def test_a_report_ahead_of_a_sign_that_does_not_follow_is_taken_back(said, plant: Plant) -> None:
    plant.bank.fault(plant.now, "sign-1", "stuck")
    told = [(leaf, what) for leaf, what, _ in said(0, 100, "left", seconds=62)]
    assert told[:2] == [("ack", "ok"), ("showing", "left")]
    assert told[-1][0] == "showing"
    assert told[-1][1] != "left"
