"""The fence of a board: an epoch that is old is refused, on every connection, for every output."""

from __future__ import annotations

import pytest

from controller.interface.modbus import (
    BUSY,
    ILLEGAL_VALUE,
    READ_INPUT,
    WRITE_COIL,
    WRITE_REGISTER,
    Reply,
    Request,
    Stream,
    decode_reply,
    encode_adu,
    encode_request,
)
from controller.interface.points import PointList
from devices.bank import Bank
from scenarios.catalog import SITES
from tests.devices.plant import World

BOARD, LOCK = 247, 2
OLD, NEW = 1, 2


class Masters:
    """Connections to one board, by number."""

    def __init__(self) -> None:
        points = PointList.load(SITES / "device-hall" / "points.yaml")
        self.bank = Bank(points, World(), 7, lambda *_, **__: None)
        self.bank.advance(0)
        self.gateway = self.bank.gateways["doors-1"]

    def ask(self, master: int, unit: int, request: Request) -> Reply:
        adu = encode_adu(1, unit, encode_request(request))
        answer = self.gateway.receive(master, adu, 0)
        assert answer is not None
        (frame,) = Stream().feed(answer)
        reply = decode_reply(request, frame.pdu)
        assert isinstance(reply, Reply)
        return reply

    def claim(self, master: int, epoch: int) -> int:
        return self.ask(master, BOARD, Request(WRITE_REGISTER, 0, 1, (epoch,))).exception

    def release(self, master: int, value: int = 1) -> int:
        return self.ask(master, LOCK, Request(WRITE_COIL, 1, 1, (value,))).exception

    def board(self) -> tuple[int, ...]:
        """Epoch in force, writes refused; anybody may read."""
        return self.ask(9, BOARD, Request(READ_INPUT, 0, 2)).values


@pytest.fixture
def masters() -> Masters:
    return Masters()


def test_a_board_that_nobody_claimed_takes_writes_from_everybody(masters: Masters) -> None:
    assert (masters.release(OLD), masters.release(NEW), masters.board()) == (0, 0, (0, 0))


def test_the_newer_claim_shuts_the_older_controller_out_of_every_output(masters: Masters) -> None:
    assert (masters.claim(OLD, 5), masters.release(OLD)) == (0, 0)
    assert masters.claim(NEW, 6) == 0
    assert masters.release(OLD, 0) == BUSY
    assert masters.claim(OLD, 5) == ILLEGAL_VALUE
    assert masters.release(OLD, 0) == BUSY
    assert masters.release(NEW) == 0
    assert masters.board() == (6, 3)


def test_a_new_connection_of_the_same_controller_claims_again(masters: Masters) -> None:
    masters.claim(NEW, 6)
    masters.gateway.disconnect(NEW)
    assert masters.release(3) == BUSY, "it has claimed nothing on this connection"
    assert (masters.claim(3, 6), masters.release(3)) == (0, 0)


def test_the_epoch_outlives_a_power_cut(masters: Masters) -> None:
    masters.claim(NEW, 6)
    masters.gateway.switch(on=False)
    masters.gateway.switch(on=True)
    assert masters.claim(OLD, 5) == ILLEGAL_VALUE
    assert masters.board()[0] == 6


def test_zero_is_no_epoch(masters: Masters) -> None:
    assert masters.claim(OLD, 0) == ILLEGAL_VALUE
    assert masters.board() == (0, 1)
