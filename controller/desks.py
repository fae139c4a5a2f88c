"""Orders that guards give at duty desks, in the words `order VERB [TARGET]`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from controller.image import Image
from controller.interface.operation import ORDER, Operation
from controller.interface.points import PointList

DESK_ROLE = "desk"
"""Role of whoever stands at a duty desk of the site; no other path may give it."""


class Desks:
    """Tells an order from one that goes on standing.

    The text stands for some seconds and is retained, so a restart of the controller or the broker
    brings it again. As long as a desk is heard to say nothing else it is the same order; whoever
    means it twice lets go in between.
    """

    def __init__(self, points: PointList, image: Image) -> None:
        self._image = image
        self._desks = [d.id for d in points.devices.values() if d.kind == "duty-desk"]
        self._said: dict[str, tuple[int, str]] = {}

    def orders(self) -> Iterator[Operation]:
        """What has been ordered since the last look, by `DESK#COUNT`."""
        for desk in self._desks:
            text = self._image.good(f"{desk}.seen")
            count, last = self._said.get(desk, (0, ""))
            if not isinstance(text, str) or text == last:
                continue
            count += text.startswith(ORDER)
            self._said[desk] = (count, text)
            if text.startswith(ORDER):
                verb, _, target = text.removeprefix(ORDER).partition(" ")
                yield Operation(f"{desk}#{count}", desk, DESK_ROLE, verb, target, "")

    def capture(self) -> dict[str, Any]:
        """How many orders each desk has given, and what it said last."""
        return {desk: list(said) for desk, said in self._said.items()}

    def restore(self, plain: Mapping[str, Any]) -> None:
        """Take back what was captured."""
        self._said = {desk: (int(count), str(text)) for desk, (count, text) in plain.items()}
