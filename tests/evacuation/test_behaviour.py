"""Cues, pre-movement, classes with their teachers; the same seed gives the same run."""

from dataclasses import replace

from evacuation import Conditions, Cue, Floor, Person
from tests.evacuation.plans import Watch, alarm, door, evacuate, people, plan, room, watch


def two_rooms() -> Floor:
    return plan(
        room("left", 0, 0, 9, 7),
        room("right", 9, 0, 9, 7),
        room("corridor", 0, 7, 18, 3, kind="corridor"),
        door("dl", "left", "corridor", 4, 7),
        door("dr", "right", "corridor", 14, 7),
        door("x", "corridor", "street", 18, 8.5, 2.0),
    )


def school_class(space: str, name: str, **more: int) -> list[Person]:
    pupils = people(30, space, f"{name}.p", group=name, **more)
    return [*pupils, replace(pupils[0], id=f"{name}.t1", role="teacher", leads=True)]


def left_at(run: Watch, space: str) -> dict[str, int]:
    return {p: end for p, where, _, _, end in run.moves.segments if where == space}


def test_pre_movement_runs_from_the_first_cue() -> None:
    floor = two_rooms()
    run = watch(floor, people(1, "left", pre_movement_ms=7000)).go(5, Conditions())
    assert run.crowd.states()["unaware"] == 1
    run.go(60, alarm(floor))
    states = {state: (a, b) for _, where, state, a, b in run.moves.segments if where == "left"}
    assert states["unaware"] == (0, 5000)
    assert states["premove"] == (5000, 12000)
    assert run.moves.notices == [("p0000", 5000, "bell", "sounder", "c#1")]


def test_who_does_not_hear_an_alarm_stays() -> None:
    floor = two_rooms()
    cue = Cue(("left",), "bell", "sounder", "c#1")
    run = watch(floor, people(5, "left", "l") + people(5, "right", "r"))
    run.go(60, Conditions(cues=(cue,)))
    assert run.crowd.counts() == {"right": 5}
    assert not run.crowd.settled
    assert not run.crowd.stranded()


def test_smoke_in_ones_own_room_is_a_cue() -> None:
    floor = two_rooms()
    thin = watch(floor, people(1, "left")).go(20, Conditions(extinction_per_m={"left": 0.05}))
    assert not thin.moves.notices
    thick = watch(floor, people(1, "left")).go(60, Conditions(extinction_per_m={"left": 0.2}))
    assert thick.moves.notices == [("p0000", 0, "left", "smoke", "")]
    assert thick.crowd.inside == 0


def test_the_teacher_leaves_the_classroom_last() -> None:
    run = evacuate(two_rooms(), school_class("left", "a"))
    left = left_at(run, "left")
    assert left["a.t1"] == max(left.values())
    assert run.crowd.inside == 0


def test_a_teacher_does_not_wait_for_those_who_can_not_leave() -> None:
    floor = two_rooms()
    group = school_class("left", "a")
    run = watch(floor, group)
    run.go(120, alarm(floor, incapacitated=frozenset({"a.p0003"})))
    assert [one.person for one in run.crowd.stranded()] == ["a.p0003"]
    assert run.crowd.settled


def test_a_teacher_on_the_way_out_tells_those_he_passes() -> None:
    floor = two_rooms()
    bystanders = people(3, "corridor", "by", group="b", pre_movement_ms=500)
    deaf = people(2, "right", "deaf", group="c")
    run = watch(floor, [*school_class("left", "a"), *bystanders, *deaf])
    run.go(120, Conditions(cues=(Cue(("left",), "bell", "sounder", "c#1"),)))
    told = sorted((p, source) for p, _, source, kind, _ in run.moves.notices if kind == "told")
    assert told == [(f"by000{k}", "a.t1") for k in range(3)]
    assert run.crowd.counts() == {"right": 2}


def test_who_starts_in_a_safe_place_is_out_at_once() -> None:
    floor = two_rooms()
    run = watch(floor, people(3, "street") + people(1, "left", "q")).go(60, alarm(floor))
    assert sorted(run.moves.outs)[:3] == [(f"p000{k}", "", 0) for k in range(3)]


def test_the_same_seed_gives_the_same_moves_and_another_seed_others() -> None:
    floor = two_rooms()
    crowd = school_class("left", "a") + school_class("right", "b")
    first, again = (evacuate(floor, crowd, seed=5).moves for _ in range(2))
    assert first == again
    assert evacuate(floor, crowd, seed=6).moves != first


def test_listing_people_in_another_order_changes_nothing() -> None:
    floor = two_rooms()
    crowd = school_class("left", "a") + school_class("right", "b")
    mixed = crowd[1::2][::-1] + crowd[::2]
    assert evacuate(floor, crowd).moves == evacuate(floor, mixed).moves


def test_renaming_people_who_are_alike_does_not_change_how_long_it_takes() -> None:
    floor = two_rooms()
    crowd = people(100, "left", "a", xy=(1.0, 1.0))
    renamed = people(100, "left", "zz", xy=(1.0, 1.0))
    one, other = evacuate(floor, crowd), evacuate(floor, renamed)
    assert sorted(one.out_s.values()) == sorted(other.out_s.values())


def test_everybodys_stretches_have_no_gap_from_the_start_to_the_exit() -> None:
    run = evacuate(two_rooms(), school_class("left", "a") + school_class("right", "b"))
    end: dict[str, int] = {}
    for person, _, _, begin, until in run.moves.segments:
        assert begin == end.get(person, 0)
        assert until > begin
        end[person] = until
    assert end == {person: t for person, _, t in run.moves.outs}
