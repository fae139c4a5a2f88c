"""The progress bar of a search, on stderr; silent in a pipe."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.progress import Progress


class Bar:
    """A bar over so many steps, with what is being done."""

    def __init__(self, total: int) -> None:
        shown = sys.stderr.isatty()
        self._bar = Progress(console=Console(stderr=True), transient=True, disable=not shown)
        self._task = self._bar.add_task("", total=total)

    def __enter__(self) -> Bar:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def say(self, text: str) -> None:
        """Tell what is being done now."""
        self._bar.update(self._task, description=text)

    def step(self, count: int) -> None:
        """So many steps more are done."""
        self._bar.advance(self._task, count)

    def turn(self, text: str) -> None:
        """One step more, of what is told."""
        self._bar.update(self._task, description=text, advance=1)
