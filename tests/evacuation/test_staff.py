"""Staff with tasks: a marshal at a post who points, and a sweep of rooms; both leave in the end."""

from dataclasses import replace

import pytest

from evacuation import Conditions, Cue, Floor, Person
from evacuation.tasks import Marshal, Sweep, Task
from tests.evacuation.plans import Watch, alarm, door, people, plan, room, watch


def floor() -> Floor:
    """Two rooms on a corridor with an exit at each end; the near one is x1."""
    return plan(
        room("a", 0, 3, 6, 6),
        room("b", 6, 3, 6, 6),
        room("corridor", 0, 0, 30, 3, kind="corridor", width_m=3.0),
        door("da", "a", "corridor", 3, 3),
        door("db", "b", "corridor", 9, 3),
        door("x1", "corridor", "street", 0, 1.5, 1.5),
        door("x2", "corridor", "street", 30, 1.5, 1.5),
    )


def staff(task: Task, **more: object) -> Person:
    return replace(people(1, "corridor", "s", xy=(20.0, 1.5))[0], task=task, **more)


def did(run: Watch) -> list[tuple[str, str]]:
    return [(what, space) for _, what, space, _ in run.moves.duties]


def test_a_marshal_stays_until_all_are_past_and_leaves_last() -> None:
    plan_ = floor()
    crowd = [staff(Marshal("corridor", quiet_ms=20_000)), *people(20, "a", pre_movement_ms=9000)]
    run = watch(plan_, crowd).go(200, alarm(plan_))
    assert did(run) == [("at the post", "corridor"), ("left the post: all past", "corridor")]
    assert run.out_s["s0000"] == max(run.out_s.values())
    assert run.out_s["s0000"] > sorted(run.out_s.values())[-2] + 20.0


def test_people_go_where_he_points() -> None:
    plan_ = floor()
    crowd = people(20, "a", pre_movement_ms=9000)
    assert watch(plan_, crowd).go(200, alarm(plan_)).used() == {"x1": 20}
    told = [staff(Marshal("corridor", tells="x2")), *crowd]
    run = watch(plan_, told).go(300, alarm(plan_))
    assert {run.by[p.id] for p in crowd} == {"x2"}


def test_he_points_only_while_he_stands_there() -> None:
    plan_ = floor()
    late = staff(Marshal("corridor", tells="x2"), pre_movement_ms=60_000)
    crowd = people(20, "a")
    run = watch(plan_, [late, *crowd]).go(300, alarm(plan_))
    assert {run.by[p.id] for p in crowd} == {"x1"}


@pytest.mark.parametrize("why", ["relieved", "smoke", "time"])
def test_he_leaves_when_told_in_smoke_or_when_his_time_is_up(why: str) -> None:
    plan_ = floor()
    stay = 30_000 if why == "time" else 10**7
    task = Marshal("corridor", quiet_ms=10**7, stay_ms=stay)
    run = watch(plan_, [staff(task)]).go(20, alarm(plan_))
    assert did(run) == [("at the post", "corridor")]
    assert not run.crowd.settled
    cue = Cue(("corridor",), "pa", "relieve", "c#2")
    smoke = {"corridor": 2.0} if why == "smoke" else {}
    run.go(60, Conditions(extinction_per_m=smoke, cues=(cue,) if why == "relieved" else ()))
    assert did(run)[1:] == [(f"left the post: {why}", "corridor")]
    assert run.crowd.inside == 0


def test_being_relieved_is_no_alarm() -> None:
    plan_ = floor()
    cue = Cue(tuple(plan_.spaces), "pa", "relieve", "c#2")
    run = watch(plan_, people(3, "a")).go(20, Conditions(cues=(cue,)))
    assert run.crowd.states()["unaware"] == 3


def test_a_sweep_sends_out_those_who_heard_nothing_and_then_leaves() -> None:
    plan_ = floor()
    deaf = people(3, "a", "deaf") + people(2, "b", "slow", pre_movement_ms=10**6)
    crowd = [staff(Sweep(("a", "b"), look_ms=5_000)), *deaf]
    heard = Cue(("corridor", "b"), "bell", "sounder", "c#1")
    run = watch(plan_, crowd).go(300, Conditions(cues=(heard,)))
    assert did(run) == [
        ("swept, 3 told to go", "a"), ("swept, 2 told to go", "b"), ("swept all", "b"),
    ]  # fmt: skip
    assert run.crowd.inside == 0
    told = {p: source for p, _, source, kind, _ in run.moves.notices if kind == "told"}
    assert told == {f"deaf000{k}": "s0000" for k in range(3)}
    assert run.out_s["s0000"] > run.out_s["deaf0000"]


def test_a_room_behind_a_closed_door_is_left_out_and_said_so() -> None:
    plan_ = floor()
    run = watch(plan_, [staff(Sweep(("a", "b")))])
    run.go(200, alarm(plan_, closed=frozenset({"da"})))
    assert ("could not sweep", "a") in did(run)
    assert ("swept, 0 told to go", "b") in did(run)
    assert run.crowd.inside == 0


def test_who_is_not_alarmed_does_nothing() -> None:
    run = watch(floor(), [staff(Sweep(("a",)))]).go(30, Conditions())
    assert run.crowd.states()["unaware"] == 1
    assert not run.moves.duties


def test_tasks_run_the_same_in_any_slices() -> None:
    plan_ = floor()
    crowd = [
        staff(Marshal("corridor", tells="x2", quiet_ms=10_000)),
        staff(Sweep(("a", "b")), id="s1"),
        *people(20, "a", pre_movement_ms=9000),
    ]
    one = watch(plan_, crowd).go(100, alarm(plan_), 500)
    other = watch(plan_, crowd).go(100, alarm(plan_), 1000)
    assert one.moves.outs == other.moves.outs
    assert one.moves.duties == other.moves.duties


def test_errands_to_nowhere_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"s0000 is to sweep bb, which is no space.*nearest: b"):
        watch(floor(), [staff(Sweep(("bb",)))])
    with pytest.raises(ValueError, match=r"point to x9, which is no portal.*nearest: x"):
        watch(floor(), [staff(Marshal("corridor", tells="x9"))])
