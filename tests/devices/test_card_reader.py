"""Card readers: ask and obey, open the door of their portal, decide by themselves when alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.devices.desk import Desk
from tests.devices.plant import Plant

ANNA, BEN = "p-" + "a" * 20, "p-" + "b" * 20
READER = (
    "points: {verdict: {topic: cmd/verdict, as: text}, card: {topic: event/card, as: text}, "
    "passed: {topic: event/passed, as: text}, alone: {topic: state/alone, as: bool}, "
    "tamper: {topic: state/tamper, as: bool}}"
)
POINTS = f"""
points: 1
site: doors
mqtt: {{host: 127.0.0.1, port: 11883}}
gateways:
  - {{id: doors-1, profile: door-board, host: 127.0.0.1, port: 15021, at: hall}}
  - {{id: gate-1, profile: gate-board, host: 127.0.0.1, port: 15022, at: hall}}
devices:
  - {{id: lock-1, kind: door-lock, at: hall, portal: x1, gateway: doors-1,
     points: {{release: {{coil: 1, write: true}}, lockdown: {{coil: 2, write: true}},
              bolt: {{discrete: 1}}}}}}
  - {{id: turn-1, kind: turnstile, at: hall, portal: x2, gateway: gate-1,
     points: {{free: {{coil: 0, write: true}}, freed: {{discrete: 0}}}}}}
  - {{id: rd-in, kind: card-reader, at: hall, portal: x1,
     bus: mqtt, {READER}}}
  - {{id: rd-out, kind: card-reader, at: hall, portal: x1, settings: {{side: out}},
     bus: mqtt, {READER}}}
  - {{id: rd-turn, kind: card-reader, at: hall, portal: x2, settings: {{alone: all}},
     bus: mqtt, {READER}}}
  - {{id: rd-leave, kind: card-reader, at: hall, portal: x2, settings: {{side: out}},
     bus: mqtt, {READER}}}
  - {{id: rd-yard, kind: card-reader, at: hall, settings: {{side: muster}},
     bus: mqtt, {READER}}}
