"""Word of a closed portal: how fast it goes, where it stops, who turns round, and counterflow."""

from dataclasses import replace

import numpy as np
import pytest

from evacuation import BOUNDING, Conditions, Floor, Laws, Person
from tests.evacuation.plans import Watch, alarm, door, evacuate, people, plan, room, watch

SPEED, HEARING = BOUNDING.word_m_s, BOUNDING.hearing_m
PIECES, PIECE_M = 6, 10.0


def row_of_spaces(exits: str = "xy") -> Floor:
    """A corridor of six pieces, 60 m; exit x at its right end, exit y at its left."""
    parts = [room(f"c{k}", PIECE_M * k, 0, PIECE_M, 2, kind="corridor") for k in range(PIECES)]
    joints = [
        door(f"o{k}", f"c{k}", f"c{k + 1}", PIECE_M * (k + 1), 1, 2.0, kind="opening")
        for k in range(PIECES - 1)
    ]
    ends = [door("x", f"c{PIECES - 1}", "street", 60, 1), door("y", "c0", "street", 0, 1)]
    return plan(*parts, *joints, *(row for row in ends if row["id"] in exits))


def standing(piece: int, count: int, **more: float) -> list[Person]:
    """People two metres apart who take so long to walk that only word can come to them."""
    return [
        replace(
            people(1, f"c{piece}", f"c{piece}-{k}-", speed_m_s=0.01, knows=("x",))[0],
            xy=(PIECE_M * piece + 1 + 2 * k, 1.0),
        )
        for k in range(count)
    ]


def learnt_s(run: Watch) -> dict[str, float]:
    found: dict[str, float] = {}
    for person, portal, t in run.moves.turned:
        assert portal == "x"
        found.setdefault(person, t / 1000)
    return found


def test_nobody_learns_before_word_can_have_reached_him() -> None:
    floor = row_of_spaces()
    crowd = [p for k in range(PIECES) for p in standing(k, 5)]
    run = watch(floor, crowd).go(200, alarm(floor, closed=frozenset({"x"})))
    learnt, fastest = learnt_s(run), SPEED + 0.01
    upstream = [p for p in crowd if p.space != "c5"]  # in the last piece they see the exit at once
    assert set(learnt) == {p.id for p in upstream}
    for person in upstream:
        assert person.xy
        away = PIECE_M * (PIECES - 1) - person.xy[0]
        assert away / fastest <= learnt[person.id] <= away / SPEED + 3 * PIECES + 20


def test_word_goes_as_fast_as_the_laws_say() -> None:
    floor = row_of_spaces()
    crowd = [p for k in range(PIECES) for p in standing(k, 5)]
    last: dict[float, float] = {}
    for speed in (0.2, 1.0):
        laws: Laws = replace(BOUNDING, word_m_s=speed)
        run = watch(floor, crowd, laws=laws).go(400, alarm(floor, closed=frozenset({"x"})))
        last[speed] = max(learnt_s(run).values())
    assert last[0.2] >= 40 / 0.21
    assert last[0.2] > 3 * last[1.0]


def test_word_does_not_cross_a_space_without_people() -> None:
    floor = row_of_spaces()
    crowd = [p for k in (5, 4, 2, 1) for p in standing(k, 5)]
    run = watch(floor, crowd).go(400, alarm(floor, closed=frozenset({"x"})))
    assert {person[:2] for person in learnt_s(run)} == {"c4"}


def test_word_does_not_jump_a_wide_gap_in_a_space_either() -> None:
    floor = row_of_spaces()
    near, far = standing(4, 5)[4], standing(4, 1)[0]
    run = watch(floor, [*standing(5, 5), near, far]).go(150, alarm(floor, closed=frozenset({"x"})))
    assert far.xy
    assert near.xy
    assert near.xy[0] - far.xy[0] > HEARING
    assert near.id in learnt_s(run)
    assert far.id not in learnt_s(run)


def test_those_who_learn_of_it_upstream_turn_round_and_everybody_comes_out() -> None:
    floor = row_of_spaces()
    crowd = [p for k in range(PIECES) for p in people(30, f"c{k}", f"c{k}-")]
    known = [replace(p, knows=("x",)) for p in crowd]
    run = watch(floor, known).go(900, alarm(floor, closed=frozenset({"x"})))
    assert run.crowd.inside == 0
    assert set(run.by.values()) == {"y"}
    turned = [person for person, _, _ in run.moves.turned]
    assert 90 <= len(turned) == len(set(turned))


