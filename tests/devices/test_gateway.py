"""Register maps and the answers of a strict Modbus server, byte for byte."""

from __future__ import annotations

import pytest

from controller.interface.modbus import Reply, Request
from tests.devices.plant import Plant


def raw(plant: Plant, gateway: str, pdu: str, unit: int = 1) -> str:
    """Send a PDU in hex; the reply's PDU in hex."""
    body = bytes.fromhex(pdu)
    head = (0x0102).to_bytes(2) + bytes(2) + (len(body) + 1).to_bytes(2) + bytes([unit])
    answer = plant.bank.gateways[gateway].receive(9, head + body, plant.now)
    assert answer is not None
    assert answer[:4] == bytes.fromhex("01020000")
    assert answer[6] == unit
    assert int.from_bytes(answer[4:6]) == len(answer) - 6
    return answer[7:].hex()


GOLDEN = [
    ("fire", "0300000003", "0306140014001400", "three normal detectors"),
    ("fire", "0300d20001", "03021400", "call point, module 11 of loop 1, at 199 + 11"),
    ("fire", "0300030001", "030200ff", "a detector that is not programmed"),
    ("fire", "0301900001", "030200ff", "loop 2 begins at 400"),
    ("doors", "0200000009", "02020300", "contact and bolt on, fire input off"),
    ("doors", "0100000002", "010100", "no unlock command"),
    ("lights", "0400000001", "04020064", "battery 100 percent"),
    ("gate", "0200000003", "020104", "turnstile not freed, bollard up"),
]


@pytest.mark.parametrize(("gateway", "asked", "answer", "say"), GOLDEN)
def test_golden_words(plant: Plant, gateway: str, asked: str, answer: str, say: str) -> None:
    assert raw(plant, gateway, asked) == answer, say


def test_golden_alarm_word(plant: Plant) -> None:
    plant.bank.press(plant.now, "mcp-1")
    plant.run(3)
    assert raw(plant, "fire", "0300d20001") == "03020c01", "bits 11 and 10 and the event type"


EXCEPTIONS = [
    ("fire", "030fa00001", "8302", "one past the last holding register"),
    ("fire", "030f9f0001", "030200ff", "the last holding register"),
    ("fire", "030f9f0002", "8302", "a range that runs out"),
    ("fire", "0400100001", "8402", "one past the last input register"),
    ("doors", "0200300001", "8202", "one past the last discrete input"),
    ("fire", "0300000000", "8303", "nothing asked"),
    ("fire", "030000007e", "8303", "126 registers"),
    ("doors", "02000007d1", "8203", "2001 bits"),
    ("doors", "0500011234", "8503", "a coil that is neither on nor off"),
    ("doors", "0f000007b1f7" + "00" * 247, "8f03", "1969 coils"),
    ("doors", "0f0000000301", "8f03", "bytes are missing"),
    ("fire", "0100000001", "8101", "a fire panel has no coils"),
    ("fire", "0f000000010101", "8f01", "a fire panel takes no block writes"),
    ("doors", "0700", "8701", "unknown function"),
    ("doors", "6401", "e401", "user-defined function"),
    ("doors", "2b0d00", "ab01", "other encapsulated transport"),
]


@pytest.mark.parametrize(("gateway", "asked", "answer", "say"), EXCEPTIONS)
def test_exceptions(plant: Plant, gateway: str, asked: str, answer: str, say: str) -> None:
    assert raw(plant, gateway, asked) == answer, say


def test_unknown_units_no_path_where_configured_no_answer_behind_a_bus(plant: Plant) -> None:
    assert raw(plant, "fire", "0300000001", unit=9) == "830a"
    assert raw(plant, "doors", "0200000001", unit=9) == "820b"


@pytest.mark.parametrize("unit", [0, 255])
def test_unit_0_and_255_are_the_tcp_device_itself(plant: Plant, unit: int) -> None:
    assert raw(plant, "fire", "0300000001", unit=unit) == "03021400"


def test_a_detector_register_cannot_be_written_and_keeps_its_value(plant: Plant) -> None:
    assert raw(plant, "fire", "0600000c01") == "8602"
    assert raw(plant, "fire", "0300000001") == "03021400"


def test_a_refused_block_write_writes_nothing(plant: Plant) -> None:
    assert raw(plant, "lights", "10000000020400010005") == "1000000002", "spare registers"
    assert raw(plant, "lights", "10000000020400040007") == "9003", "mode takes 0 to 3"
    assert raw(plant, "lights", "0300000002") == "030400010005"


def test_a_reset_takes_1_and_nothing_else(plant: Plant) -> None:
    assert raw(plant, "fire", "0600c90007") == "8603"
    assert raw(plant, "fire", "0600c90001") == "0600c90001"


