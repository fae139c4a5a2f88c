"""The faults that a run is given: those of its scenario and those of the command line."""

from __future__ import annotations

from collections.abc import Sequence

from controller.interface.points import PointList
from devices.failing.at_network import NETWORKS
from devices.faults import check_rig
from scenarios.injection import check_real, parse_injection, spread
from scenarios.schema import Fault, Scenario


def with_faults(scenario: Scenario, given: Sequence[str], rig: str, points: PointList) -> Scenario:
    """The scenario with the faults of the command line; ValueError for one that cannot be."""
    ordered = [injection.happening(at) for at, injection in map(parse_injection, given)]
    happens = [one for item in (*scenario.happens, *ordered) for one in spread(item, points)]
    for item in (one for one in happens if isinstance(one, Fault)):
        check_rig(item.fault, rig)
        check_real(points, item.device, item.fault)
    return scenario.model_copy(update={"happens": happens})


def relayed(points: PointList, scenario: Scenario, control: int | None) -> frozenset[str]:
    """The real gateways whose network may fail: a relay stands before them."""
    real = {name for name, gateway in points.gateways.items() if gateway.real}
    if control is not None:
        return frozenset(real)
    faults = [one for one in scenario.happens if isinstance(one, Fault)]
    return frozenset(real & {one.device for one in faults if one.fault in NETWORKS})
