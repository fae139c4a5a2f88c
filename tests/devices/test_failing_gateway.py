"""What a master receives from a gateway that fails, byte for byte."""

from __future__ import annotations

import pytest

from controller.interface.modbus import Stream
from tests.devices.plant import Plant

ASK = bytes.fromhex("000100000006010300000003")
HONEST = bytes.fromhex("000100000009010306140014001400")


def sent(plant: Plant, fault: str, asks: int = 1, **params: object) -> list[tuple[bytes, ...]]:
    """What goes out for so many requests while the fault stands, request by request."""
    gateway = plant.bank.gateways["fire"]
    plant.bank.fault(plant.now, "fire", fault, **params)
    out: list[tuple[bytes, ...]] = []
    for number in range(1, asks + 1):
        ask = number.to_bytes(2) + ASK[2:]
        assert gateway.receive(1, ask, plant.now) is None, "it waits for the next slice"
        plant.now += 1
        out.append(tuple(p for o in gateway.due(plant.now) for p in o.pieces))
    return out


def test_short_and_extra_bytes(plant: Plant) -> None:
    assert sent(plant, "short", value=4) == [(HONEST[:-4],)]
    plant.bank.clear(plant.now, "fire", "short")
    ((reply,),) = sent(plant, "extra", value=3)
    assert reply[:-3] == HONEST
    assert len(reply) == len(HONEST) + 3


def test_wrong_unit_and_wrong_transaction(plant: Plant) -> None:
    assert sent(plant, "wrong-unit", value=4) == [(HONEST[:6] + b"\x05" + HONEST[7:],)]
    plant.bank.clear(plant.now, "fire", "wrong-unit")
    assert sent(plant, "wrong-transaction") == [(b"\x00\x02" + HONEST[2:],)]


def test_split_gives_every_byte_a_segment(plant: Plant) -> None:
    (pieces,) = sent(plant, "split")
    assert b"".join(pieces) == HONEST
    assert len(pieces) == len(HONEST)


def test_two_replies_in_one_segment(plant: Plant) -> None:
    nothing, (both,) = sent(plant, "merged", asks=2)
    assert nothing == ()
    assert [f.transaction for f in Stream().feed(both)] == [1, 2]


def test_the_reply_to_the_request_before(plant: Plant) -> None:
    replies = sent(plant, "late-to-next", asks=3)
    numbers = [[f.transaction for p in pieces for f in Stream().feed(p)] for pieces in replies]
    assert numbers == [[], [1], [2]]


def test_silence_counts_requests_and_no_replies(plant: Plant) -> None:
    assert sent(plant, "silent", asks=3) == [(), (), ()]
    gateway = plant.bank.gateways["fire"]
    assert (gateway.requests, gateway.replies) == (3, 0)


def test_a_share_of_the_replies_is_lost_the_same_ones_for_the_same_seed(plant: Plant) -> None:
    first = [bool(p) for p in sent(plant, "intermittent", asks=40, value=0.4, seed=5)]
    plant.bank.clear(plant.now, "fire", "intermittent")
    assert 8 <= first.count(False) <= 26
    second = [bool(p) for p in sent(plant, "intermittent", asks=40, value=0.4, seed=5)]
    assert second != first, "the second time is another draw"


def test_the_book_knows_when_a_strict_master_hangs_up(plant: Plant) -> None:
    gateway = plant.bank.gateways["fire"]
    sent(plant, "extra", value=3)
    assert (gateway.replies, gateway.ended) == (1, False), "stray bytes may be a frame's beginning"
    gateway.receive(1, ASK, plant.now)
    gateway.due(plant.now + 1)
    assert gateway.ended, "no frame begins like that"
    assert gateway.connect(2)
    assert not gateway.ended, "another connection, another book"


def test_after_half_a_frame_replies_wait_though_the_fault_is_over(plant: Plant) -> None:
    sent(plant, "short")
    plant.bank.clear(plant.now, "fire", "short")
    assert plant.bank.gateways["fire"].holds


READS = [
    ("exception", {"value": 6}, "fire", "0300000003", "8306"),
    ("map-shift", {"value": 1}, "fire", "0300020002", "030400ff00ff"),
    ("absent-ffff", {}, "fire", "0300030002", "0304ffffffff"),
    ("absent-ffff", {}, "fire", "030fa00001", "0302ffff"),
    ("word-swap", {}, "gate", "0400000002", "040400070000"),
]


@pytest.mark.parametrize(("fault", "params", "gateway", "asked", "answer"), READS)
def test_what_registers_say(
    plant: Plant, fault: str, params: dict[str, object], gateway: str, asked: str, answer: str
) -> None:
    plant.world.values["g1", "passes"] = 7
    plant.run(2)
    plant.bank.fault(plant.now, gateway, fault, **params)
    head = bytes.fromhex("000100000006") + b"\x01"
    reply = plant.bank.gateways[gateway].receive(1, head + bytes.fromhex(asked), plant.now)
    assert reply is not None
    assert reply[7:].hex().startswith(answer)


def test_the_first_read_gives_zeros_and_so_does_one_after_30_s(plant: Plant) -> None:
    plant.bank.fault(plant.now, "fire", "first-read-zero")
    assert plant.ask("fire", 3, 0, 2).values == (0, 0)
    assert plant.ask("fire", 3, 0, 2).values == (0x1400, 0x1400)
    plant.run(31)
    assert plant.ask("fire", 3, 0, 2).values == (0, 0)


def test_a_frozen_image_hides_an_alarm_and_shows_it_when_it_thaws(plant: Plant) -> None:
    plant.bank.fault(plant.now, "fire", "frozen")
    plant.bank.press(plant.now, "mcp-1")
    plant.run(3)
    assert plant.read("mcp-1.state") == 0x1400
    assert plant.read("panel.trouble") == 0
    plant.bank.clear(plant.now, "fire", "frozen")
    assert plant.read("mcp-1.state") == 0x0C01


def test_delayed_registers_show_an_alarm_2_s_later(plant: Plant) -> None:
    plant.bank.fault(plant.now, "fire", "delayed", delay_ms=2000)
    plant.bank.press(plant.now, "mcp-1")
    plant.run(2)
    assert plant.read("mcp-1.state") == 0x1400
    plant.run(2)
    assert plant.read("mcp-1.state") == 0x0C01


def test_a_rebooting_gateway_comes_back_by_itself(plant: Plant) -> None:
    plant.bank.fault(plant.now, "fire", "reboot", delay_ms=5000)
    plant.run(4.5)
    assert plant.bank.gateways["fire"].refuses
    plant.run(1)
    assert not plant.bank.gateways["fire"].refuses
