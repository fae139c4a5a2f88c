"""A portal lets people and smoke through as its leaf, bolt and barrier stand."""

from tests.twin.buildings import row
from twin.doors import Door, Doors
from twin.plan import Plan


def doors(beside: tuple[str, ...] = (), **start: Door) -> Doors:
    return Doors(Plan.of(row(3)), start, beside)


def test_a_bolted_door_is_impassable_until_its_lock_lets_go() -> None:
    site = doors(x=Door(bolted=True))
    assert site.state("x") == "locked"
    assert site.impassable == {"x"}
    assert site.device("x", "unlocked")
    assert site.state("x") == "open"
    assert site.impassable == frozenset()


def test_a_closed_fire_door_is_passable_and_stops_smoke() -> None:
    site = doors()
    assert not site.device("d1", "closing")
    assert site.device("d1", "closed")
    assert site.impassable == frozenset()
    assert site.shut.tolist() == [True, False, False]
    assert site.device("d1", "held")
    assert not site.shut.any()


def test_a_padlock_outlasts_the_release_of_the_magnet() -> None:
    site = doors(x=Door(bolted=True))
    site.script("x", "locked")
    site.device("x", "unlocked")
    assert site.state("x") == "locked"
    site.script("x", "open")
    assert site.impassable == frozenset()


def test_people_walk_round_bollards_and_stop_at_a_turnstile() -> None:
    site = doors(beside=("d1",), d1=Door(blocked=True), d2=Door(blocked=True))
    assert site.state("d1") == site.state("d2") == "blocked"
    assert site.impassable == {"d2"}
    site.device("d2", "free")
    assert site.impassable == frozenset()


def test_a_change_is_noticed_and_a_repetition_is_not() -> None:
    site = doors()
    version = site.version
    assert site.device("x", "locked")
    assert not site.device("x", "locked")
    assert site.version == version + 1
