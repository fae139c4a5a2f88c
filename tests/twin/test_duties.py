"""People who are called come on their feet: they set off, walk, act and say so; or they do not."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.twin import campus
from tests.twin.campus import Drill
from twin.site import Site

POINTS = """
  - {id: phone, kind: notice-receiver, at: hall, bus: mqtt, settings: {seen-sigma: 0},
     points: {notice: {topic: cmd/notice, as: text}, receipt: {topic: event/receipt, as: text}}}
  - {id: desk, kind: duty-desk, at: hall, bus: mqtt,
     points: {alarm: {topic: cmd/alarm, as: text}, seen: {topic: state/seen, as: text}}}
"""
DUTY = "\nduties:\n  - {{who: watch.p01, sigma: 0, ready_s: 4, {}}}\n"


def site(folder: Path, duty: str) -> Site:
    texts = {
        "floor": campus.FLOOR, "points": campus.POINTS + POINTS,
        "people": campus.PEOPLE + DUTY.format(duty), "matrix": "matrix: 1\n",
    }  # fmt: skip
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text)
    return Site.load(folder)


def told(drill: Drill, device: str, words: dict[str, Any] | str) -> None:
    """Let something come up on a device, as a command does."""
    point = "notice" if device == "phone" else "alarm"
    text = words if isinstance(words, str) else json.dumps(words)
    drill.twin.bank.devices[device].command(point, text, drill.now)


def callouts(drill: Drill) -> list[str]:
    return [str(r["what"]) for r in drill.journal.of("callout")]


def when(drill: Drill, what: str) -> int:
    return int(drill.journal.of("callout", what=what)[0]["t"])


STEP = {"kind": "step", "id": "n1", "step": "look"}


def test_a_step_is_done_when_he_has_come_and_not_before(tmp_path: Path) -> None:
    drill = Drill(site(tmp_path, 'on: "phone step look", at: far, do: look, takes_s: 10'))
    drill.run(1000)
    told(drill, "phone", STEP)
    drill.run(60_000)
    assert callouts(drill) == ["called", "sets-off", "arrived", "saw-nobody", "done"]
    seen = drill.journal.of("sense", e="phone", what="acknowledged")[0]["t"]
    done = drill.journal.of("sense", e="phone", what="done")[0]["t"]
    assert when(drill, "sets-off") - seen == pytest.approx(4000, abs=300)
    assert when(drill, "arrived") - when(drill, "sets-off") > 5_000, "hall, lobby, far: 10 m"
    assert done - when(drill, "arrived") == pytest.approx(10_000, abs=300)


def test_a_locked_door_leaves_it_undone_until_somebody_opens_it(tmp_path: Path) -> None:
    drill = Drill(site(tmp_path, 'on: "phone step *", at: far'))
    drill.twin.stage.portal(0, "d3", "locked")
    told(drill, "phone", STEP)
    drill.run(120_000)
    assert callouts(drill)[-1] == "no-way"
    assert drill.journal.of("sense", e="phone", what="done") == []
    drill.twin.stage.portal(drill.now, "d3", "open")
    drill.run(180_000)
    assert callouts(drill)[-1] == "done"


def test_outside_he_goes_on_and_in_again_by_an_open_door(tmp_path: Path) -> None:
    drill = Drill(site(tmp_path, 'on: "phone step *", via: [yard], at: far'))
    told(drill, "phone", STEP)
    drill.run(150_000)
    assert callouts(drill) == ["called", "sets-off", "arrived", "done"]
    assert drill.twin.world.strangers["far"] == 1
    assert [r["e"] for r in drill.out()] == ["watch.p01"]


def test_a_marshal_acts_only_once_he_stands_there_and_ends_with_the_call(tmp_path: Path) -> None:
    drill = Drill(site(tmp_path, 'on: "desk send-marshal", at: lobby, do: marshal, takes_s: 0'))
    told(drill, "desk", "send-marshal")
    handled = drill.twin.world.handled
    while when_known(drill, "arrived") is None and drill.now < 60_000:
        assert not handled.look(True, {}, {}).marshals
        drill.run(drill.now)
    drill.run(drill.now + 1000)
    assert handled.look(True, {}, {}).marshals == {"lobby"}
    told(drill, "desk", "")
    drill.run(drill.now + 30_000)
    assert not handled.look(True, {}, {}).marshals
    assert callouts(drill)[-1] == "relieved"
    assert drill.twin._crowd.where("watch.p01") == "hall"


def test_a_marshal_whose_call_is_over_turns_back_before_he_is_there(tmp_path: Path) -> None:
    drill = Drill(site(tmp_path, 'on: "desk send-marshal", at: far, do: marshal'))
    told(drill, "desk", "send-marshal")
    while when_known(drill, "sets-off") is None and drill.now < 60_000:
        drill.run(drill.now)
    told(drill, "desk", "")
    drill.run(drill.now + 60_000)
    assert callouts(drill) == ["called", "sets-off", "relieved"]
    assert drill.twin._crowd.where("watch.p01") == "hall"
    assert not drill.twin.world.handled.look(True, {}, {}).marshals


def when_known(drill: Drill, what: str) -> int | None:
    found = drill.journal.of("callout", what=what)
    return int(found[0]["t"]) if found else None


def test_in_an_alarm_who_stands_there_leaves_too(tmp_path: Path) -> None:
    drill = Drill(site(tmp_path, 'on: "phone step *", at: near'))
    told(drill, "phone", STEP)
    drill.run(60_000)
    drill.alarm()
    drill.run(120_000)
    assert "watch.p01" in {r["e"] for r in drill.out()}


def test_a_key_is_fetched_first_and_the_door_opens_when_he_is_there(tmp_path: Path) -> None:
    duty = 'on: "desk open-up", via: [far], at: hall, do: unlock, portal: x1'
    drill = Drill(site(tmp_path, duty))
    assert drill.twin.world.doors.state("x1") == "locked"
    told(drill, "desk", "open-up")
    drill.run(90_000)
    opened = drill.journal.of("portal", e="x1", what="open")
    assert [r["by"] for r in opened] == ["watch.p01"]
    assert opened[0]["t"] > when(drill, "arrived") > when(drill, "sets-off") + 10_000


def test_a_phone_that_nobody_here_carries_answers_after_a_time_of_its_own(tmp_path: Path) -> None:
    made = site(tmp_path, 'on: "phone step *", at: far')
    people = (tmp_path / "people.yaml").read_text().replace("who: watch.p01", "who: c-far.t1")
    (tmp_path / "people.yaml").write_text(people)
    drill = Drill(Site.load(made.folder), period="night")
    told(drill, "phone", STEP)
    drill.run(90_000)
    assert callouts(drill) == []
    assert len(drill.journal.of("sense", e="phone", what="done")) == 1


@pytest.mark.parametrize(
    ("duty", "says"),
    [
        ('on: "fone step *", at: far', "no duty desk or receiver is called 'fone'"),
        ('on: "phone *", at: attic', "no such space in floor.yaml: 'attic'"),
        ('on: "phone *", at: far, do: lock', "name a `portal`"),
    ],
)
def test_a_duty_that_leads_nowhere_is_found(tmp_path: Path, duty: str, says: str) -> None:
    with pytest.raises(Exception, match=says):
        site(tmp_path, duty)


def test_the_same_seed_gives_the_same_walk(tmp_path: Path) -> None:
    def walked() -> list[dict[str, Any]]:
        drill = Drill(site(tmp_path, 'on: "phone step *", at: far'))
        told(drill, "phone", STEP)
        drill.run(60_000)
        return drill.journal.records

    assert walked() == walked()


def test_the_bell_of_a_zone_lets_its_classes_go_and_nobody_else(tmp_path: Path) -> None:
    drill = Drill(campus.small_campus(tmp_path, at="far"))
    drill.twin.world.actuate("voice:pa-far", "bell", "pa-far", "pa-far.message#1")
    drill.run(60_000)
    started = {r["e"] for r in drill.journal.of("group", what="start")}
    assert "c-far" in started
    assert "c-near" not in started


@pytest.mark.parametrize("drill_", [False, True])
def test_he_confirms_what_he_has_seen_but_nothing_in_a_drill(tmp_path: Path, drill_: bool) -> None:
    duty = 'on: "phone alarm *", at: where, desk: desk, reports: "confirm {source} because seen"'
    drill = Drill(site(tmp_path, duty))
    notice = {"kind": "alarm", "id": "n2", "incident": "one-key", "source": "b-1", "where": "far"}
    told(drill, "phone", notice | {"drill": drill_})
    drill.run(60_000)
    assert callouts(drill)[-1] == "done"
    said = [r["what"] for r in drill.journal.of("press", e="desk")]
    assert said == ([] if drill_ else ["ask confirm b-1 because seen"])
