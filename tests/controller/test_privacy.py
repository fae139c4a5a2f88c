"""Names stay out of what leaves the controller: planted canary names are looked for everywhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from controller.anchors import Anchors
from controller.interface import envelope, topics
from controller.interface.asking import Request, encode
from controller.interface.points import Quality
from controller.ledger import Keeping, Ledger
from controller.pseudonym import Pseudonyms
from controller.scan import Controller
from controller.site import Site, load
from controller.state import StateFile
from tests.controller.canaries import leaks
from tests.controller.field import Field
from tests.controller.school import write
from tests.controller.test_plan_duties import CHECKPOINTS, DUTIES

GUARD, OPERATOR = "李雷-canary-guard", "wang-canary-operator"
"""Planted: the tag of a guard, and the id of who signs requests."""

KEY = "ab" * 32
OPERATORS = f"""operators: 1
people: [{{id: {OPERATOR}, role: head, key: "{KEY}"}}]
"""


class School(Field):
    """The product on a site with a plan, its journal veiled as given."""

    def __init__(self, site: Site, folder: Path, veil: Callable[[str], str] | None) -> None:
        super().__init__(site)
        self.folder = folder
        hidden = Pseudonyms(bytes(32), site.points)
        if veil is not None:
            hidden.points = frozenset()
        self.journal = Ledger(folder / "j.jsonl", {}, Keeping(reserve_bytes=4096), hidden)
        self.state_file = StateFile(folder / "state")
        self.anchors = Anchors(self.journal, folder / "anchors", 1000)
        self.controller = Controller(
            site, self, self.journal, scan_ms=250, memory=self.state_file, veil=veil or hidden.of
        )

    def event(self, device: str, point: str, value: object) -> None:
        payload = envelope.encode_state(self.now, self._next(), "b1", Quality.GOOD, value)
        self.say(device, f"event/{point}", payload)

    def ask(self, name: str, verb: str, target: str) -> None:
        """Somebody signs a request and sends it over MQTT."""
        request = Request(name, OPERATOR, verb, target, f"{OPERATOR} says so", 0, self.now)
        text = encode(bytes.fromhex(KEY), self.site.points.site, request)
        payload = envelope.encode_state(self.now, self._next(), "b1", Quality.GOOD, text)
        topic = topics.join(self.site.points.site, "ctl", "console", "event/ask")
        self.broker.waiting.append((topic, payload))

    def said(self) -> dict[str, bytes]:
        """Everything that left: journal, anchors, state, messages, notices and reports.

        The answer to a console is for who asked, and names him.
        """
        self.anchors.due(self.now)
        self.journal.close()
        files = {
            name: (self.folder / name).read_bytes() for name in ("j.jsonl", "anchors", "state")
        }
        sent = {f"{t} {n}": p for n, (t, p) in enumerate(self.broker.sent) if "cmd/answer" not in t}
        told = {
            f"http {name} {n}": body
            for name, link in self.receivers.items()
            for n, (_, _, body) in enumerate(link.sent)
        }
        return files | sent | told


def a_day(school: School) -> None:
    """A round is walked, a button pressed, confirmed by name, a level raised, a report sent."""
    school.until(1000)
    school.state("key-1", "alarm", False)
    school.until(2000)
    school.event("cp-1", "visit", GUARD)
    school.until(3000)
    school.state("key-1", "alarm", True)
    school.until(4000)
    school.ask("one", "confirm", "key-1")
    school.until(5000)
    school.ask("two", "level", "II")
    school.until(6000)
    school.event("cp-2", "visit", GUARD)
    school.ask("three", "reset", "key-1")
    school.until(9000)


@pytest.fixture
def site(tmp_path):
    write(tmp_path, DUTIES)
    points = tmp_path / "points.yaml"
    points.write_text(points.read_text().rstrip("\n") + CHECKPOINTS)
    (tmp_path / "plan.yaml").write_text(DUTIES)
    (tmp_path / "operators.yaml").write_text(OPERATORS)
    return load(tmp_path)


def test_no_name_leaves_the_controller(site, tmp_path):
    school = School(site, tmp_path, None)
    a_day(school)
    said = school.said()
    assert leaks(said, (GUARD, OPERATOR)) == []
    journal = said["j.jsonl"].decode()
    assert '"k":"level"' in journal
    assert '"r":"granted"' in journal or '"granted":true' in journal
    assert '"e":"cp-1"' in journal, "the round was walked all the same"
    assert "p-" in journal, "who did it can be looked for"
    assert any(b'"kind":"report"' in body for body in said.values())


def test_the_search_finds_a_name_where_one_leaks(site, tmp_path):
    school = School(site, tmp_path, str)
    a_day(school)
    places = {where.split(" ")[0] for where, _ in leaks(school.said(), (GUARD, OPERATOR))}
    assert {"j.jsonl", "state", "http"} <= places


@pytest.mark.parametrize("written", [GUARD, json.dumps(GUARD), GUARD.upper()])
def test_a_name_is_found_however_it_is_written(written):
    assert leaks({"x": f"..{written}..".encode()}, [GUARD]) == [("x", GUARD)]
    assert leaks({"x": b"nobody"}, [GUARD]) == []
