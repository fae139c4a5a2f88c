"""Whether people can be where a population puts them: every reason at once, in sentences."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import ceil

from evacuation.floor import Floor, Space
from evacuation.people import Person
from evacuation.plan import nearest
from evacuation.tasks import Help, Marshal, Sweep, Task

SHOWN = 20
"""So many reasons are told; a wrong file of 50,000 people would be a book otherwise."""


def check(floor: Floor, people: Sequence[Person]) -> None:
    """Raise ValueError for spaces, exits or persons that do not exist, and for numbers that are
    no speeds or times. How many fit is a question of the law (``overfull``).
    """
    ids = Counter(p.id for p in people)
    found = [f"two persons are called {name}" for name, count in ids.items() if count > 1]
    exits = frozenset(floor.exits)
    for p in people:
        if _is_plain(p) and p.space in floor.spaces and exits.issuperset(p.knows):
            continue
        found += _reasons(floor, p, ids)
    if found:
        raise ValueError(told(found))


def told(found: Sequence[str]) -> str:
    """Return reasons as one text."""
    more = f"; and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return "; ".join(found[:SHOWN]) + more


def overfull(floor: Floor, count: Mapping[str, int], most_per_m2: float) -> list[str]:
    """Return a sentence for each space with more people (by space) than fit at a density."""
    return [
        f"{count[space.id]} people do not fit in {space.id} ({space.walking_area_m2:g} m2): "
        f"{places} places at {most_per_m2:.2f} per m2; move some or check area_m2"
        for space in floor.spaces.values()
        if not space.safe and count.get(space.id, 0) > (places := fitting(space, most_per_m2))
    ]


def fitting(space: Space, most_per_m2: float) -> int:
    """Return how many fit in a space at a density, at least one; a lift takes what it may."""
    if space.lift is not None:
        return space.lift.capacity
    return max(1, ceil(space.walking_area_m2 * most_per_m2))


def _is_plain(p: Person) -> bool:
    """Tell whether numbers are in order and nothing else is to be looked up."""
    special = p.help is not None or p.task is not None or bool(p.wheels_m)
    return not special and not any(_numbers(p))


def _numbers(p: Person) -> Iterator[str]:
    """Yield what is wrong with numbers; comparisons are such that NaN is wrong too."""
    if not (0.0 < p.speed_m_s < 20.0 and 0 <= p.pre_movement_ms < 2**31 and p.body_area_m2 > 0.0):
        yield f"{p.id} needs a speed and a body area above zero and no negative pre-movement"
    for speed in (p.stair_speed_m_s, p.stair_up_speed_m_s):
        if speed is not None and not 0.0 < speed < 20.0:
            yield f"{p.id} has a stair speed of {speed:g} m/s; leave it out or give one above zero"
    if not p.dose_limit > 0:
        yield f"{p.id} needs a dose limit above zero, not {p.dose_limit:g}"
    if not 0.0 <= p.wheels_m < 10.0:
        yield f"{p.id} needs a clear width of {p.wheels_m:g} m; a wheelchair needs 0.8"


def _reasons(floor: Floor, p: Person, ids: Counter[str]) -> Iterator[str]:
    yield from _numbers(p)
    yield from _no_space(floor, p, p.space, "is in")
    for e in p.knows:
        if e not in floor.exits:
            yield f"{p.id} knows {e}, which is no exit{_hint(nearest(e, floor.exits))}"
    if p.help is not None:
        yield from _helpers(floor, p, p.help, ids)
    if p.task is not None:
        yield from _errands(floor, p, p.task)


def _no_space(floor: Floor, p: Person, space: str, does: str) -> Iterator[str]:
    if space not in floor.spaces:
        close = nearest(space, list(floor.spaces))
        yield f"{p.id} {does} {space}, which is no space{_hint(close)}"


def _helpers(floor: Floor, p: Person, plan: Help, ids: Counter[str]) -> Iterator[str]:
    for helper in plan.by:
        if helper not in ids or helper == p.id:
            close = nearest(helper, list(ids))
            yield f"{p.id} is to be helped by {helper}, who is nobody else here{_hint(close)}"
    if plan.meet:
        yield from _no_space(floor, p, plan.meet, "is to be met in")
    if not (plan.speed_m_s > 0.0 and plan.stair_speed_m_s > 0.0 and plan.prepare_ms >= 0):
        yield f"{p.id} needs speeds above zero and no negative time to prepare when helped"


def _errands(floor: Floor, p: Person, task: Task) -> Iterator[str]:
    match task:
        case Marshal():
            yield from _no_space(floor, p, task.at, "is to stand in")
            if task.tells and task.tells not in floor.portals:
                close = nearest(task.tells, list(floor.portals))
                yield f"{p.id} is to point to {task.tells}, which is no portal{_hint(close)}"
        case Sweep():
            for room in task.rooms:
                yield from _no_space(floor, p, room, "is to sweep")


def _hint(close: str) -> str:
    return f" (nearest: {close})" if close else ""
