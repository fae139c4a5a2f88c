"""docs/alarms.md, written from the tables and rule packs that the controller runs by.

`python -m scenarios.alarm_page > docs/alarms.md` writes it; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from controller.alarmtable import (
    EVENT_MEANING,
    POINT,
    POINT_MEANING,
    ZONE,
    ZONE_EVENT_MEANING,
    ZONE_MEANING,
    Step,
)
from controller.crowdfile import CrowdEntry
from controller.crowdvalues import RISING
from controller.matrixfile import ConfirmEntry, LimitsEntry, LockdownEntry
from controller.operations import ADDS, AGREE_MS, LESSENS
from controller.outputs import FEEDBACK_MS, RELEASE_ORDER
from controller.rulepacks import PACKS, Limit, RulePack

_State = TypeVar("_State", bound=str)
_Event = TypeVar("_Event", bound=str)

_HEAD = """# Alarm logic

Written by `python -m scenarios.alarm_page` from the tables that the controller runs by
(`controller/alarmtable.py`, `controller/rulepacks.py`). "(m)": from memory, check the printed code.
An empty cell: the state stays and nothing is told. After the arrow: the next state; in brackets
what the journal's `alarm` record says.
"""
_CLOCKS = """
Fault, disablement and test lie beside these states. An alarm counts from a device in fault, not
from one that is disabled or in test. A device that is not heard keeps its last word and blocks the
reset.

T_clear ({clear:g} s unless `confirm.clear_s` says otherwise) begins for each device when it is
known to be normal, or disabled; a zone is reset when all its devices have been so for T_clear.
After a restart it begins when the device is heard again; every other clock goes on where it was.
"""
_COINCIDENCE = """
## Coincidence
- Two different heads of one zone confirm: two detectors, or a detector and a call point where
  `call_point_counts`. Two ways to one head (`same-as` in points.yaml) are one.
- The window (`confirm.window_s`, {window:g} s) is {form} unless `confirm.window` says otherwise:
  closed counts its last instant, open does not.
- Two that stand together confirm even beyond the window. A first alarm that has ended and whose
  window is over confirms nothing: the new alarm is the first.
- While every head that could confirm another is disabled, `confirm.when_disabled` decides: `one`
  alarm is enough, or it takes `two` ({disabled} unless stated). The answer to `disable` says which.
- A flow switch is a fire by itself, whatever the pack: nobody has to confirm water that flows
  (GB 50116-2013 4.2 (m), NFPA 72 waterflow alarm (m)). `when: flow` is a row of its own for it.
- The first alarm of the site has `number` 1 in its record, further ones count on.
"""
_RELEASE = """
## Reset, and in what order outputs are let go
A reset is refused, zone by zone and with every reason in the answer, while any device of the zone
is not known to be normal, or has not been so for T_clear. Once it is granted, claims of `L` cells
end, those of `U` cells only when an operator also gives `release` (or `all-clear`). Outputs whose
claims end together are let go in this order, within one scan; behind two gateways the order is that
of sending:

{order}

A command whose feedback has not come within {feedback:g} s is a fault (`no-feedback`) until it
comes, however long the way is that `within_ms` allows; the claim stands. For `sounder`, `strobe`,
`door-lock`, `pa-zone`, light and signs a longer `within_ms` is refused under `gb50116`.
"""
_MODES = """
## Disablement, test, drill
Each ends by itself: after {disable:g} s, {test:g} s without activity and {drill:g} s unless
`limits` says otherwise; nobody can ask for longer. What stands when a disablement ends counts from
then on. A disabled output stays as it is.

A zone in test shows its alarms (`tested`) and acts on none. A drill fires the row `drill`; effects
with `drill: false` (the police call) are left out of it. A real alarm ends both at once.
"""
_LOCKDOWN = """
## A single alarm during a lockdown
`lockdown.policy`: `fire_always`, `verify_then_fire` or `operator_only`; {policy} unless stated. A
single detector or call point then only tells the duty desk for `verify_s` ({verify:g} s); a second
device, a heat detector, a flow switch or an operator's `confirm` ends the wait. At its end the
alarm counts in full (`at_end: {at_end}`, the default) or waits for the operator (`at_end: wait`).
What had begun before the lockdown goes on. `operator_only` is refused for the rows `confirmed` and
`flow`.

## Two operators
Operations are decided one after the other. One of {lessens} is refused for {agree:g} s after
another operator's {adds} in the same place.
"""


_CROWD = """
## Crowd warnings

