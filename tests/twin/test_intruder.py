"""An intruder goes through a fence: beams, PIR and cameras find him by geometry, where he is."""

from pathlib import Path

import pytest

from tests.twin import campus
from tests.twin.campus import Drill
from twin.site import Site

ARM = "arm: {coil: 0, write: true}, alarm: {discrete: 0}"
POINTS = f"""
  - {{id: cam, kind: camera, at: yard, sees: [yard], bus: mqtt,
     settings: {{line-x1: 24, line-y1: 0, line-x2: 24, line-y2: 20, loiter-after: 20}},
     points: {{line-in: {{topic: state/line-in, as: number}}, line-out: {{topic: state/line-out, as: number}},
              loitering: {{topic: state/loitering, as: number}}, count: {{topic: state/count, as: number}}}}}}
  - {{id: fence-e, kind: perimeter-beam, at: yard, gateway: guard-1, unit: 1,
     settings: {{line-x1: 31, line-y1: 0, line-x2: 31, line-y2: 20}}, points: {{{ARM}}}}}
  - {{id: fence-n, kind: perimeter-beam, at: yard, gateway: guard-1, unit: 2,
     settings: {{line-x1: 12, line-y1: 19, line-x2: 32, line-y2: 19}}, points: {{{ARM}}}}}
  - {{id: pir-e, kind: pir, at: yard, gateway: guard-1, unit: 3,
     settings: {{x: 32, y: 10, direction: 180, angle: 90, range: 6}}, points: {{{ARM}}}}}
  - {{id: pir-hall, kind: pir, at: hall, gateway: guard-1, unit: 4, points: {{{ARM}}}}}
"""  # noqa: E501
GATEWAY = """gateways:
  - {id: guard-1, profile: guard-board, host: 127.0.0.1, port: 15029, at: hall}
"""
DETECTORS = ("fence-e", "fence-n", "pir-e", "pir-hall")


@pytest.fixture
def night(tmp_path: Path) -> Drill:
    """Everything is armed; the watch is in the room, where nothing sees him."""
    points = campus.POINTS.replace("gateways:\n", GATEWAY) + POINTS
    people = campus.PEOPLE.replace("at: hall}", "at: near}")
    texts = {"floor": campus.FLOOR, "points": points, "people": people, "matrix": "matrix: 1\n"}
    for name, text in texts.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    drill = Drill(Site.load(tmp_path), period="night")
    for name in DETECTORS:
        drill.twin.bank.devices[name].command("arm", True, 0)
    drill.run(5_000)
    return drill


def alarms(drill: Drill) -> dict[str, int]:
    """When each detector alarmed first."""
    found: dict[str, int] = {}
    for record in drill.journal.of("sense", what="alarm"):
        found.setdefault(record["e"], record["t"])
    return found


def test_detectors_alarm_one_after_the_other_along_his_path(night: Drill) -> None:
    night.twin.stage.intruder(6_000, "yard", 60_000, [(34, 10), (14, 10), (11, 5)], 1.0)
    night.run(40_000)
    at = alarms(night)
    assert set(at) == {"fence-e", "pir-e", "pir-hall"}, "nobody went through the beam in the north"
    assert at["fence-e"] == pytest.approx(6_000 + 3_000, abs=1_500), "31 is 3 m from 34"
    assert at["pir-e"] == pytest.approx(6_000 + 2_000, abs=1_500), "it sees 6 m, from 32 on"
    assert at["pir-hall"] > 6_000 + 20_000


def test_a_beam_is_not_broken_by_who_walks_beside_it(night: Drill) -> None:
    night.twin.stage.intruder(6_000, "yard", 30_000, [(30, 2), (30, 18)], 1.0)
    night.run(40_000)
    assert "fence-e" not in alarms(night)


def test_the_camera_sees_him_cross_its_line_and_stay(night: Drill) -> None:
    night.twin.stage.intruder(6_000, "yard", 60_000, [(31, 10), (18, 10)], 1.0)
    night.run(60_000)
    values = night.twin.bank.devices["cam"].wiring.values
    assert (values["line-in"], values["line-out"]) in ((1, 0), (0, 1))
    assert values["loitering"] == 1
    night.run(80_000)
    assert night.twin.bank.devices["cam"].wiring.values["count"] == 0


def test_his_coming_and_going_are_on_record_space_by_space(night: Drill) -> None:
    night.twin.stage.intruder(6_000, "yard", 40_000, [(14, 2), (9, 3)], 1.0)
    night.run(60_000)
    told = [(r["e"], r["what"]) for r in night.journal.of("hazard")]
    assert told == [("yard", "intruder"), ("hall", "intruder"), ("hall", "no intruder")]
    assert not +night.twin.world.strangers