def test_a_block_write_releases_two_doors_at_once(plant: Plant) -> None:
    request = Request(15, 0, 18, (0, 1, *([0] * 15), 1))
    assert plant.request("doors", request) == Reply(15, address=0, count=18)
    plant.run(1)
    assert (plant.read("lock-1.bolt"), plant.read("lock-2.bolt")) == (0, 0)


def test_device_identification_names_the_product(plant: Plant) -> None:
    reply = plant.request("fire", Request(43, 1, 0))
    assert reply.objects[1] == (1, "loop panel gateway")


def test_a_slow_gateway_answers_late_with_what_is_true_then(plant: Plant) -> None:
    gateway = plant.bank.gateways["doors"]
    plant.bank.fault(plant.now, "doors", "slow", delay_ms=3000)
    read = bytes.fromhex("00010000000601") + bytes.fromhex("0200010001")
    write = bytes.fromhex("00020000000601") + bytes.fromhex("050001ff00")
    asked = plant.now
    assert gateway.holds
    assert gateway.receive(1, read, asked) is None
    assert gateway.receive(1, write, asked + 250) is None
    assert (gateway.requests, gateway.replies) == (2, 0)
    assert gateway.next_wake() == asked + 3000
    assert gateway.due(asked + 2999) == []
    assert [reply.hex() for _, (reply,), _ in gateway.due(asked + 3000)] == ["00010000000401020101"]
    assert gateway.replies == 1
    assert gateway.writes == [], "a slow gateway writes late too"
    assert len(gateway.due(asked + 3250)) == 1
    assert len(gateway.writes) == 1
    said = [d["what"] for _, _, k, e, d in plant.records if (k, e) == ("reply", "doors")]
    assert said == ["held", "held", "late", "late"]


def test_a_gateway_that_recovers_first_answers_what_it_held(plant: Plant) -> None:
    gateway = plant.bank.gateways["doors"]
    plant.bank.fault(plant.now, "doors", "slow", delay_ms=3000)
    gateway.receive(1, bytes.fromhex("000100000006010200010001"), plant.now)
    plant.bank.clear(plant.now + 500, "doors", "slow")
    assert not gateway.holds
    assert len(gateway.due(plant.now + 500)) == 1


def test_a_gateway_that_is_off_takes_nobody_and_forgets_what_it_held(plant: Plant) -> None:
    gateway = plant.bank.gateways["doors"]
    plant.bank.fault(plant.now, "doors", "slow", delay_ms=3000)
    gateway.receive(1, bytes.fromhex("000100000006010200010001"), plant.now)
    plant.bank.fault(plant.now, "doors", "off")
    assert gateway.refuses
    assert not gateway.connect(2)
    assert gateway.due(plant.now + 9000) == []
    plant.bank.clear(plant.now, "doors", "off")
    assert gateway.connect(2)


def test_onlookers_are_not_counted_and_leave_a_place_for_the_controller(plant: Plant) -> None:
    gateway = plant.bank.gateways["doors"]
    tape = gateway.tape.hexdigest()
    assert [gateway.connect(n, counted=False) for n in range(10, 14)] == [True, True, True, False]
    gateway.receive(10, bytes.fromhex("000100000006010200010001"), plant.now)
    assert (gateway.requests, gateway.replies, gateway.tape.hexdigest()) == (0, 0, tape)
    assert gateway.connect(1)
    assert not gateway.connect(2), "four masters at most"
    gateway.disconnect(1)
    assert gateway.connect(2)


def test_replies_count_from_the_controllers_latest_connection(plant: Plant) -> None:
    gateway = plant.bank.gateways["doors"]
    read = bytes.fromhex("000100000006010200010001")
    gateway.connect(1)
    gateway.receive(1, read, 0)
    gateway.disconnect(1)
    gateway.connect(2)
    gateway.receive(2, read, 0)
    assert (gateway.requests, gateway.replies) == (2, 1)


def test_the_same_question_gets_what_is_true_now(plant: Plant) -> None:
    """Answers are remembered; a write, and a device that moves, make them forgotten."""
    gateway = plant.bank.gateways["doors"]
    coil, bolt = "01 0001 0001", "02 0001 0001"
    assert [raw(plant, "doors", coil) for _ in range(2)] == [raw(plant, "doors", coil)] * 2
    before = (raw(plant, "doors", coil), raw(plant, "doors", bolt))
    plant.write("lock-1.release", 1)
    assert raw(plant, "doors", coil) != before[0], "written"
    plant.run(3)
    assert raw(plant, "doors", bolt) != before[1], "the bolt has moved"
    asked = gateway.requests
    plant.write("lock-1.release", 1)
    plant.write("lock-1.release", 1)
    assert gateway.requests == asked + 2
    assert len(gateway.writes) == 2, "a write is never taken for one that was made before"
