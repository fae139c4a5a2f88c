"""One run's folder, read for the page: its summary, plan, journeys and what changed since."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any

from controller.interface.files import BadFile
from reports.web_journeys import load_journeys
from reports.web_models import (
    Changes,
    Expectation,
    Journeys,
    Plan,
    RunDetail,
    RunSummary,
    Status,
    plain,
)
from reports.web_plan import load_plan
from reports.web_tail import Tail
from reports.web_timeline import Timeline
from reports.web_words import Words

JOURNALS = ("twin.jsonl", "controller.jsonl")
LOGS = ".orders"
QUIET_MS = 10_000
"""A run whose journals did not grow for this long is no longer running."""

_lives = count(1)


class RunProblem(Exception):  # noqa: N818 - the run has a problem, the program has none
    """Something of this run cannot be shown; the message is one sentence."""


class Run:
    """Reads one run; safe to call from several threads."""

    def __init__(
        self,
        run_id: str,
        folder: Path,
        wall_ms: Callable[[], int],
        alive: Callable[[str], bool | None] = lambda _: None,
    ) -> None:
        self.id = run_id
        self.folder = folder
        self._wall_ms = wall_ms
        self._alive = alive
        self._lock = Lock()
        self._plan: Plan | None = None
        self._tails: tuple[Tail, ...] = ()
        self._timeline = Timeline(Words({}, {}))
        self._life = ""
        self._reset()

    def summary(self) -> RunSummary:
        """What the list of runs shows; a folder that cannot be read says why."""
        return RunSummary(**self._facts())

    def detail(self) -> RunDetail:
        """The summary with the verdict's parts."""
        metrics = _mapping(self.folder / "metrics.json", optional=True)
        if isinstance(metrics, str):
            metrics = {}
        ledger = metrics.get("ledger")
        return RunDetail(
            **self._facts(),
            expectations=_expectations(metrics.get("expectations")),
            ledger=_seconds(ledger),
            rset_ms=_integer(metrics.get("rset_ms")),
            files=tuple(sorted(item.name for item in self.folder.glob("*"))),
        )

    def plan(self) -> Plan:
        """The floor plan; RunProblem if the run has none that can be read."""
        with self._lock:
            if self._plan is None:
                try:
                    self._plan = load_plan(self.folder / "site")
                except BadFile as error:
                    raise RunProblem(f"This run has no readable floor plan: {error}.") from error
            return self._plan

    def journeys(self) -> Journeys:
        """Everybody's way; RunProblem while the run still goes on or if the file is broken."""
        path = self.folder / "journeys.parquet"
        if not path.is_file():
            raise RunProblem(
                "journeys.parquet is not there: it is written when a run ends. "
                "Until then the timeline holds the number of people per space."
            )
        self._refresh()
        try:
            return load_journeys(path, self._timeline.leavers, self.folder / "site")
        except ValueError as error:
            raise RunProblem(f"{error}.") from error

    def changes(self, after: str = "") -> Changes:
        """What came after a token of this server; everything for an empty or foreign token."""
        self._refresh()
        with self._lock:
            timeline = self._timeline
            life, _, seq = after.partition("-")
            known = life == self._life and seq.isdigit() and int(seq) <= timeline.seq
            since = int(seq) if known else 0
            return Changes.model_construct(
                seq=timeline.seq,
                since=since,
                token=f"{self._life}-{timeline.seq}",
                until_ms=timeline.until_ms,
                status=self.summary().status,
                problem=" ".join(tail.problem for tail in self._tails if tail.problem),
                **timeline.since(since),
            )

    def _refresh(self) -> None:
        with self._lock:
            if any(tail.restarted() for tail in self._tails):
                self._reset()
        words = self._words() if self._timeline.seq == 0 else None
        with self._lock:
            if self._timeline.seq == 0 and words is not None:
                self._timeline = Timeline(words)
            twin, controller = (tail.read() for tail in self._tails)
            self._timeline.add(twin, controller)

    def _reset(self) -> None:
        self._tails = tuple(Tail(self.folder / name) for name in JOURNALS)
        self._timeline = Timeline(Words({}, {}))
        self._plan = None
        self._life = f"{self._wall_ms():x}.{next(_lives)}"

    def _words(self) -> Words:
        try:
            plan = self.plan()
        except RunProblem:
            return Words({}, {})
        names = {space.id: space.name for space in plan.spaces}
        names |= {portal.id: portal.name for portal in plan.portals}
        return Words(names, {device.id: device.kind for device in plan.devices})

    def _facts(self) -> dict[str, Any]:
        manifest = _mapping(self.folder / "manifest.json")
        metrics = _mapping(self.folder / "metrics.json", optional=True)
        status, reason = self._status(manifest, metrics)
        known = manifest if isinstance(manifest, dict) else {}
        ended = metrics if isinstance(metrics, dict) else {}
        return {
            "id": self.id,
            **{key: _text(known.get(key)) for key in ("scenario", "site", "rig", "broker")},
            "seed": _integer(known.get("seed")),
            "started": _text(known.get("started_wall")),
            "people": _integer(ended.get("people", known.get("people"))),
            **{key: _integer(ended.get(key)) for key in ("evacuated", "stranded", "sim_ms")},
            "verdict": _text(ended.get("verdict")),
            "status": status,
            "reason": reason,
        }

    def _status(self, manifest: Any, metrics: Any) -> tuple[Status, str]:
        alive = self._alive(self.id)
        fresh = self._wall_ms() - _written_ms(self.folder) < QUIET_MS
        going = fresh if alive is None else alive
        if isinstance(manifest, str):
            return ("running", "starting") if going else ("broken", self._last_words(manifest))
        if not (self.folder / "site" / "floor.yaml").is_file():
            return ("running", "starting") if going else ("broken", "site/floor.yaml is missing")
        if isinstance(metrics, str) and not going:
            return "broken", metrics
        if metrics:
            return "finished", ""
        ended = "it ended before its metrics were written"
        return ("running", "") if going else ("stopped", self._last_words(ended))

    def _last_words(self, otherwise: str) -> str:
        """The last line that a run which was started from the page wrote, if there is one."""
        path = order_log(self.folder)
        text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
        told = [line.strip() for line in text.splitlines() if line.strip()]
        return f"{otherwise}: {told[-1][:300]}" if told else otherwise


