"""Faults of `twin devices`: those of its command line at their time, those of HTTP at once."""

from __future__ import annotations

from collections.abc import Sequence

from controller.interface.points import PointList, Value
from devices.agenda import NEVER
from devices.bank import Bank
from scenarios.faultboard import FaultBoard
from scenarios.injection import parse_injection
from scenarios.schema import Fault

RIG = "wire"


class Stage:
    """Begins and ends faults of a bank, and presses (`scenarios.faultboard.Stage`)."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._turns: dict[tuple[str, str], int] = {}

    def fault(self, now: int, target: str, fault: str, for_ms: int | None, **params: Value) -> None:
        """Begin a fault; one that is begun anew meanwhile is not ended by the first one's end."""
        key = (target, fault)
        turn = self._turns[key] = self._turns.get(key, 0) + 1
        self._bank.fault(now, target, fault, **params)

        def end(at: int) -> None:
            if self._turns[key] == turn and key in self._bank.standing.names():
                self._bank.clear(at, target, fault)

        if for_ms is not None:
            self._bank.agenda.at(now + for_ms, end)

    def clear(self, now: int, target: str, fault: str) -> None:
        """End a fault."""
        self._bank.clear(now, target, fault)

    def press(self, now: int, device: str) -> None:
        """Somebody presses something."""
        self._bank.press(now, device)


def parse_faults(points: PointList, given: Sequence[str]) -> list[tuple[int, Fault]]:
    """When (ms) and what, by time; ValueError with the reason and the nearest word."""
    board = FaultBoard(points, RIG, list)
    found: list[tuple[int, Fault]] = []
    for text in given:
        at_ms, order = parse_injection(text)
        try:
            found += [(at_ms, item) for item in board.checked(order)]
        except ValueError as error:
            raise ValueError(f"--fault {text!r}: {error}") from None
    return sorted(found, key=lambda cue: cue[0])


class Cues:
    """Plays the faults of the command line, and carries out what the board was ordered."""

    def __init__(self, bank: Bank, cues: Sequence[tuple[int, Fault]], board: FaultBoard) -> None:
        self._stage, self._board = Stage(bank), board
        self._cues = list(cues)

    def shape(self, now: int) -> int:
        """Begin what is due at `now`; returns when the next is."""
        while self._cues and self._cues[0][0] <= now:
            _, item = self._cues.pop(0)
            self._stage.fault(now, item.device, item.fault, item.lasts, **item.parameters)
        self._board.play(self._stage, now)
        return self._cues[0][0] if self._cues else NEVER
