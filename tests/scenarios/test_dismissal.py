"""Dismissals: who is called when, and the scenarios of the catalogue on one rig."""

from __future__ import annotations

import json

import pytest

from controller.interface.files import BadFile
from controller.replay import replay
from controller.site import load
from scenarios.catalog import CATALOGUE, find_scenario, find_site
from scenarios.check import check
from scenarios.run import Order, run
from tests.scenarios.test_script import script

NAMES = sorted(
    path.stem
    for path in CATALOGUE.glob("*.yaml")
    if "dismissal" in path.stem or "crush" in path.read_text("utf-8")
)


def records(folder, kind, journal="twin"):
    lines = (folder / f"{journal}.jsonl").read_text("utf-8").splitlines()[1:]
    return [record for record in map(json.loads, lines) if record["k"] == kind]


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """Each scenario is run once, however many tests look at it."""
    runs = {}

    def play(name):
        if name not in runs:
            out = tmp_path_factory.mktemp(name)
            runs[name] = run(Order(find_scenario(name), rig="memory", out=out, report=False))
        return runs[name]

    return play


@pytest.mark.parametrize("name", NAMES)
def test_what_must_be_true_of_a_dismissal_is(played, name):
    document = played(name).document
    failed = [e for e in document["expectations"] if e["must"] and e["verdict"] != "pass"]
    assert failed == []
    assert document["verdict"] == "pass"


def test_staff_without_a_class_stay_and_every_class_hears_the_bell_in_its_room(played):
    folder = played("dismissal-all-at-once").folder
    rung = {r["e"] for r in records(folder, "cue") if r["what"] == "bell"}
    assert len(rung) == 30
    assert all(space.startswith("a.f") and ".r" in space for space in rung)
    out = {r["e"].rpartition(".")[0] for r in records(folder, "person") if r["what"] == "out"}
    assert not out & {"kitchen", "management", "office-4"}


def test_staggered_classes_spend_less_time_in_queues(played):
    once, staggered = (
        played(name).document["ledger"] for name in ("dismissal-all-at-once", "dismissal-staggered")
    )
    assert staggered["queue"] < 0.9 * once["queue"], "and in the other the controller holds floors"


def test_a_class_that_is_called_by_name_goes_and_its_neighbours_do_not_yet(played):
    folder = played("dismissal-controller").folder
    heard = {r["e"]: r["t"] for r in records(folder, "cue") if r["what"] == "voice"}
    assert heard["a.f2.r201"] < heard["a.f2.r202"] < heard["a.f2.r204"]
    assert "a.f2.office" not in heard


def test_a_release_and_the_fire_that_ends_it_repeat(played):
    folder = played("dismissal-fire").folder
    site = load(folder / "site")
    found = replay(folder / "controller.jsonl", site.points, site.matrix, site.plan)
    assert (found.line, found.program_says) == (0, "")
    assert [r["what"] for r in records(folder, "release", "controller")][-1] == "give-way"


def test_the_bell_calls_each_room_at_its_time():
    played, stage, _ = script({"at": "1 s", "dismissal": {"plan": "p.yaml"}})
    played._calls = {"p.yaml": {0: ("r1",), 5_000: ("r2", "r3")}}
    for now in (0, 1_000, 3_000, 6_000, 7_000):
        played.play(now)
    assert [(call[0], call[1], call[2]) for call in stage.calls] == [
        (1_000, "call", ("r1",)),
        (6_000, "call", ("r2", "r3")),
    ]
    assert not played.pending


@pytest.mark.parametrize(("line", "words"), [
    ("dismissal: all_at_onse", "all_at_once"),
    ("dismissal: {plan: relaese.yaml}", "no such plan beside the scenario or in the site"),
    ("dismisal: all_at_once", "did you mean `dismissal`"),
    ("dismissal: {plan: other.yaml}", "this plan is for period 'break'"),
    ("dismissal: {plan: wrong.yaml}", "no such class in this period: 'c9-1'"),
])  # fmt: skip
def test_a_dismissal_that_cannot_be_is_refused_with_the_nearest(tmp_path, line, words):
    text = "release: 1\nsay: A plan\nperiod: {}\nsteps:\n- {{at_s: 0, groups: [{}]}}\n"
    (tmp_path / "other.yaml").write_text(text.format("break", "c1-1"))
    (tmp_path / "wrong.yaml").write_text(text.format("lesson", "c9-1"))
    path = tmp_path / "d.yaml"
    path.write_text(
        "scenario: 1\nsay: A dismissal\nsite: primary-school\nperiod: lesson\n"
        f"happens:\n- {{at: 1 s, {line}}}\n"
    )
    found = "\n".join(str(problem) for problem in check(path))
    assert words in found
    with pytest.raises(BadFile):
        run(Order(path, rig="memory", out=tmp_path / "out"))


def test_the_plan_that_comes_with_the_school_has_no_problems():
    assert check(find_site("primary-school") / "release.yaml") == []
