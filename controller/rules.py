"""The matrix at work: pure `decide(matrix, state, image, now)`, no sockets and no clock.

Timers are comparisons with `now` on the scan clock. Every decision names the rule that made it and
the devices that were its reason. Arbitration: per output the claim with the lowest priority number
wins; among equals the rule that stands first in the matrix.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from controller.image import Image
from controller.interface.points import Value
from controller.matrix import Cause, Matrix, Order, Rule

PULSE_MS = 1000
"""How long a P cell claims its outputs; they are not written back afterwards."""

NEVER = 1 << 62


@dataclass(frozen=True, slots=True)
class Decision:
    """A rule switched on or off."""

    rule: str
    what: str
    cause: str
    effect: str
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """What the winning rule wants of an output; `rest` is its value afterwards (None: leave it)."""

    value: Value
    priority: int
    rule: str
    rest: Value | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A rule's memory: on, and (cell U) whether the reset has come and the operator has not."""

    on: bool = False
    freed: bool = False


@dataclass(frozen=True, slots=True)
class Active:
    """A cause that holds: since when, and the devices that are the reason."""

    since_ms: int
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class State:
    """Everything the rules remember between two scans.

    `rules` leaves out those at rest; `stirred` are the causes of the others. `orders` are the
    reset and the operator's order that stood, `wake_ms` is when a timer next runs out.
    """

    since: Mapping[str, int] = field(default_factory=dict)
    active: Mapping[str, Active] = field(default_factory=dict)
    rules: Mapping[str, Standing] = field(default_factory=dict)
    stirred: frozenset[str] = frozenset()
    claims: Mapping[str, Claim] = field(default_factory=dict)
    orders: tuple[bool, bool] = (False, False)
    wake_ms: int = NEVER


@dataclass(frozen=True, slots=True)
class Outcome:
    """The next state, and what changed."""

    state: State
    decisions: tuple[Decision, ...]


def decide(matrix: Matrix, state: State, image: Image, now: int) -> Outcome:
    """Evaluate every row that is not at rest once, in the matrix's order.

    A row whose cause does not hold and whose rules are all at rest stays as it is. So does
    everything while the same causes hold, no order comes or goes and no timer runs out.
    """
    since, active, wakes = _causes(matrix, state, image, now)
    reset, operator = orders = ordered(matrix.reset, image), ordered(matrix.operator, image)
    if (
        now < state.wake_ms
        and orders == state.orders
        and since == state.since
        and active == state.active
    ):
        return Outcome(state, ())
    rules: dict[str, Standing] = {}
    stirred: set[str] = set()
    decisions = []
    stirring = [c for c in matrix.rows if c in active or c in state.stirred]
    for rule in (rule for cause in stirring for rule in matrix.rows[cause]):
        was = state.rules.get(rule.id, _IDLE)
        held = active.get(rule.cause)
        begun = held.since_ms + rule.delay_ms if held is not None else NEVER
        fires = begun <= now and (rule.mode != "C" or _coincides(matrix, rule, active))
        stands = _stand(rule, was, fires, now - begun, reset, operator)
        if stands != _IDLE:
            rules[rule.id] = stands
            stirred.add(rule.cause)
        wakes.append(_rule_wake(rule, begun, now))
        if stands.on != was.on:
            inputs = held.inputs if held is not None else ()
            what = "on" if stands.on else "off"
            decisions.append(Decision(rule.id, what, rule.cause, rule.effect, inputs))
    claims = arbitrate(matrix, rules) if decisions else state.claims
    wake = min((w for w in wakes if w > now), default=NEVER)
    after = State(since, active, rules, frozenset(stirred), claims, orders, wake)
    return Outcome(after, tuple(decisions))


def ordered(order: Order, image: Image) -> bool:
    """Whether an operator's order stands."""
    return any(image.good(point) == order.equals for point in order.points)


