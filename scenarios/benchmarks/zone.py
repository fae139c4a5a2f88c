"""How fast the crush zone is: a packed hall of 1,000, and against JuPedSim's social force."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from controller.interface.clock import cpu_ms
from evacuation.conditions import Conditions, Cue
from evacuation.crowd import Crowd
from evacuation.opinion.models import KNOWN, NoOpinion, peer_version
from evacuation.zone.body import BUILDS
from evacuation.zone.layout import Gate, Layout, Line, Piece, rectangle
from evacuation.zone.parameters import Parameters
from evacuation.zone.scenes import crowd, spread
from evacuation.zone.zone import Zone
from scenarios.benchmarks.measure import Measure, median, tell
from scenarios.catalog import find_site
from twin.people import roll_call
from twin.site import Site

PEOPLE, SECONDS, TURNS = 1_000, 10, 3
SCHOOL, ZONE_OF = 1_350, 300
HALL_M = (20.0, 10.0)
"""Five to a square metre."""


def zones() -> list[dict[str, Any]]:
    """All measures of the zone."""
    tell("zone: 1,000 people before a shut gate")
    shut = [_ours(True) for _ in range(TURNS)]
    return [_real_time(shut).row(), _school().row(), _duel().row()]


def _hall(shut: bool) -> Zone:
    """A hall of 20 x 10 m, open over its whole right side or shut there."""
    x, y = HALL_M
    layout = Layout(
        walls=(((x + 2, 0.0), (0.0, 0.0), (0.0, y), (x + 2, y)),),
        lines=(Line("out", (x + 2, 0.0), (x + 2, y), (-1.0, 0.0), out=True),),
        pieces=(Piece("hall", rectangle(0.0, 0.0, x + 2, y)),),
        gates=(Gate("gate", (x, 0.0), (x, y), shut),),
    )
    zone = Zone(layout, 1, replace(Parameters(), missteps=-1.0), PEOPLE)
    build = BUILDS["pupil"]
    zone.place(crowd(PEOPLE, build, "out", 1), spread(PEOPLE, (0.0, x, 0.0, y), build.radius_m, 1))
    return zone


def _ours(shut: bool) -> float:
    """CPU seconds per simulated second of the hall; everything the zone does is in it."""
    zone = _hall(shut)
    zone.advance(100)
    begin = cpu_ms()
    zone.advance(SECONDS * 1_000)
    return (cpu_ms() - begin) / 1_000 / SECONDS


def _real_time(spent: list[float]) -> Measure:
    more = {"people": PEOPLE, "dt_ms": Parameters().dt_ms, "cpu_s_per_s": spent}
    return Measure(
        "zone.realtime_factor.1000", 1.0 / median(spent), "x real time", 18.0, at_most=False,
        more=more,
    )  # fmt: skip


def _school() -> Measure:
    """Real-time factor of a school of 1,350, 300 of them in the zones of two flights."""
    tell("zone.school_factor: primary school, 300 people in zones")
    site = Site.load(find_site("primary-school", Path()))
    people = roll_call(site.people, "lesson", 1).people[:SCHOOL]
    crowd = Crowd(site.floor, people, 1, zones="auto")
    told = Conditions(cues=(Cue(tuple(site.floor.spaces), "siren", "sounder", "drill"),))
    zones = crowd.zones
    assert zones is not None
    zones.most = 2
    while zones.owned < ZONE_OF and crowd.now_ms < 90_000:
        crowd.advance(500, told)
    begin, start, most = cpu_ms(), crowd.now_ms, zones.owned
    for _ in range(2 * SECONDS):
        crowd.advance(500, told)
        most = max(most, zones.owned)
    spent = (cpu_ms() - begin) / 1_000
    more = {"people": len(people), "in_zone": most, "inside": crowd.inside}
    return Measure(
        "zone.school_factor", (crowd.now_ms - start) / 1_000 / spent, "x real time", 20.0,
        at_most=False, more=more,
    )  # fmt: skip


def _duel() -> Measure:
    """Agent-steps per CPU second of both in the same hall, shut, in turn."""
    steps = 1_000.0 / Parameters().dt_ms
    own, theirs = [], []
    try:
        version = peer_version()
    except NoOpinion as none:
        return Measure("zone.vs_jupedsim_sfm", PEOPLE * steps / _ours(True), "agent-steps/s CPU",
                       10.0, at_most=False, by_ratio=True, more={"note": str(none)})  # fmt: skip
    for turn in range(TURNS):
        tell(f"zone.vs_jupedsim_sfm: turn {turn + 1} of {TURNS}")
        own.append(PEOPLE * steps / _ours(True))
        theirs.append(_peer())
    note = "same hall, people and speeds; ours also has friction, falls, ways and doses"
    return Measure(
        "zone.vs_jupedsim_sfm", median(own), "agent-steps/s CPU", 10.0, at_most=False,
        peer=f"JuPedSim {version} sfm, dt {KNOWN['sfm'].dt_s:g} s", peer_value=median(theirs),
        by_ratio=True, more={"note": note, "ours": own, "theirs": theirs},
    )  # fmt: skip


def _peer() -> float:
    """Agent-steps per CPU second of JuPedSim's social force model, people at the same places."""
    import jupedsim

    zone, model = _hall(True), KNOWN["sfm"]
    x, y = HALL_M
    outline = [(0.0, 0.0), (x, 0.0), (x, y), (0.0, y)]
    simulation = jupedsim.Simulation(model=model.build(), geometry=outline, dt=model.dt_s)
    stage = simulation.add_exit_stage([(x - 0.2, 0.0), (x, 0.0), (x, 0.02), (x - 0.2, 0.02)])
    journey = simulation.add_journey(jupedsim.JourneyDescription([stage]))
    d, f = zone.store.discs, zone.store.people
    for i in range(PEOPLE):
        place = (float(d.x[i]), float(d.y[i]))
        way = {"journey_id": journey, "stage_id": stage}
        simulation.add_agent(model.agent(place, float(f.free[i]), float(d.r[i]), way))
    begin, count = cpu_ms(), 0
    for _ in range(100):
        count += simulation.agent_count()
        simulation.iterate(1)
    return count / max((cpu_ms() - begin) / 1_000, 1e-3)
