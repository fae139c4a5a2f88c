"""What `twin devices` prints: the endpoints first, then a line per event."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from devices.serve.live import LiveDevices
from scenarios.quantity import quantile

Heard = Callable[[int, str, str, Mapping[str, object]], None]
"""Takes a fact: time (ms), kind, entity, data."""


class Teller:
    """Prints what happens, one line per event; what comes before the endpoints waits for them.

    `heard` is told every fact too. `hushed`: late replies are the rule here, and not told one by
    one.
    """

    def __init__(self, as_json: bool, end: Callable[[], None]) -> None:
        self._json, self._end = as_json, end
        self._early: list[dict[str, Any]] | None = []
        self.hushed = False
        self.heard: Heard | None = None

    def record(self, t_ms: int, phase: int, kind: str, entity: str, **data: object) -> None:
        """Take a fact of the devices' journal."""
        if self.heard is not None:
            self.heard(t_ms, kind, entity, data)
        event = {"t_ms": t_ms, "kind": kind, "entity": entity, **data}
        if kind == "reply" and self.hushed:
            return
        if self._early is not None:
            self._early.append(event)
        else:
            self._line(event)

    def begin(self, ends: Sequence[dict[str, Any]], web: Sequence[dict[str, Any]]) -> None:
        """Say where devices are, and what is on the web; then what has happened already."""
        document = {"endpoints": ends, "web": web}
        self._print(json.dumps(document) if self._json else table([*ends, *web]))
        early, self._early = self._early or [], None
        for event in early:
            self._line(event)

    def finish(self, live: LiveDevices) -> None:
        """Say how late the devices were."""
        counts = live.late or {0: 0}
        event = {"t_ms": live.now(), "kind": "run", "entity": "devices", "what": "end"}
        late_ms, updates = quantile(counts, 0.99), sum(counts.values())
        self._line({**event, "lateness_p99_ms": late_ms, "updates": updates})

    def _line(self, event: dict[str, Any]) -> None:
        if self._json:
            self._print(json.dumps(event, ensure_ascii=False))
            return
        rest = (f"{k}={v}" for k, v in event.items() if k not in ("t_ms", "kind", "entity"))
        words = (f"{event['t_ms'] / 1000:10.3f} s", event["kind"], event["entity"], *rest)
        self._print("  ".join(words))

    def _print(self, text: str) -> None:
        """Print at once; nobody listening any more ends the session."""
        try:
            print(text, flush=True)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            self._end()


def table(ends: Sequence[dict[str, Any]]) -> str:
    """Return the endpoints as a table for people."""
    grid = Table("endpoint", "speaks", "profile", "device", box=None, pad_edge=False)
    for end in ends:
        grid.add_row(end["url"], end["protocol"], end["profile"], end["device"])
    page = io.StringIO()
    console = Console(width=max(len(end["url"]) for end in ends) + 80, file=page)
    console.print(grid)
    lines = (line.rstrip() for line in page.getvalue().splitlines())
    return "\n".join(lines) + f"\n{len(ends)} endpoints answer; Ctrl-C ends them"