def test_a_change_of_mind_without_bad_news_is_no_turn() -> None:
    floor = plan(
        room("hall", 0, 0, 20, 10),
        door("near", "hall", "street", 5, 0, 0.8),
        door("far", "hall", "street", 20, 5, 0.8),
    )
    run = watch(floor, people(120, "hall", xy=(5.0, 1.0)))
    run.go(20, alarm(floor, closed=frozenset({"far"}))).go(400, alarm(floor))
    assert run.crowd.inside == 0
    assert set(run.by.values()) == {"near", "far"}
    assert not run.moves.turned
    assert {portal for _, portal, _ in run.moves.switched} >= {"near"}


def test_a_portal_seen_open_again_is_forgotten_as_closed() -> None:
    floor = row_of_spaces()
    crowd = [p for k in range(PIECES) for p in people(30, f"c{k}", f"c{k}-", knows=("x",))]
    run = watch(floor, crowd).go(60, alarm(floor, closed=frozenset({"x", "y"})))
    assert run.crowd.inside == 180
    run.go(600, alarm(floor, closed=frozenset({"y"})))
    assert run.crowd.inside == 0
    assert set(run.by.values()) == {"x"}


@pytest.mark.parametrize("open_s", [20, 45])
def test_a_portal_may_open_and_lock_again_while_people_queue(open_s: float) -> None:
    floor = row_of_spaces("x")
    crowd = [p for k in range(PIECES) for p in people(30, f"c{k}", f"c{k}-")]
    shut, free = alarm(floor, closed=frozenset({"x"})), alarm(floor)
    run = watch(floor, crowd).go(60, shut)
    assert run.crowd.inside == 180
    for _ in range(2):
        before = run.crowd.inside
        run.go(open_s, free)
        now = run.crowd.inside
        assert before - now == pytest.approx(0.91 * open_s, rel=0.15)
        assert run.go(60, shut).crowd.inside == now
    assert run.go(900, free).crowd.inside == 0


def test_who_has_waited_long_at_one_exit_looks_at_the_other_again() -> None:
    floor = row_of_spaces()
    crowd = [p for k in range(PIECES) for p in people(5, f"c{k}", f"c{k}-")]
    run = watch(floor, crowd).go(120, alarm(floor, closed=frozenset({"x", "y"})))
    assert run.crowd.counts().get("c0", 0) > 0
    run.go(600, alarm(floor, closed=frozenset({"y"})))
    assert run.crowd.inside == 0


def test_with_every_exit_closed_all_are_stranded_with_the_reason_and_it_is_over() -> None:
    floor = row_of_spaces()
    crowd = [p for k in range(PIECES) for p in people(30, f"c{k}", f"c{k}-")]
    run = watch(floor, crowd).go(300, alarm(floor, closed=frozenset({"x", "y"})))
    assert run.crowd.settled
    stranded = run.crowd.stranded()
    assert len(stranded) == run.crowd.inside == 180
    assert all("closed" in one.reason for one in stranded)
    assert any("x" in one.reason for one in stranded)


def crossing(a: int, b: int) -> tuple[list[int], list[int]]:
    """Passages both ways through one door between two crowded rooms, times in ms."""
    floor = plan(
        room("a", 0, 0, 8, 8),
        room("b", 8, 0, 8, 8),
        door("middle", "a", "b", 8, 4),
        door("xa", "a", "street", 0, 4, 4.0),
        door("xb", "b", "street", 16, 4, 4.0),
    )
    crowd = people(a, "a", "a", knows=("xb",)) + people(b, "b", "b", knows=("xa",))
    run = evacuate(floor, crowd)
    assert run.crowd.inside == 0
    times: dict[str, list[int]] = {"a": [], "b": []}
    last: dict[str, str] = {}
    for person, space, _, begin, _ in run.moves.segments:
        if last.get(person, space) != space:
            times[person[0]].append(begin)
        last[person] = space
    return sorted(times["a"]), sorted(times["b"])


def test_counterflow_at_jam_density_gets_through_at_a_reduced_capacity() -> None:
    there, back = crossing(230, 40)
    both = [t for t in there if t <= back[-1]]
    assert len(back) / (len(both) + len(back)) >= 0.17
    flow = (len(both) + len(back)) / (back[-1] - min(there[0], back[0])) * 1000
    assert flow <= 0.91 * 0.97
    one_way, _ = crossing(230, 0)
    assert np.diff(one_way).mean() < 1000 / flow


def test_word_of_no_portal_costs_nothing_where_all_are_open() -> None:
    floor = row_of_spaces()
    run = watch(floor, people(20, "c0")).go(200, Conditions())
    assert not run.moves.turned
    assert not run.moves.switched
