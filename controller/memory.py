"""The rules' memory as plain values, for the state file and the journal.

Claims in force are kept too, so that an output that nobody claims any more is let go after a start.
"""

from __future__ import annotations

from typing import Any

from controller.arbitration import Claim
from controller.causes import Active, Causes
from controller.faces import Shown
from controller.rules import Standing, State
from controller.service import NEVER
from controller.steering import Hold

Plain = dict[str, Any]


def moved(t_ms: int, shift_ms: int) -> int:
    """A time on the new clock; never stays never."""
    return t_ms if abs(t_ms) >= NEVER else t_ms - shift_ms


def capture_rules(state: State) -> Plain:
    """The memory of the rules."""
    active = state.causes.active.items()
    return {
        "since": dict(state.causes.since),
        "active": {c: [a.since_ms, list(a.inputs), a.open_ms] for c, a in active},
        "rules": {r: [s.on, s.freed] for r, s in state.rules.items()},
        "asked": {o: _claim(c) for o, c in state.asked.items()},
        "claims": {o: _claim(c) for o, c in state.claims.items()},
        "held": {effect: [h.since_ms, h.left_ms] for effect, h in state.held.items()},
        "shown": {
            o: [s.asked, s.face, s.since_ms, s.been, s.barred_ms] for o, s in state.shown.items()
        },
    }


def restore_rules(plain: Plain, shift_ms: int) -> State:
    """The memory of the rules on the new clock; its first scan works off everything.

    A rule of a matrix that no longer has it is left out by the first scan.
    """
    rules = {name: Standing(*stands) for name, stands in plain["rules"].items()}
    since = {cause: moved(t, shift_ms) for cause, t in plain["since"].items()}
    active = {
        cause: Active(moved(t, shift_ms), tuple(inputs), moved(opens, shift_ms))
        for cause, (t, inputs, opens) in plain["active"].items()
    }
    shown = {
        output: Shown(asked, face, moved(since_ms, shift_ms), been, moved(barred_ms, shift_ms))
        for output, (asked, face, since_ms, been, barred_ms) in plain["shown"].items()
    }
    return State(
        causes=Causes(since, active, ()),
        rules=rules,
        stirred=frozenset(name.partition(">")[0] for name in rules),
        asked={output: Claim(*claim) for output, claim in plain["asked"].items()},
        claims={output: Claim(*claim) for output, claim in plain["claims"].items()},
        shown=shown,
        held={
            effect: Hold(moved(since_ms, shift_ms), moved(left_ms, shift_ms))
            for effect, (since_ms, left_ms) in plain["held"].items()
        },
        wake_ms=0,
    )


def _claim(claim: Claim) -> list[Any]:
    return [claim.value, claim.priority, claim.rule, claim.rest]