def arbitrate(matrix: Matrix, rules: Mapping[str, Standing]) -> dict[str, Claim]:
    """The winning claim of every output that any rule claims."""
    on = [rule for rule in matrix.rules if rules.get(rule.id, _IDLE).on]
    inhibited: dict[str, int] = {}
    for rule in (r for r in on if r.mode == "I"):
        inhibited[rule.effect] = min(rule.priority, inhibited.get(rule.effect, NEVER))
    claims: dict[str, Claim] = {}
    for rule in (r for r in on if r.mode != "I"):
        if rule.priority >= inhibited.get(rule.effect, NEVER):
            continue
        effect = matrix.effects[rule.effect]
        for output in effect.outputs:
            best = claims.get(output)
            if best is None or rule.priority < best.priority:
                rest = None if rule.mode == "P" else effect.rest[output]
                claims[output] = Claim(effect.value, rule.priority, rule.id, rest)
    return claims


_IDLE = Standing()


def _stand(
    rule: Rule, was: Standing, fires: bool, running_ms: int, reset: bool, operator: bool
) -> Standing:
    """What a rule does now; `running_ms` since its delay ran out."""
    if rule.mode == "P":
        return Standing(fires and running_ms < PULSE_MS)
    if rule.mode == "M":
        return Standing(fires and (was.on or operator))
    if fires or rule.mode not in ("L", "U"):
        return Standing(fires)
    if rule.mode == "L":
        return Standing(was.on and not reset)
    freed = was.on and (was.freed or reset)
    return Standing(was.on and not (freed and operator), freed)


def _rule_wake(rule: Rule, begun: int, now: int) -> int:
    if rule.mode == "P" and begun <= now:
        return begun + PULSE_MS
    return begun


def _coincides(matrix: Matrix, rule: Rule, active: Mapping[str, Active]) -> bool:
    return any(
        other.effect == rule.effect
        and other.mode == "C"
        and other.cause != rule.cause
        and other.cause in active
        for other in matrix.rules
    )


def _causes(
    matrix: Matrix, state: State, image: Image, now: int
) -> tuple[dict[str, int], dict[str, Active], list[int]]:
    """Since when each cause's condition holds, which are active, and when the others will be."""
    since: dict[str, int] = {}
    active: dict[str, Active] = {}
    wakes: list[int] = []
    for cause in matrix.causes.values():
        inputs = _condition(cause, image)
        if not inputs and image.unheard:
            inputs = _remembered(cause, state, image)
        if not inputs:
            continue
        held_since = state.since.get(cause.id)
        begun = since[cause.id] = _begun(cause, image, now) if held_since is None else held_since
        if begun + cause.delay_ms > now:
            wakes.append(begun + cause.delay_ms)
            continue
        held = state.active.get(cause.id)
        active[cause.id] = Active(now if held is None else held.since_ms, inputs)
    return since, active, wakes


def _begun(cause: Cause, image: Image, now: int) -> int:
    """A lost gateway is lost since the driver said so, everything else since it is first seen."""
    if cause.when == "comms-lost":
        return min(image.lost[name] for name in cause.gateways if name in image.lost)
    return now


def _condition(cause: Cause, image: Image) -> tuple[str, ...]:
    """The devices that make a cause's condition hold; none if it does not."""
    zones = image.alarms.zones
    if cause.when == "first":
        return tuple(d for name in cause.zones for d in zones[name].detectors)
    if cause.when == "confirmed":
        return tuple(d for name in cause.zones for d in zones[name].confirmed)
    if cause.when == "call-point":
        return tuple(d for name in cause.zones for d in zones[name].call_points)
    if cause.when == "fault":
        return tuple(d for name in cause.zones for d in zones[name].faulty)
    if cause.when == "comms-lost":
        return tuple(name for name in cause.gateways if name in image.lost)
    return (cause.device,) if _point_holds(cause, image) else ()


def _remembered(cause: Cause, state: State, image: Image) -> tuple[str, ...]:
    """After a restart a condition stands until its point or gateway has been heard again."""
    if cause.id not in state.since or not {cause.point, *cause.gateways} & image.unheard:
        return ()
    held = state.active.get(cause.id)
    return held.inputs if held is not None else (cause.device or cause.gateways[0],)


def _point_holds(cause: Cause, image: Image) -> bool:
    value = image.good(cause.point)
    if value is None:
        return False
    if cause.when == "point":
        return value == cause.equals
    if cause.sampled:
        return sum(one > cause.limit for one in image.recent.get(cause.point, ())) >= 2
    return not isinstance(value, str) and value > cause.limit
