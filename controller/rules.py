"""The matrix at work: pure `decide(matrix, state, image, now)`, no sockets and no clock.

Timers are comparisons with `now` on the scan clock. Every decision names the rule that made it and
the devices that were its reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from controller.arbitration import Claim, Setting, arbitrate, directed, setting
from controller.causes import Active, Causes, causes
from controller.faces import Shown, wake_ms
from controller.image import Image
from controller.matrixvalues import Matrix, Order, Rule
from controller.service import NEVER
from controller.steering import Hold, holds, spent
from controller.steering import wake_ms as rest_ms

PULSE_MS = 1000
"""How long a P cell claims its outputs; they are not written back afterwards."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A rule switched on or off."""

    rule: str
    what: str
    cause: str
    effect: str
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A rule's memory: on, and (cell U) whether the reset has come and the operator has not."""

    on: bool = False
    freed: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """Everything the rules remember between two scans.

    `rules` leaves out those at rest; `stirred` are the causes of the others. `orders` are the
    reset and the operator's order that stood, `wake_ms` is when a timer next runs out. `asked` are
    the claims before the signs were turned away from locked doors, `shown` what became of them,
    `held` what steers people.
    """

    causes: Causes = field(default_factory=lambda: Causes({}, {}, ()))
    rules: Mapping[str, Standing] = field(default_factory=dict)
    stirred: frozenset[str] = frozenset()
    asked: Mapping[str, Claim] = field(default_factory=dict)
    claims: Mapping[str, Claim] = field(default_factory=dict)
    shown: Mapping[str, Shown] = field(default_factory=dict)
    orders: tuple[bool, bool] = (False, False)
    setting: Setting = field(default_factory=Setting)
    held: Mapping[str, Hold] = field(default_factory=dict)
    wake_ms: int = NEVER


@dataclass(frozen=True, slots=True)
class Outcome:
    """The next state, and what changed."""

    state: State
    decisions: tuple[Decision, ...]


def decide(matrix: Matrix, state: State, image: Image, now: int) -> Outcome:
    """Evaluate every row that is not at rest once, in the matrix's order.

    A row whose cause does not hold and whose rules are all at rest stays as it is. So does
    everything while the same causes hold, nothing else that matters changes and no timer runs out.
    """
    held = causes(matrix, state.causes, image, now)
    orders = _orders(matrix, image)
    rules, decisions, rules_wake = state.rules, tuple[Decision, ...](), NEVER
    if not (
        now < state.wake_ms
        and orders == state.orders
        and held.since == state.causes.since
        and held.active == state.causes.active
    ):
        rules, decisions, rules_wake = _work_off(matrix, state, held, orders, now)
    else:
        rules_wake = state.wake_ms
    asked, on = state.asked, [r for r in matrix.rules if rules.get(r.id, _IDLE).on]
    held_back = holds(matrix, on, state.held, now)
    how = setting(matrix, image, spent(matrix, held_back, now))
    if decisions or how != state.setting:
        asked = arbitrate(matrix, on, how)
        decisions += _freed(matrix, on, state.setting, how)
    claims, shown = directed(asked, matrix, image, state.shown, now)
    wakes = [rules_wake, *held.wakes, *(wake_ms(one) for one in shown.values())]
    wakes.append(rest_ms(matrix, held_back, now))
    wake = min((w for w in wakes if w > now), default=NEVER)
    stirred = frozenset(name.partition(">")[0] for name in rules)
    after = State(held, rules, stirred, asked, claims, shown, orders, how, held_back, wake)
    return Outcome(after, decisions)


def ordered(order: Order, image: Image) -> bool:
    """Whether an operator's order stands at a duty desk."""
    return any(image.good(point) == order.equals for point in order.points)


def _freed(matrix: Matrix, on: Sequence[Rule], was: Setting, how: Setting) -> tuple[Decision, ...]:
    """Why nobody is held back any more though the cause stands: a fire, or the longest time."""
    found = []
    for rule in (r for r in on if matrix.effects[r.effect].steers):
        why = "fire" if how.fire and not was.fire else ""
        if rule.effect in how.spent - was.spent:
            why = "at_most_s"
        if why:
            found.append(Decision(rule.id, "freed", why, rule.effect, ()))
    return tuple(found)


_IDLE = Standing()


def _orders(matrix: Matrix, image: Image) -> tuple[bool, bool]:
    """Whether a reset and the operator's release stand, from a desk or by an operation."""
    reset = image.orders.reset or ordered(matrix.reset, image)
    return reset, image.orders.release or ordered(matrix.operator, image)


def _work_off(
    matrix: Matrix, state: State, held: Causes, orders: tuple[bool, bool], now: int
) -> tuple[dict[str, Standing], tuple[Decision, ...], int]:
    """Every rule that is not at rest, what switched, and when a rule's timer next runs out."""
    rules: dict[str, Standing] = {}
    decisions = []
    wakes = []
    stirring = [c for c in matrix.rows if c in held.active or c in state.stirred]
    for rule in (rule for cause in stirring for rule in matrix.rows[cause]):
        was = state.rules.get(rule.id, _IDLE)
        active = held.active.get(rule.cause)
        begun = _begun(matrix, rule, active)
        fires = begun <= now and (rule.mode != "C" or _coincides(matrix, rule, held.active))
        stands = _stand(rule, was, fires, now - begun, *orders)
        if stands != _IDLE:
            rules[rule.id] = stands
        wakes.append(begun + PULSE_MS if rule.mode == "P" and begun <= now else begun)
        if stands.on != was.on:
            inputs = active.inputs if active is not None else ()
            what = "on" if stands.on else "off"
            decisions.append(Decision(rule.id, what, rule.cause, rule.effect, inputs))
    return rules, tuple(decisions), min((w for w in wakes if w > now), default=NEVER)


def _begun(matrix: Matrix, rule: Rule, active: Active | None) -> int:
    """When a rule's delay is over; a cause that is still being verified only tells the desk."""
    if active is None:
        return NEVER
    tells = matrix.effects[rule.effect].tells
    return min((active.since_ms if tells else active.open_ms) + rule.delay_ms, NEVER)


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


def _coincides(matrix: Matrix, rule: Rule, active: Mapping[str, Active]) -> bool:
    return any(
        other.effect == rule.effect
        and other.mode == "C"
        and other.cause != rule.cause
        and other.cause in active
        for other in matrix.rules
    )
