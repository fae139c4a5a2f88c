"""Smoke and poison: speed by visibility, and the dose that stops people."""

from dataclasses import replace

from evacuation.verification.case import Case, Finding, case, judged, listed
from evacuation.verification.drill import Drill, alarm, drill, people
from evacuation.verification.geometry import corridor, door, plan, single_room

FREE_M_S = 1.25


def in_smoke(extinction_per_m: float) -> float:
    """Return the seconds that one person needs for 100 m of smoke."""
    floor = plan(corridor("c", 0, 0, 100, 2), door("x", "c", "street", 100, 1, 1.0))
    walker = people(1, "c", xy=(0.0, 1.0), speed_m_s=FREE_M_S)
    fog = replace(alarm(floor), extinction_per_m={"c": extinction_per_m})
    return drill(floor, walker).go(1800, fog).last_s


@case(
    "N2.5", "smoke", "Speed in smoke", "NIST 2.5", "ISO table 21",
    expected="100 m at 1.25 m/s, K = 0.5, 1, 3, 7.5 /m: 83.4, 87.0, 105.6, 202.8 s +/- 1 % by "
    "v = v0 max(0.1, 1 - 0.057/0.706 K)",
    unit="s", by_construction=True,
    note="The law of Frantzich and Nilsson as FDS+Evac uses it; published laws differ by more "
    "than 2 at K = 3.",
)  # fmt: skip
def visibility() -> Finding:
    """Walk 100 m in four densities of smoke."""
    times = {k: in_smoke(k) for k in (0.5, 1.0, 3.0, 7.5)}
    law = {k: 100.0 / (FREE_M_S * max(0.1, 1 - 0.057 / 0.706 * k)) for k in times}
    holds = all(abs(times[k] / law[k] - 1) <= 0.01 for k in times)
    found = {f"K {k}": t for k, t in times.items()}
    return judged(holds, listed(times), **found)


def _stopped() -> Drill:
    floor = single_room(10, 10, (10.0, 5.0, 1.0))
    run = drill(floor, people(1, "room", speed_m_s=1.0, xy=(0.0, 5.0))).go(5, alarm(floor))
    return run.go(30, replace(alarm(floor), incapacitated=frozenset({"p0000"})))


@case(
    "N2.6", "smoke", "Dose until nobody can go on", "NIST 2.6", "ISO table 22",
    expected="10 x 10 m, CO 5000 ppm, CO2 2 %, O2 18 %: FED = 1 at 207.6 or 208.7 s +/- 0.1; he "
    "stops and is counted",
    unit="s",
    note="The crowd is told who has fallen; the dose is booked outside it, from carbon monoxide "
    "and heat.",
)  # fmt: skip
def dose() -> Finding:
    """Check that the fallen stop and are counted; the dose itself is not in this library."""
    crowd = _stopped().crowd
    counted = crowd.inside == 1 and crowd.states()["incapacitated"] == 1
    counted &= [one.person for one in crowd.stranded()] == ["p0000"]
    text = (
        f"who is named as fallen stops and is counted: {'yes' if counted else 'no'}; no dose by "
        "CO, CO2 and O2 in the crowd to time"
    )
    return judged(False, text)


CASES: tuple[Case, ...] = (visibility, dose)