def order_log(folder: Path) -> Path:
    """Where what a run started from the page prints is kept: beside its folder."""
    return folder.parent / LOGS / f"{folder.name}.log"


def is_run(folder: Path) -> bool:
    """True if a folder holds a run, whole or in pieces, or one that was just ordered."""
    names = ("manifest.json", "metrics.json", *JOURNALS)
    return any((folder / name).exists() for name in names) or order_log(folder).exists()


def _written_ms(folder: Path) -> int:
    """Wall-clock ms at which the folder or a journal was last written."""
    latest = 0
    for path in (folder, *(folder / name for name in JOURNALS)):
        if path.exists():
            latest = max(latest, path.stat().st_mtime_ns // 1_000_000)
    return latest


def _mapping(path: Path, *, optional: bool = False) -> dict[str, Any] | str:
    """A JSON object, or the sentence that says why there is none."""
    if not path.is_file():
        return {} if optional else f"{path.name} is missing"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return f"{path.name} cannot be read: {error}"
    return content if isinstance(content, dict) else f"{path.name} is no JSON object"


def _expectations(listed: Any) -> tuple[Expectation, ...]:
    items = listed if isinstance(listed, list) else []
    return tuple(_expectation(item) for item in items if isinstance(item, Mapping))


def _expectation(item: Mapping[str, Any]) -> Expectation:
    return Expectation(
        id=_text(item.get("id")),
        must=bool(item.get("must", True)),
        say=_text(item.get("say")),
        verdict=_text(item.get("verdict")),
        observed=plain(item.get("observed")),
        limit=plain(item.get("limit")),
        unit=_text(item.get("unit")),
        clause=_text(item.get("clause")),
        why=_text(item.get("why")),
    )


def _seconds(ledger: Any) -> dict[str, float]:
    items = ledger.items() if isinstance(ledger, dict) else ()
    return {
        str(key): float(value)
        for key, value in items
        if isinstance(value, int | float) and not isinstance(value, bool)
    }


def _integer(value: Any) -> int | None:
    if isinstance(value, list):
        return len(value)
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _text(value: Any) -> str:
    return "" if value is None else str(value)
