"""Stated mutants of the decision code and of the matrix: what the safety case must notice.

Each is one place put wrong, as a person might. Imports nothing of the controller, so that
`mutating` can put the mutant in place before anything is loaded.
"""

from __future__ import annotations

from typing import NamedTuple

TIMELINES = "timelines"
SITE = "tests/safety/site/matrix.yaml"
_UNIT = "tests/controller/"


class Mutant(NamedTuple):
    """`was` stands once in `file`; `becomes` takes its place. `killer`: timelines, or a test file.

    Mutants that random timelines meet too seldom are left to the test file that meets them.
    """

    id: str
    say: str
    file: str
    was: str
    becomes: str
    killer: str = TIMELINES


MUTANTS = (
    Mutant("coincidence-ignored", "two detectors confirm nothing", "controller/alarms.py",
           "if found or by:", "if by:"),
    Mutant("water-ignored", "water flow alone is no fire", "controller/alarms.py",
           "if device.kind == FLOW_SWITCH:", "if False:"),
    Mutant("water-waits", "water flow is kept waiting in a lockdown", "controller/alarms.py",
           'zone.sure = zone.sure or by != "call point"', 'zone.sure = zone.sure or not by',
           _UNIT + "test_flow.py"),
    Mutant("patience-unbounded", "feedback may take what the I/O list says",
           "controller/outputs.py", "return min(feedback.within_ms, FEEDBACK_MS)",
           "return feedback.within_ms", _UNIT + "test_closing.py"),
    Mutant("locks-first", "locks are let go with what warns", "controller/outputs.py",
           '    ("door-lock",),', '    (),', _UNIT + "test_closing.py"),
    Mutant("no-zone-no-fault", "devices in no zone are not shown", "controller/matrix.py",
           "(*points.zones, \"\")", "points.zones", _UNIT + "test_closing.py"),
    Mutant("own-partner", "a head confirms itself", "controller/coincidence.py",
           "if other.head == new.head:", "if other.head == new.head and other is not new:"),
    Mutant("call-point-not-counted", "a call point is no second device",
           "controller/coincidence.py",
           "if confirm.call_point_counts if mixed else not new.call_point:",
           "if not mixed and not new.call_point:"),
    Mutant("two-call-points", "two call points confirm a fire", "controller/coincidence.py",
           "else not new.call_point:", "else True:",
           _UNIT + "test_alarms.py"),
    Mutant("standing-expires", "two alarms that stand together beyond the window confirm nothing",
           "controller/coincidence.py", "if d.standing or _recent(d, confirm, now)",
           "if _recent(d, confirm, now)",
           _UNIT + "test_alarms.py"),
    Mutant("window-open", "a closed window leaves its end out", "controller/coincidence.py",
           "age <= confirm.window_ms if", "age < confirm.window_ms if",
           _UNIT + "test_alarms.py"),
    Mutant("no-latch", "an alarm that ends is forgotten", "controller/alarmtable.py",
           "(_P.ALARM, _E.FALLS): Step(_P.ENDED),", "(_P.ALARM, _E.FALLS): Step(_P.NORMAL),",
           _UNIT + "test_alarms.py"),
    Mutant("reset-while-standing", "a reset is taken while an input stands",
           "controller/alarms.py", "if not zone.latched or self.clear_at(zone) > now:",
           "if not zone.latched:", _UNIT + "test_alarms.py"),
    Mutant("unknown-is-normal", "what cannot be read counts as normal", "controller/alarmzone.py",
           "return self.out or (self.quality is Quality.GOOD and self.value == NORMAL)",
           "return self.out or self.value == NORMAL",
           _UNIT + "test_alarms.py"),
    Mutant("fault-hides-alarm", "an alarm from a device in trouble does not count",
           "controller/alarms.py", "_COUNTS = (Quality.GOOD, Quality.FAULT)",
           "_COUNTS = (Quality.GOOD,)",
           _UNIT + "test_alarms.py"),
    Mutant("latched-cell-follows", "cell L lets go with its cause", "controller/rules.py",
           "return Standing(was.on and not reset)", "return Standing(fires)",
           _UNIT + "test_rules.py"),
    Mutant("relock-on-reset", "cell U does not wait for the operator", "controller/rules.py",
           "not (freed and operator), freed)", "not freed, freed)"),
    Mutant("no-delay", "D<n> acts at once", "controller/rules.py",
           "active.open_ms) + rule.delay_ms, NEVER)", "active.open_ms), NEVER)",
           _UNIT + "test_rules.py"),
    Mutant("last-writer-wins", "the claim of the lower rank has the output",
           "controller/arbitration.py",
           "if best is None or rule.priority < best.priority:",
           "if best is None or rule.priority > best.priority:"),
    Mutant("lockdown-first", "a lockdown keeps doors shut in a fire", "controller/arbitration.py",
           "del claims[pair.dropped if kept.priority <= dropped.priority else pair.kept]",
           "del claims[pair.kept if kept.priority <= dropped.priority else pair.dropped]"),
    Mutant("no-interlock", "release and lockdown are driven together",
           "controller/arbitration.py", "    _interlock(claims, matrix, how)\n", ""),
    Mutant("drill-calls-police", "a drill leaves nothing out", "controller/arbitration.py",
           "rules = [rule for rule in on if not how.drill or matrix.effects[rule.effect].drill]",
           "rules = list(on)"),
    Mutant("silence-opens-nothing-again", "silence takes every claim away",
           "controller/arbitration.py", "for name in matrix.sounders if how.silenced else ():",
           "for name in list(claims) if how.silenced else ():"),
    Mutant("no-verification", "a single detector opens doors in a lockdown",
           "controller/causes.py",
           "return cause.when in WEAK and not any(zones[name].certain for name in cause.zones)",
           "return False", _UNIT + "test_conflicts.py"),
    Mutant("verification-never-ends", "a single alarm waits for ever", "controller/causes.py",
           "return now + rule.verify_ms if waits else NEVER", "return NEVER",
           _UNIT + "test_conflicts.py"),
    Mutant("drill-outlasts-fire", "a real alarm does not end a drill", "controller/service.py",
           "return term.until_ms <= now or term.rises != rises", "return term.until_ms <= now",
           _UNIT + "test_operations.py"),
    Mutant("reset-sticks", "a reset order stands for ever", "controller/decider.py",
           "orders.reset = orders.release = False", "orders.release = False",
           _UNIT + "test_operations.py"),
    Mutant("alarms-forgotten", "alarms are not restored after a restart", "controller/decider.py",
           'self.image.alarms.restore(plain["alarms"], move)', "pass",
           _UNIT + "test_restart.py"),
    Mutant("rules-forgotten", "rules are not restored after a restart", "controller/decider.py",
           'self._state = restore_rules(plain["rules"], shift_ms)', "pass",
           _UNIT + "test_restart.py"),
    Mutant("no-retry", "a command without an answer is not sent again", "controller/outputs.py",
           "            demand.due_ms = now + _pause(demand.sends)\n",
           "            demand.due_ms = NEVER\n", _UNIT + "test_every_branch.py"),
    Mutant("owed-forgotten", "a board that comes back is not told again", "controller/outputs.py",
           "                demand.sends, demand.due_ms = min(demand.sends, 1), now\n",
           "                pass\n", _UNIT + "test_every_branch.py"),
    Mutant("no-feedback", "missing feedback is not reported", "controller/outputs.py",
           "if demand.feedback_due_ms <= now:", "if demand.feedback_due_ms < 0:"),
    Mutant("no-resound", "a further alarm leaves the sounders silent", "controller/image.py",
           "return self.orders.silenced == self.alarms.rises",
           "return self.orders.silenced is not None",
           _UNIT + "test_operations.py"),
    Mutant("stale-is-good", "old values are taken for new ones", "controller/image.py",
           "return sample.value if sample is not None and sample.quality is Quality.GOOD else None",
           "return sample.value if sample is not None else None",
           _UNIT + "test_rules.py"),
    Mutant("sign-to-locked-door", "a sign shows the way to a locked door", "controller/faces.py",
           "_BARRED if sample.value else _FREE", "_FREE",
           _UNIT + "test_conflicts.py"),
    Mutant("matrix-locks-relock", "locks L instead of U", SITE, "locks: U, fire-door",
           "locks: L, fire-door"),
    Mutant("matrix-no-sounders", "no sounders in the fire row", SITE,
           "police-fire: L, sounders: L,", "police-fire: L,"),
    Mutant("matrix-no-light", "emergency light after 20 s", SITE, "fire-door: L, lights: L",
           "fire-door: L, lights: D20L"),
    Mutant("matrix-no-call-point", "a call point counts for nothing", SITE,
           "call_point_counts: true", "call_point_counts: false"),
    Mutant("matrix-no-voice", "no voice in the fire row", SITE, "voice: L, locks: U, fire-door",
           "locks: U, fire-door"),
    Mutant("matrix-sign-rank", "the burning wing's own sign comes second", SITE,
           "zones: [west], priority: 1}", "zones: [west], priority: 4}"),
    Mutant("matrix-drill-police", "the police is called in a drill", SITE,
           "[police-1.alarm], value: fire, drill: false}", "[police-1.alarm], value: fire}"),
    Mutant("matrix-first-evacuates", "the first detector sounds", SITE,
           "first:      {desk-look: X}", "first:      {desk-look: X, sounders: X}"),
    Mutant("matrix-call-point-fire-door", "a call point closes fire doors", SITE,
           "pressed:    {desk-fire: L,", "pressed:    {desk-fire: L, fire-door: L,"),
    Mutant("matrix-panel-late", "a silent panel is told after a minute", SITE, "after_s: 10",
           "after_s: 60"),
)  # fmt: skip
