"""Faults from the command line and over HTTP."""

from __future__ import annotations

import json
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from controller.interface.points import PointList
from scenarios.catalog import find_site
from scenarios.control import ControlServer
from scenarios.faultboard import FaultBoard
from scenarios.injection import Injection, parse_injection

GIVEN = [
    ("fire-1:slow=3s:8s:60s#7", 8000, {"fault": "slow", "delay": 3000, "lasts": 60000, "seed": 7}),
    ("lock-x-a:stuck", 0, {"fault": "stuck", "lasts": None, "seed": None}),
    ("doors-1:exception=6:1 min", 60_000, {"fault": "exception", "value": 6}),
    ("sd-101:drift=0.25:500ms:2min", 500, {"fault": "drift", "value": 0.25, "lasts": 120_000}),
    ("lock-x-a:wrong=true", 0, {"fault": "wrong", "value": True}),
    ("at:a.*:partition:2s", 2000, {"device": "at:a.*", "fault": "partition"}),
]


@pytest.mark.parametrize(("text", "at_ms", "parts"), GIVEN)
def test_what_is_written_on_the_command_line(text: str, at_ms: int, parts: dict) -> None:  # type: ignore[type-arg]
    start_ms, order = parse_injection(text)
    assert start_ms == at_ms
    assert {key: getattr(order, key) for key in parts} == parts


REFUSED = [
    ("fire-1", "write DEVICE:FAULT"),
    ("fire-1:slo", "no such fault: 'slo'; did you mean `slow`?"),
    ("fire-1:slow=3", "not a duration"),
    ("fire-1:slow=3s:soon", "not a duration"),
]


@pytest.mark.parametrize(("text", "say"), REFUSED)
def test_what_cannot_be_read_is_said_in_a_sentence(text: str, say: str) -> None:
    with pytest.raises(ValueError, match="--fault") as refusal:
        parse_injection(text)
    assert say in str(refusal.value).replace("is not a duration", "not a duration")


class Stage:
    def __init__(self) -> None:
        self.done: list[object] = []

    def fault(
        self, now: int, target: str, fault: str, for_ms: int | None, **params: object
    ) -> None:
        self.done.append((now, target, fault, for_ms, params))

    def clear(self, now: int, target: str, fault: str) -> None:
        self.done.append((now, target, fault))

    def press(self, now: int, device: str) -> None:
        self.done.append((now, device))


def ask(url: str, method: str, body: object = None) -> tuple[int, dict]:  # type: ignore[type-arg]
    data = None if body is None else json.dumps(body).encode()
    request = Request(url, data, {"Content-Type": "application/json"}, method=method)
    try:
        with urlopen(request, timeout=5) as answer:
            return answer.status, json.loads(answer.read())
    except HTTPError as error:
        return error.code, json.loads(error.read())


def test_presses_over_http() -> None:
    points = PointList.load(find_site("primary-school") / "points.yaml")
    board, stage = FaultBoard(points, "wire", list), Stage()
    control = ControlServer(board, 0)
    url = f"{control.url}/presses"
    try:
        assert ask(url, "POST", {"device": "mcp-guard"}) == (202, {"device": "mcp-guard"})
        board.play(stage, 500)
        assert stage.done == [(500, "mcp-guard")]
        status, said = ask(url, "POST", {"device": "sd-101"})
        assert (status, said["error"][:40]) == (422, "sd-101 has nothing to press; these have:")
        status, said = ask(url, "POST", {"device": "mcp-gard"})
        assert (status, said["error"][-27:]) == (422, "; did you mean `mcp-guard`?")
        assert ask(url, "POST", {"device": "mcp-guard", "long": True})[0] == 422
    finally:
        control.close()


def test_faults_over_http() -> None:
    points = PointList.load(find_site("primary-school") / "points.yaml")
    standing = [("fire-1", "slow")]
    board, stage = FaultBoard(points, "wire", lambda: standing), Stage()
    control = ControlServer(board, 0)
    url = f"{control.url}/faults"
    try:
        order = {"device": "fire-1", "fault": "slow", "delay": "3 s", "lasts": "1 min"}
        assert ask(url, "POST", order)[0] == 202
        assert ask(f"{url}/fire-1/slow", "DELETE")[0] == 202
        board.play(stage, 1250)
        assert stage.done == [
            (1250, "fire-1", "slow", 60_000, {"delay_ms": 3000}), (1250, "fire-1", "slow"),
        ]  # fmt: skip
        status, said = ask(url, "POST", {"device": "fire-1", "fault": "stuck"})
        assert (status, "possible: off" in said["error"]) == (422, True)
        assert ask(url, "POST", {"device": "fire-1", "falt": "off"})[0] == 422
        assert ask(f"{url}/fire-1/off", "DELETE") == (
            404,
            {"error": "fire-1 is not `off` now"},
        )
        status, said = ask(f"{url}/fire-2", "GET")
        assert (status, said["error"][-24:]) == (404, "; did you mean `fire-1`?")
        assert ask(url, "GET")[1]["standing"] == [{"device": "fire-1", "fault": "slow"}]
    finally:
        control.close()
    with pytest.raises(ValueError, match="`split` needs rig wire"):
        FaultBoard(points, "memory", list).begin(Injection(device="fire-1", fault="split"))
