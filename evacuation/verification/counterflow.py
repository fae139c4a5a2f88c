"""Two streams against each other share what one corridor carries."""

from evacuation.floor import Floor
from evacuation.verification.case import Case, Finding, case, judged, listed, rises
from evacuation.verification.drill import Drill, evacuate, peak_rate, people
from evacuation.verification.geometry import corridor, door, opening, plan, room

AGAINST = (0, 10, 50, 100)
CAP_PER_S = 1.3 * (2.0 - 2 * 0.2)
"""Design flow of the 2 m corridor, both directions together."""


def facing() -> Floor:
    """Two rooms of 10 x 10 m joined by a corridor of 10 x 2 m, a wide exit behind each."""
    return plan(
        room("one", 0, 0, 10, 10),
        corridor("way", 10, 4, 10, 2),
        room("two", 20, 0, 10, 10),
        opening("a", "one", "way", 10, 5, 2.0),
        opening("b", "way", "two", 20, 5, 2.0),
        door("x1", "one", "street", 0, 5, 8.0),
        door("x2", "two", "street", 30, 5, 8.0),
    )


def _against(count: int) -> Drill:
    crowd = people(100, "one", "a", knows=("x2",))
    return evacuate(facing(), crowd + people(count, "two", "b", knows=("x1",)))


@case(
    "I8", "counterflow", "Counterflow", "IMO 8", "NIST 2.8", "ISO 6",
    expected=(
        "100 persons against 0, 10, 50, 100: time of their last rises strictly; both directions "
        "together never above the corridor's 2.08 /s (+ 1 %) over any 10 s; all arrive"
    ),
    unit="s",
    note="Two ways share one capacity: a model that gives each its own lets twice as many by.",
)  # fmt: skip
def counterflow() -> Finding:
    """Send 100 through a corridor against 0 to 100 others."""
    runs = {count: _against(count) for count in AGAINST}
    times = {count: run.last_of("a") for count, run in runs.items()}
    both = max(peak_rate(run.crossings("one", "way"), 10.0) for run in runs.values()) / CAP_PER_S
    holds = rises(times.values()) and both <= 1.01
    left = sum(run.crowd.inside for run in runs.values())
    text = f"{listed(times)}; greatest two-way flow {both:.3f} C; {left} left inside"
    found = {f"against {n}": t for n, t in times.items()}
    return judged(holds and left == 0, text, both_over_cap=both, **found)


CASES: tuple[Case, ...] = (counterflow,)