"""


@pytest.fixture
def doors(tmp_path: Path) -> Plant:
    plant = Plant(tmp_path, points=POINTS)
    plant.run(1)
    return plant


@pytest.fixture
def desk(doors: Plant) -> Desk:
    return Desk(doors)


def shows(doors: Plant, reader: str, card: str, seconds: float = 1.0) -> None:
    doors.bank.order(doors.now, reader, card)
    doors.run(seconds)


def opened(doors: Plant, portal: str = "portal:x1") -> list[str]:
    return [state for _, state, _ in doors.did(portal)]


def sensed(doors: Plant, reader: str) -> list[str]:
    return [what for _, what in doors.sensed(reader)]


def test_it_sends_the_hash_of_a_card_and_opens_on_a_yes(doors: Plant, desk: Desk) -> None:
    desk.heard()
    shows(doors, "rd-in", ANNA)
    told = [b["val"] for topic, b in desk.heard() if topic == "card/rd-in/event/card"]
    assert told == [ANNA]
    assert opened(doors) == []
    desk.order("card/rd-in/cmd/verdict", f"yes {ANNA}")
    doors.run(1)
    assert opened(doors) == ["unlocked"]
    doors.run(6)
    assert opened(doors) == ["unlocked", "locked"], "for one person"


def test_a_no_and_the_verdict_on_another_card_open_nothing(doors: Plant, desk: Desk) -> None:
    shows(doors, "rd-in", ANNA)
    desk.order("card/rd-in/cmd/verdict", f"yes {BEN}")
    doors.run(0.5)
    desk.order("card/rd-in/cmd/verdict", f"no {ANNA}")
    doors.run(5)
    assert opened(doors) == []
    assert sensed(doors, "rd-in") == ["read", "refused"]


def test_the_same_card_twice_is_read_twice_and_one_after_the_other(
    doors: Plant, desk: Desk
) -> None:
    desk.heard()
    doors.bank.order(doors.now, "rd-yard", ANNA)
    doors.bank.order(doors.now, "rd-yard", ANNA)
    doors.run(3)
    times = [b["t"] for topic, b in desk.heard() if topic == "card/rd-yard/event/card"]
    assert len(times) == 2
    assert times[1] - times[0] >= 500


def test_without_an_answer_it_lets_in_whom_it_knows_and_hands_that_in(
    doors: Plant, desk: Desk
) -> None:
    shows(doors, "rd-in", ANNA)
    desk.order("card/rd-in/cmd/verdict", f"yes {ANNA}")
    doors.run(8)
    desk.heard()
    shows(doors, "rd-in", BEN, 5)
    shows(doors, "rd-in", ANNA, 5)
    assert sensed(doors, "rd-in")[2:] == ["read", "refused-alone", "read", "let-in-alone"]
    heard = desk.heard()
    passed = [b["val"] for topic, b in heard if topic == "card/rd-in/event/passed"]
    assert passed == [ANNA]
    assert [b["val"] for topic, b in heard if topic == "card/rd-in/state/alone"] == [True]
    shows(doors, "rd-in", BEN)
    desk.order("card/rd-in/cmd/verdict", f"no {BEN}")
    doors.run(1)
    alone = [b["val"] for topic, b in desk.heard() if topic == "card/rd-in/state/alone"]
    assert alone == [False], "somebody answers again"


def test_offline_it_keeps_what_it_decided_with_its_time(doors: Plant, desk: Desk) -> None:
    doors.fault("rd-turn", "offline")
    shows(doors, "rd-turn", BEN, 3)
    shown = doors.now
    assert opened(doors, "portal:x2") == ["free"], "this one lets in everybody when alone"
    doors.run(20)
    desk.heard()
    doors.mend("rd-turn", "offline")
    doors.run(1)
    told = [b for topic, b in desk.heard() if topic == "card/rd-turn/event/passed"]
    assert [b["val"] for b in told] == [BEN]
    assert told[0]["t"] < shown, "its own time, not that of the upload"


@pytest.mark.parametrize(("reader", "portal"), [("rd-out", "x1"), ("rd-leave", "x2")])
def test_the_way_out_opens_alone_for_anybody(doors: Plant, reader: str, portal: str) -> None:
    doors.fault(reader, "offline")
    doors.bank.press(doors.now, reader)
    doors.run(2)
    assert opened(doors, f"portal:{portal}")[:1] == ["unlocked" if portal == "x1" else "free"]


def test_in_a_lockdown_a_card_from_outside_opens_nothing_and_one_from_inside_does(
    doors: Plant, desk: Desk
) -> None:
    doors.write("lock-1.lockdown", 1)
    doors.run(1)
    shows(doors, "rd-in", ANNA)
    desk.order("card/rd-in/cmd/verdict", f"yes {ANNA}")
    doors.run(2)
    assert opened(doors) == [], "the lock keeps to its lockdown, whoever says yes"
    shows(doors, "rd-out", ANNA)
    desk.order("card/rd-out/cmd/verdict", f"yes {ANNA}")
    doors.run(1)
    assert opened(doors) == ["unlocked"]


@pytest.mark.parametrize("fault", ["missed", "off"])
def test_a_dead_reader_reads_nothing(doors: Plant, fault: str) -> None:
    doors.fault("rd-in", fault)
    shows(doors, "rd-in", ANNA, 5)
    assert sensed(doors, "rd-in") == []


def test_a_reader_that_reads_twice_says_so_twice_and_its_lid_is_told(
    doors: Plant, desk: Desk
) -> None:
    doors.fault("rd-yard", "twice")
    doors.fault("rd-yard", "tamper")
    desk.heard()
    shows(doors, "rd-yard", ANNA, 3)
    assert sensed(doors, "rd-yard") == ["read", "read"]
    heard = desk.heard()
    assert [b["val"] for topic, b in heard if topic == "card/rd-yard/state/tamper"] == [True]


def test_it_remembers_as_many_cards_as_it_is_set_to(tmp_path: Path) -> None:
    few = POINTS.replace("settings: {alone: all}", "settings: {memory: 1}")
    doors = Plant(tmp_path, points=few)
    desk = Desk(doors)
    for card in (ANNA, BEN):
        shows(doors, "rd-turn", card)
        desk.order("card/rd-turn/cmd/verdict", f"yes {card}")
        doors.run(8)
    doors.fault("rd-turn", "offline")
    shows(doors, "rd-turn", ANNA, 2)
    shows(doors, "rd-turn", BEN, 2)
    assert sensed(doors, "rd-turn")[-3:] == ["refused-alone", "read", "let-in-alone"]
