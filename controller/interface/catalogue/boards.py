"""The board itself: what of it is no device, but which controller leads it."""

from __future__ import annotations

from controller.interface.kind import Kind, kind, reads, writes

LAST_EPOCH = 0x7FFF
"""All ones is what a register reads that is not there; no epoch may look like it."""

_PROFILES = (
    "door-board", "sounder-board", "light-board", "gate-board", "guard-board", "air-board",
    "lift-gateway", "power-board",
)  # fmt: skip

_BOARD = kind(
    "io-board", ("Fence of an I/O board", "输入输出板主备围栏"), "board",
    points=[
        writes("epoch", "holding 0", "number of the controller that leads, claimed by each "
               "connection before it writes; lower than `held` is refused (exception 3)",
               span=(1, LAST_EPOCH)),
        reads("held", "input 0", "the highest number claimed; 0: none, and everybody may write"),
        reads("refused", "input 1", "writes refused so far; wraps at 65535"),
    ],
    places="at", boards=dict.fromkeys(_PROFILES, 16),
    comms_lost="keeps its epoch: a connection that has not claimed it may read, not write "
    "(exception 6)",
    power_lost="keeps its epoch",
    clauses=("fencing of a controller that has been replaced; no vendor board has it",),
)  # fmt: skip

KINDS: tuple[Kind, ...] = (_BOARD,)
