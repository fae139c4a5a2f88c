"""Water flows to a sprinkler: a fire by itself, in every rule pack and in every lockdown."""

from __future__ import annotations

import pytest

from controller import matrix
from controller.interface.points import PointList
from controller.site import load
from tests.controller.conftest import MATRIX, POINTS
from tests.controller.field import Field
from tests.controller.test_alarm_rules import Site

FLOW = (
    "  - {id: fs-1, kind: flow-switch, at: a.r1, zone: a, gateway: fire-1, "
    "points: {state: {holding: 202, as: loop}}}\n"
)
ALARM = 0x0C01


@pytest.fixture
def wet(folder):
    """The folder of a site whose zone a has a flow switch."""
    (folder / "points.yaml").write_text(POINTS + FLOW)
    return folder


@pytest.mark.parametrize("pack", ["gb50116", "nfpa72", "en54"])
def test_water_flow_alone_is_a_fire(wet, pack):
    site = Site(PointList.load(wet / "points.yaml"), pack)
    told = site.say("fs-1", "alarm", 10)
    assert [(e.entity, e.what, e.by) for e in told] == [
        ("fs-1", "alarm", ""), ("a", "confirmed", "water flow"),
    ]  # fmt: skip
    zone = site.zone()
    assert (zone.confirmed, zone.flows, zone.certain) == (("fs-1",), ("fs-1",), True)
    assert site.zone("b").flows == ()


def test_water_flow_in_a_lockdown_waits_for_nobody(wet):
    text = MATRIX.replace("causes:\n", 'causes:\n  - {id: lock, say: "L", when: lockdown}\n')
    text = text.replace("rows:\n", "rows:\n  lock: {desk: X}\n")
    (wet / "matrix.yaml").write_text(text)
    field = Field(load(wet))
    field.until(250)
    field.state("desk-1", "seen", "order lockdown")
    field.until(1000)
    assert field.controller.decider.image.orders.lockdown
    field.boards["fire-1"].words[202] = ALARM
    field.until(2000)
    released = [t for t, e, _ in field.records("command") if e == "lock-1.release"]
    assert released, "within a poll and a scan"
    assert released[0] <= 1750


def flowing(when: str) -> str:
    cause = f'  - {{id: water, say: "Water", {when}}}\n'
    return MATRIX.replace("causes:\n", "causes:\n" + cause).replace(
        "rows:\n", "rows:\n  water: {doors: U}\n"
    )


def test_a_row_of_its_own_names_the_zone_of_the_switch(wet):
    points = PointList.load(wet / "points.yaml")

    def problems(when: str) -> list[str]:
        (wet / "matrix.yaml").write_text(flowing(when))
        return [problem.message for problem in matrix.check(wet / "matrix.yaml", points)]

    assert problems("when: flow, zones: [a]") == []
    assert problems("when: flow, zones: [b]") == ["zone 'b' has no flow switch"]
    assert problems("when: flow") == ["a cause 'flow' needs either 'zones' or 'point'"]
    (found,) = problems("when: point, point: fs-1.state, equals: alarm")
    assert found == "fs-1.state belongs to a flow-switch: use when: flow and its zone"
    (found,) = problems("when: flow, zones: [a], in_lockdown: operator_only")
    assert found == "operator_only cannot rule 'flow': give it `in_lockdown: fire_always`"


def test_the_row_fires_with_the_switch_and_not_with_smoke(wet):
    (wet / "matrix.yaml").write_text(flowing("when: flow, zones: [a]"))
    field = Field(load(wet))
    field.until(250)
    field.boards["fire-1"].words[0] = ALARM
    field.until(1000)
    assert not [e for _, e, _ in field.records("decision") if e.startswith("water>")]
    field.boards["fire-1"].words[202] = ALARM
    field.until(2000)
    assert (1500, "water>doors", "on") in field.records("decision")


def test_a_contact_may_stand_for_the_switch(wet):
    (wet / "matrix.yaml").write_text(flowing("when: flow, point: lock-1.contact, equals: false"))
    field = Field(load(wet))
    field.until(1000)
    assert not field.records("decision")
    field.boards["doors-1"].bits[0] = 0
    field.until(2000)
    assert [(e, what) for _, e, what in field.records("decision")] == [("water>doors", "on")]


def test_a_flow_switch_makes_a_zone_that_can_be_confirmed(folder):
    points = POINTS.replace("zone: b", "zone: a") + FLOW.replace("zone: a", "zone: w")
    (folder / "points.yaml").write_text(points)
    text = MATRIX.replace("confirmed, zones: [a]", "confirmed, zones: [w]")
    (folder / "matrix.yaml").write_text(text)
    assert matrix.check(folder / "matrix.yaml", PointList.load(folder / "points.yaml")) == []
