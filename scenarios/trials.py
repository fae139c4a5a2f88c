"""Many runs of several scenarios under many conditions, in processes of their own, each kept.

A trial keeps its manifest and its metrics; its journals are dropped, `twin run` on the scenario
that lies in the folder above makes them again. One that was made by the same files and the same
program is not made again.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path

from controller.interface.clock import wall_ms
from reports.dossier import read_json
from scenarios.alone import alone
from scenarios.folder import write_json
from scenarios.quantity import spoken
from scenarios.rig.failure import RigFailure
from scenarios.run import Order, run
from scenarios.schema import load_scenario

KEPT = ("manifest.json", "metrics.json", "scenario.yaml")
STAMP = "trial.json"
_ROOMS = ("controller", "devices", "evacuation", "reports", "scenarios", "twin")


@dataclass(frozen=True, slots=True)
class Trial:
    """A scenario's file, a seed, and the folder for what is kept of the run; `people`: they and
    the building alone, no devices, no controller.
    """

    scenario: Path
    seed: int
    folder: Path
    people: bool = False

    @property
    def key(self) -> str:
        """A hash of everything that the outcome depends on."""
        inputs = sha256(
            program().encode() + self.scenario.read_bytes() + f"{self.seed} {self.people}".encode()
        )
        site = self.scenario.parent / load_scenario(self.scenario).site
        for path in sorted(site.glob("*")) if site.is_dir() else ():
            inputs.update(path.name.encode() + path.read_bytes() if path.is_file() else b"")
        return inputs.hexdigest()

    @property
    def is_done(self) -> bool:
        """Whether what is kept comes from these files and this program."""
        return bool(read_json(self.folder / STAMP).get("key") == self.key)


@cache
def program() -> str:
    """A hash of the program's text, and of the shipped sites with it."""
    home, digest = Path(__file__).parents[1], sha256()
    for room in _ROOMS:
        for path in sorted((home / room).rglob("*")):
            if path.suffix in (".py", ".yaml"):
                digest.update(str(path.relative_to(home)).encode() + path.read_bytes())
    return digest.hexdigest()


def run_trials(trials: Sequence[Trial], jobs: int, say: str) -> int:
    """Make those that are not kept yet; how many that were. RigFailure names one that failed."""
    due = [trial for trial in trials if not trial.is_done]
    count = Count(say, len(due))
    for failed in _each(due, jobs):
        if failed:
            raise RigFailure(failed)
        count.one()
    return len(due)


def _each(due: Sequence[Trial], jobs: int) -> Iterator[str]:
    workers = min(jobs, len(due))
    if workers <= 1:
        yield from map(make, due)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(make, due)


def make(trial: Trial) -> str:
    """Run one trial; why it failed, or ""."""
    if trial.people:
        shutil.rmtree(trial.folder, ignore_errors=True)
        trial.folder.mkdir(parents=True)
        alone(trial.scenario, trial.seed, trial.folder)
    else:
        error = _whole(trial)
        if error:
            return f"{trial.folder}: {error}"
    for path in trial.folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name not in KEPT:
            path.unlink()
    write_json(trial.folder / STAMP, {"key": trial.key})
    return ""


def _whole(trial: Trial) -> str:
    """Run it with devices and controller; why it failed, or ""."""
    order = Order(trial.scenario, rig="memory", seed=trial.seed, out=trial.folder, report=False)
    return str(run(order).document["error"])


class Count:
    """A line that tells how far a set of trials is; none in a pipe."""

    def __init__(self, say: str, of: int) -> None:
        self._say, self._of, self._done = say, of, 0
        self._start, self._shown = wall_ms(), sys.stderr.isatty()

    def one(self) -> None:
        """One more is done."""
        self._done += 1
        if not self._shown:
            return
        left = (wall_ms() - self._start) / self._done * (self._of - self._done)
        bar = "#" * (20 * self._done // self._of)
        text = f"{self._say:24} [{bar:20}] {self._done} of {self._of}, {spoken(left)} left"
        sys.stderr.write(f"\r\x1b[K{text}" + "\r\x1b[K" * (self._done == self._of))
        sys.stderr.flush()
