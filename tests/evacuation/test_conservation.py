"""Nobody is lost, doubled or let through a closed door, whatever floor and whatever happens."""

from collections.abc import Mapping

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evacuation import Conditions, Crowd, Cue, Floor
from tests.evacuation.plans import Row, door, people, plan, room, stair

SIDE = 3


@st.composite
def floors(draw: st.DrawFn) -> Floor:
    """A grid of rooms, some linked, some stairs, at least one exit."""
    rows: list[Row] = []
    for k in range(SIDE * SIDE):
        x, y = 6.0 * (k % SIDE), 6.0 * (k // SIDE)
        size = draw(st.floats(1.0, 6.0))
        steep = draw(st.booleans())
        rows.append(stair(f"s{k}", size, 1.2) if steep else room(f"s{k}", x, y, size, size))
    for k in range(SIDE * SIDE):
        for other in (k + 1, k + SIDE):
            if other < SIDE * SIDE and draw(st.booleans()):
                width = draw(st.floats(0.6, 3.0))
                rows.append(door(f"d{k}-{other}", f"s{k}", f"s{other}", 3.0 * k, 3.0, width))
    for k in draw(st.sets(st.integers(0, SIDE * SIDE - 1), min_size=1, max_size=3)):
        rows.append(door(f"x{k}", f"s{k}", "street", 6.0 * k, 0.0))
    return plan(*rows)


@st.composite
def conditions(draw: st.DrawFn, floor: Floor) -> Conditions:
    portals, spaces = sorted(floor.portals), sorted(floor.spaces)
    smoke: Mapping[str, float] = draw(
        st.dictionaries(st.sampled_from(spaces), st.floats(0.0, 4.0), max_size=3)
    )
    heard = draw(st.lists(st.sampled_from(spaces), unique=True))
    near = draw(st.sampled_from(sorted(set(spaces) - {"street"})))
    return Conditions(
        closed=frozenset(draw(st.lists(st.sampled_from(portals), max_size=3))),
        extinction_per_m=smoke,
        toward={near: (draw(st.sampled_from(portals)),)},
        barred={near: (draw(st.sampled_from(portals)),)},
        cues=(Cue(tuple(heard), "bell", "sounder", "c#1"),),
    )


@given(data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_everybody_is_always_somewhere_and_nobody_passes_a_closed_door(data: st.DataObject) -> None:
    floor = data.draw(floors())
    crowd_size = data.draw(st.integers(1, 40))
    group = [
        p for k in (0, 4, 8) for p in people(crowd_size, f"s{k}", f"s{k}-", pre_movement_ms=900)
    ]
    crowd = Crowd(floor, group, seed=data.draw(st.integers(0, 99)))
    out: list[str] = []
    until: dict[str, int] = {}
    for _ in range(data.draw(st.integers(1, 12))):
        now = data.draw(conditions(floor))
        moves = crowd.advance(data.draw(st.sampled_from([100, 250, 7000])), now)
        out += [person for person, _, _ in moves.outs]
        assert not {portal for _, portal, _ in moves.outs} & now.closed
        assert crowd.inside + len(out) == len(group)
        assert sum(crowd.counts().values()) == crowd.inside
        for person, _, _, begin, end in moves.segments:
            assert begin == until.get(person, 0)
            until[person] = end
    assert len(set(out)) == len(out)
