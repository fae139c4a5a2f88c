"""Numbers from people's stretches agree with the crowd that made them."""

from evacuation import metrics
from tests.evacuation.plans import alarm, door, people, plan, room, stair, watch


def test_counts_densities_and_egress_agree_with_the_crowd() -> None:
    floor = plan(
        room("room", 0, 0, 10, 5, storey="f2"),
        stair("stair", 8.0, 1.5, "f1"),
        door("d", "room", "stair", 10, 2),
        door("x", "stair", "street", 10, 2),
        storeys=({"id": "f1", "z_m": 0.0}, {"id": "f2", "z_m": 3.6}),
    )
    run = watch(floor, people(50, "room")).go(20, alarm(floor))
    stretches = run.moves.segments + run.crowd.open_segments()
    counts = metrics.counts(stretches)
    present = run.crowd.counts()
    assert {s: counts[s].at(19_999) for s in present} == present
    density = metrics.densities(floor, stretches)
    assert density["stair"].at(19_999) == run.crowd.density("stair")
    assert metrics.peaks(density)["room"] == (1.0, 0)
    run.go(600, alarm(floor))
    curve = metrics.egress_curve(run.moves.outs)
    assert curve.at(0) == 0
    assert curve.peak == (50.0, round(run.last_s * 1000))


def test_nothing_happened_gives_empty_courses() -> None:
    assert metrics.counts([]) == {}
    assert metrics.egress_curve([]).peak == (0.0, 0)