A watched flight is green, at amber 1, amber 2 or red, or unknown (`when: crowd`; a level holds
for the worse ones too). Three signs, in adult equivalents per m2: dense; from a lower density
on an outflow that has broken down, and people who stand. Amber 1 also by more people in than
out for 20 s. A level is left 15 s after too few signs stand, even where 0.8 of each threshold is
taken. Who lies is a fall suspected (`level: suspected`, amber 1 at least) until 5 s after nobody
does; it is red after `fall_for_s` (0 unless set), after `falls_for_s` where several lie, and at
once on a flight at amber 2. It is left 30 s after nobody lies. A camera that is stale, in fault,
unknown or covered makes the flight unknown: it steers nobody, and after 10 s it is a fault
(`unseen`). Effects that steer people (`steers: true`) end after `at_most_s`, in a confirmed fire,
at a call point and in an ordered evacuation, and begin anew only after 30 s of rest. Design values.
"""


def page() -> str:
    """The whole page."""
    confirm, limits, lockdown = ConfirmEntry(), LimitsEntry(), LockdownEntry()
    return "".join(
        (
            _HEAD,
            "\n## A point\n",
            _meanings(POINT_MEANING, "state"),
            _meanings(EVENT_MEANING, "event"),
            _steps(POINT_MEANING, EVENT_MEANING, POINT),
            _CLOCKS.format(clear=confirm.clear_s),
            "\n## A zone\n",
            _meanings(ZONE_MEANING, "state"),
            _meanings(ZONE_EVENT_MEANING, "event"),
            _steps(ZONE_MEANING, ZONE_EVENT_MEANING, ZONE),
            _COINCIDENCE.format(
                window=confirm.window_s, form=confirm.window, disabled=confirm.when_disabled
            ),
            "\n## Rule packs\n`rules:` of a matrix names one; they are not mixed.\n",
            _packs(),
            _RELEASE.format(order=_order(), feedback=FEEDBACK_MS / 1000),
            _MODES.format(disable=limits.disable_s, test=limits.test_s, drill=limits.drill_s),
            _LOCKDOWN.format(
                policy=lockdown.policy, verify=lockdown.verify_s, at_end=lockdown.at_end,
                agree=AGREE_MS / 1000, lessens=", ".join(LESSENS), adds=", ".join(ADDS),
            ),
            _crowd(),
        )
    )  # fmt: skip


def _crowd() -> str:
    """The levels of the crowd warnings, as they are unless a matrix says otherwise."""
    entry = CrowdEntry()
    heads = ["level", "dense from", "other signs from", "for", "signs"]
    rows = [
        [
            name, f"{one.dense:g}", f"{one.least:g}", f"{one.for_s:g} s", f"{one.agree} of 3",
        ]
        for name in RISING
        for one in [getattr(entry.levels, name)]
    ]  # fmt: skip
    return _CROWD + _table(heads, rows)


def _meanings(meanings: Mapping[_State, str], head: str) -> str:
    return _table([head, "means"], ([f"`{word}`", text] for word, text in meanings.items()))


def _steps(
    states: Iterable[_State],
    events: Iterable[_Event],
    steps: Mapping[tuple[_State, _Event], Step],
) -> str:
    names = list(events)
    rows = ([f"`{s}`", *(_step(steps.get((s, event))) for event in names)] for s in states)
    return _table(["", *names], rows)


def _step(step: Step | None) -> str:
    if step is None:
        return ""
    return f"→ {step.to}" + (f" [{step.told}]" if step.told else "")


def _packs() -> str:
    packs = list(PACKS.values())
    rows = [[name, *(said(pack) for pack in packs)] for name, said in _LINES.items()]
    return _table(["", *(f"`{pack.name}` {pack.title}" for pack in packs)], rows)


def _order() -> str:
    named = (", ".join(f"`{k}`" for k in kinds) or "all others" for kinds in RELEASE_ORDER)
    return "\n".join(f"{number}. {kinds}" for number, kinds in enumerate(named, start=1))


def _limit(limit: Limit | None) -> str:
    return "not said" if limit is None else f"{limit.ms / 1000:g} s ({limit.clause})"


def _span(span: tuple[Limit, Limit] | None) -> str:
    if span is None:
        return "not said"
    least, most = span
    return f"{least.ms / 1000:g} to {most.ms / 1000:g} s ({most.clause})"


def _call_point(pack: RulePack) -> str:
    kind = "a fire at once" if pack.call_point_at_once else "one of two"
    return f"{kind} ({pack.call_point_clause})"


_LINES: Mapping[str, Callable[[RulePack], str]] = {
    "a call point alone": _call_point,
    "two devices": lambda pack: pack.coincidence_clause,
    "T_acknowledge, from the alarm": lambda pack: _limit(pack.acknowledge),
    "T_investigate, from the acknowledgement": lambda pack: _limit(pack.investigate),
    "longest investigation": lambda pack: _limit(pack.longest_look),
    "start signal after the trigger logic": lambda pack: _limit(pack.start),
    "missing feedback is a fault after": lambda pack: _limit(pack.feedback),
    "emergency light and signs on within": lambda pack: _limit(pack.light),
    "tone": lambda pack: _span(pack.tone),
    "voice": lambda pack: _span(pack.voice),
    "bells as sounders": lambda pack: "allowed" if pack.bells else f"no ({pack.bells_clause})",
}


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    print(page(), end="")
