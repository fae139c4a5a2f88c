"""What a bad network does in simulated time: counted by hand from delay, size and rate."""

from __future__ import annotations

from controller.interface.envelope import encode_command
from controller.interface.modbus import Request, encode_adu, encode_request
from tests.devices.plant import SLICE_MS, Plant

READ = bytes.fromhex("000100000006010300000003")
REPLY_BYTES = 15
STATUS = "cs/1/plant/sign/sign-1/status"
SHOW = "cs/1/plant/sign/sign-1/cmd/show"


def answered_after(plant: Plant, frame: bytes = READ, gateway: str = "fire") -> int:
    """Ask now; how many ms until the reply goes out, looking every ms."""
    server, asked = plant.bank.gateways[gateway], plant.now
    assert server.receive(1, frame, asked) is None, "the network holds it"
    for now in range(asked, asked + 5000):
        plant.bank.apply(now)
        if server.due(now):
            plant.now = now + 1
            return now - asked
    raise AssertionError("never answered")


def test_latency_counts_both_ways(plant: Plant) -> None:
    plant.fault("fire", "latency", delay_ms=120)
    assert answered_after(plant) == 240
    plant.mend("fire", "latency")
    assert plant.bank.gateways["fire"].receive(1, READ, plant.now) is not None


def test_a_write_acts_when_it_arrives_and_is_answered_as_long_after(plant: Plant) -> None:
    plant.fault("doors", "latency", delay_ms=500)
    gateway, asked = plant.bank.gateways["doors"], plant.now
    gateway.receive(1, encode_adu(1, 1, encode_request(Request(5, 1, 1, (1,)))), asked)
    assert not gateway.due(asked + 499)
    assert not gateway.writes
    assert not gateway.due(asked + 500)
    assert [write.raw for write in gateway.writes] == [1]
    assert not gateway.due(asked + 999)
    assert len(gateway.due(asked + 1000)) == 1


def test_a_lost_segment_costs_a_second_each_way(plant: Plant) -> None:
    plant.fault("fire", "loss", value=1.0)
    assert answered_after(plant) == 2000


def test_jitter_is_bounded_and_keeps_order(plant: Plant) -> None:
    plant.fault("fire", "jitter", delay_ms=200)
    trips = [answered_after(plant) for _ in range(40)]
    assert 0 < min(trips) < 150
    assert 250 < max(trips) <= 401, "two ways of up to 200 ms, each rounded up"
    gateway, start = plant.bank.gateways["fire"], plant.now
    for number in range(1, 30):
        gateway.receive(1, number.to_bytes(2) + READ[2:], start)
    came = [o.pieces[0][:2] for now in range(start, start + 500) for o in gateway.due(now)]
    assert came == [number.to_bytes(2) for number in range(1, 30)]


def test_bandwidth_is_a_matter_of_bytes(plant: Plant) -> None:
    plant.fault("fire", "bandwidth", value=100)
    assert answered_after(plant) == 10 * (len(READ) + REPLY_BYTES)


def test_two_faults_of_one_network_add_up(plant: Plant) -> None:
    plant.fault("fire", "latency", delay_ms=100)
    plant.fault("fire", "loss", value=1.0)
    assert answered_after(plant) == 2200
    plant.mend("fire", "loss")
    assert answered_after(plant) == 200


def test_what_is_under_way_arrives_when_the_network_is_mended(plant: Plant) -> None:
    plant.fault("fire", "latency", delay_ms=2000)
    gateway = plant.bank.gateways["fire"]
    gateway.receive(1, READ, plant.now)
    plant.mend("fire", "latency")
    assert len(gateway.due(plant.now)) == 1


def test_a_half_open_gateway_takes_masters_and_hears_nothing(plant: Plant) -> None:
    plant.fault("fire", "half-open")
    gateway = plant.bank.gateways["fire"]
    assert gateway.receive(1, READ, plant.now) is None
    assert gateway.connect(2), "whoever connects is none the wiser"
    assert not gateway.due(plant.now + 60_000)
    plant.mend("fire", "half-open")
    assert gateway.receive(1, READ, plant.now) is not None
    assert not gateway.due(plant.now + 60_000), "what was sent before is lost"


def said(plant: Plant, topic: str = STATUS) -> list[bytes]:
    """What a listener has heard since the last call."""
    if not plant.exchange.connected("ear"):
        plant.exchange.connect("ear", None, (topic,))
    return [payload for name, payload in plant.exchange.take("ear") if name == topic]


def test_messages_of_a_slow_network_come_late_with_their_own_time(plant: Plant) -> None:
    plant.run(3)
    said(plant, "cs/1/plant/sign/sign-1/hb")
    plant.fault("sign-1", "latency", delay_ms=700)
    begun = plant.now
    plant.run(5)
    beats = [int(body[5:].split(b",")[0]) for body in said(plant, "cs/1/plant/sign/sign-1/hb")]
    late = [t for t in beats if t > begun]
    assert late == sorted(late)
    assert plant.now - 1000 - 700 - SLICE_MS <= late[-1] <= plant.now - 700


def test_a_command_over_a_slow_network_is_obeyed_late_or_has_expired(plant: Plant) -> None:
    plant.fault("sign-1", "latency", delay_ms=1500)
    for number, (ttl_ms, result) in enumerate(((5000, "ok"), (1000, "expired"))):
        at = plant.now
        body = encode_command(f"o#{number}", "left", 2, ttl_ms, at)
        plant.exchange.connect("desk", None, ("cs/1/plant/sign/sign-1/ack",))
        plant.bank.stations["sign-1"].receive(SHOW, body)
        plant.run(4)
        acks = [p for _, p in plant.exchange.take("desk")]
        assert any(f'"r":"{result}"'.encode() in ack for ack in acks), acks


def test_a_half_open_connection_is_given_up_after_one_and_a_half_keepalives(plant: Plant) -> None:
    plant.run(2)
    said(plant)
    plant.fault("sign-1", "half-open")
    plant.run(14.5)
    assert not said(plant), "nobody is told"
    plant.run(1)
    assert [b'"lost"' in body for body in said(plant)] == [True], "the will"
    plant.run(30)
    assert not said(plant), "it does not get through"
    plant.mend("sign-1", "half-open")
    plant.run(2)
    assert b'"ready"' in said(plant)[-1]


def test_what_was_lost_in_a_short_half_open_spell_is_said_again(plant: Plant) -> None:
    plant.run(2)
    plant.fault("sign-1", "half-open")
    plant.run(5)
    said(plant)
    plant.mend("sign-1", "half-open")
    plant.run(2)
    assert [b'"lost"' in b for b in said(plant)] == [True, False], "a new connection, all states"


def test_a_reset_mqtt_connection_is_lost_once(plant: Plant) -> None:
    plant.run(2)
    said(plant)
    plant.fault("sign-1", "reset")
    plant.run(10)
    assert [b'"lost"' in body for body in said(plant)] == [True, False]
