"""The device kinds of the I/O list, and the register layouts that a gateway may have."""

from __future__ import annotations

from collections.abc import Mapping

from controller.interface.catalogue import (
    access,
    boards,
    building,
    doors,
    fire,
    guarding,
    notice,
    watching,
)
from controller.interface.catalogue.notice import HOLDING
from controller.interface.kind import Kind, PointRole
from controller.interface.panels import PANELS

__all__ = [
    "CALL_POINT", "DETECTORS", "FLOW_SWITCH", "HOLDING", "KINDS", "PRESSED", "PROFILES", "RECEIVER",
    "Kind", "PointRole",
]  # fmt: skip

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for trade in (fire, doors, access, notice, watching, guarding, building, boards)
    for kind in trade.KINDS
}

DETECTORS = tuple(kind.name for kind in KINDS.values() if kind.alarm == "detector")
"""Kinds whose alarm counts as a detector; a call point never does."""

CALL_POINT = "call-point"
FLOW_SWITCH = "flow-switch"
"""Water flows to an open sprinkler: nobody has to confirm it."""

PRESSED = (
    "call-point", "panic-button", "panic-pendant", "door-lock", "patrol-checkpoint", "card-reader",
)  # fmt: skip
"""Kinds with something to press; at a door it is the exit button, at a checkpoint a tag, at a
reader a card that nobody knows."""

RECEIVER = "notice-receiver"
"""Who is told of incidents, and may do so over HTTP."""

_BOARDS = dict.fromkeys(board for kind in KINDS.values() for board in kind.boards)
PROFILES = (*_BOARDS, *PANELS)
"""Register layouts a gateway may have: our own boards, and fire panels of other makes."""
