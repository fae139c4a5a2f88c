"""Who has an output: of all that claim it the highest rank, as far as interlocks allow.

A rule's claims are its own: they go with it and leave those of others as they are. So the end of a
lockdown takes back what the lockdown asked for, and a fire that stands beside it keeps its outputs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from controller.faces import Shown, show
from controller.image import Image
from controller.interface.points import Value
from controller.matrixvalues import Effect, Matrix, Rule
from controller.service import NEVER
from controller.steering import fire


@dataclass(frozen=True, slots=True)
class Claim:
    """What the winning rule wants of an output; `rest` is its value afterwards (None: leave it)."""

    value: Value
    priority: int
    rule: str
    rest: Value | None


@dataclass(frozen=True, slots=True)
class Setting:
    """Everything besides the rules that decides who has an output; equal setting, equal claims.

    `instead`: effects whose zone has an alarm; `withheld`: outputs that an input forbids; `fire`:
    people are to leave, so nobody is held back; `spent`: effects that have stood long enough.
    """

    silenced: bool = False
    drill: bool = False
    instead: frozenset[str] = frozenset()
    withheld: frozenset[str] = frozenset()
    fire: bool = False
    spent: frozenset[str] = frozenset()


def setting(matrix: Matrix, image: Image, spent: frozenset[str] = frozenset()) -> Setting:
    """How things stand now."""
    zones = image.alarms.zones
    instead = frozenset(
        effect.id
        for effect in matrix.effects.values()
        if any(zones[name].latched for name in effect.instead_zones)
    )
    withheld = frozenset(
        guard.output
        for guard in matrix.interlocks.guarded
        if image.good(guard.point) == guard.equals
    )
    drill = image.alarms.service.drill is not None
    return Setting(image.silenced, drill, instead, withheld, fire(image), spent)


def arbitrate(matrix: Matrix, on: Iterable[Rule], how: Setting) -> dict[str, Claim]:
    """The winning claim of every output that any of these rules claims, signs as asked."""
    rules = [rule for rule in on if not how.drill or matrix.effects[rule.effect].drill]
    rules = [rule for rule in rules if _may_stand(matrix.effects[rule.effect], how)]
    inhibited: dict[str, int] = {}
    for rule in (r for r in rules if r.mode == "I"):
        inhibited[rule.effect] = min(rule.priority, inhibited.get(rule.effect, NEVER))
    claims: dict[str, Claim] = {}
    for rule in (r for r in rules if r.mode != "I"):
        if rule.priority < inhibited.get(rule.effect, NEVER):
            _claim(claims, rule, matrix.effects[rule.effect], how)
    for name in matrix.sounders if how.silenced else ():
        claims.pop(name, None)
    _interlock(claims, matrix, how)
    return claims


def _may_stand(effect: Effect, how: Setting) -> bool:
    """Nobody is held back in a fire, nor for longer than was said."""
    return not effect.steers or not (how.fire or effect.id in how.spent)


def _claim(claims: dict[str, Claim], rule: Rule, effect: Effect, how: Setting) -> None:
    value = effect.value
    if effect.id in how.instead and effect.instead is not None:
        value = effect.instead
    for output in effect.outputs:
        best = claims.get(output)
        if best is None or rule.priority < best.priority:
            rest = None if rule.mode == "P" else effect.rest[output]
            claims[output] = Claim(value, rule.priority, rule.id, rest)


def _interlock(claims: dict[str, Claim], matrix: Matrix, how: Setting) -> None:
    """Withdraw what must not stand beside a claim of higher rank, or against an input."""
    for guard in matrix.interlocks.guarded:
        claim = claims.get(guard.output)
        if guard.output in how.withheld and claim is not None and claim.value == guard.value:
            del claims[guard.output]
    for pair in matrix.interlocks.opposed:
        kept, dropped = claims.get(pair.kept), claims.get(pair.dropped)
        if kept is None or dropped is None:
            continue
        if (kept.value, dropped.value) == (pair.kept_value, pair.dropped_value):
            del claims[pair.dropped if kept.priority <= dropped.priority else pair.kept]


def directed(
    claims: Mapping[str, Claim], matrix: Matrix, image: Image, was: Mapping[str, Shown], now: int
) -> tuple[dict[str, Claim], dict[str, Shown]]:
    """The claims with every sign turned away from locked doors, and what each sign is to show."""
    turned, shown = dict(claims), {}
    for output, sign in matrix.faces.items():
        claim = claims.get(output)
        if claim is None:
            continue
        said = shown[output] = show(sign, str(claim.value), image.samples, was.get(output), now)
        if said.face:
            turned[output] = replace(claim, value=said.face)
        else:
            del turned[output]
    return turned, shown
