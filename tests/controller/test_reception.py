"""Requests of operators over MQTT and HTTP: taken in on the scan, answered, all on record."""

from __future__ import annotations

import argparse
import asyncio
import json

import pytest

from controller import ask, doorway, operators
from controller.drivers.http import MOST_BODY, HttpDoor
from controller.interface import envelope
from controller.interface.asking import Request, encode
from controller.interface.files import BadFile
from controller.interface.points import Quality
from controller.reception import MOST
from controller.replay import replay
from controller.site import load
from tests.controller.field import Field
from tests.controller.test_admission import KEY, OTHER, write_operators

ANSWERS = "cs/1/test-school/ctl/phone-7/cmd/answer"
ASKS = "cs/1/test-school/ctl/phone-7/event/ask"


@pytest.fixture
def field(folder):
    write_operators(folder)
    field = Field(load(folder))
    field.until(0)
    return field


def text(id, verb="silence", by="guard-1", key=KEY, target="", t_ms=0):
    request = Request(id, by, verb, target, "drill is over", 0, t_ms)
    return encode(bytes.fromhex(key), "test-school", request)


def publish(field, said, seq=1, topic=ASKS):
    payload = envelope.encode_state(field.now, seq, "p", Quality.GOOD, said)
    field.broker.waiting.append((topic, payload))


def answers(field):
    sent = [envelope.decode_command(p) for t, p in field.broker.sent if t == ANSWERS]
    return [json.loads(order.value) for order in sent]


def on_record(field, kind):
    return [r for r in field.journal.records if r["k"] == kind]


def test_a_request_over_mqtt_is_decided_on_the_scan_and_answered_with_its_id(field):
    publish(field, text("n1"))
    field.until(250)
    (record,) = on_record(field, "operation")
    assert (record["t"], record["what"], record["operator"]) == (250, "silence", "guard-1")
    assert (record["role"], record["reason"]) == ("guard", "drill is over")
    (answer,) = answers(field)
    assert (answer["id"], answer["text"]) == ("n1", record["text"])
    assert answer["r"] == ("ok" if record["granted"] else "rejected")


def test_two_operators_at_once_are_decided_one_after_the_other_in_a_fixed_order(field):
    publish(field, text("b1", by="head-1", key=OTHER), topic=ASKS.replace("phone-7", "phone-9"))
    publish(field, text("a2"), seq=2)
    publish(field, text("a1"), seq=1)
    field.until(250)
    asked = [r["id"] for r in on_record(field, "operation")]
    assert asked == ["guard-1:a1", "guard-1:a2", "head-1:b1"]


def test_a_request_that_came_too_late_is_on_record_answered_and_shown_as_a_fault(field):
    field.until(60_000)
    publish(field, text("old", t_ms=1000))
    field.until(60_250)
    (refusal,) = on_record(field, "refusal")
    assert (refusal["what"], refusal["e"], refusal["forged"]) == ("expired", "guard-1", False)
    assert [a["r"] for a in answers(field)] == ["expired"]
    assert ("operators", "expired") in {(r["e"], r["what"]) for r in on_record(field, "trouble")}


def test_a_request_that_is_repeated_is_decided_once_and_refused_the_second_time(field):
    publish(field, text("n1"), seq=1)
    publish(field, text("n1"), seq=2)
    field.until(250)
    assert len(on_record(field, "operation")) == 1
    (refusal,) = on_record(field, "refusal")
    assert (refusal["e"], refusal["what"], refusal["id"]) == ("guard-1", "rejected", "n1")
    assert [a["id"] for a in answers(field)] == ["n1", "n1"]
    assert ("operators", "forged") in {(r["e"], r["what"]) for r in on_record(field, "trouble")}


@pytest.mark.parametrize(
    "said", ["{", "hello", 7, True, text("x", key=OTHER), text("y", t_ms=90_000)]
)
def test_whatever_comes_is_answered_and_on_record(field, said):
    publish(field, said)
    field.until(250)
    (refusal,) = on_record(field, "refusal")
    (answer,) = answers(field)
    assert answer["text"] == refusal["why"] != ""
    assert refusal["path"] == "mqtt phone-7"


def test_a_flood_is_taken_in_by_and_by(field):
    for number in range(3 * MOST):
        publish(field, text(f"n{number}"), seq=number)
    field.until(250)
    assert len(on_record(field, "operation")) == MOST
    field.until(750)
    assert len(on_record(field, "operation")) == 3 * MOST


def test_the_journal_with_requests_and_refusals_repeats_byte_for_byte(field, tmp_path):
    publish(field, text("n1"))
    publish(field, "junk", seq=2)
    field.boards["fire-1"].words[200] = 0x0C01
    field.until(3000)
    publish(field, text("n2", t_ms=3000), seq=3)
    field.until(120_000)
    path = tmp_path / "controller.jsonl"
    path.write_text("\n".join(field.journal.lines) + "\n")
    found = replay(path, field.site.points, field.site.matrix)
    assert found.line == 0, found
    assert len(on_record(field, "operation")) == 2


def talk(*requests: bytes, scan=None, state=None):
    """Send each on a connection of its own; status and body of every reply."""
    door = HttpDoor(lambda: state or {"faults": []})

    async def one(port: int, request: bytes) -> tuple[int, str]:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        reply = asyncio.ensure_future(reader.read())
        while not reply.done():
            if scan is not None:
                for waiting in door.take(9):
                    waiting.answered.set_result(scan(waiting.text))
            await asyncio.wait([reply], timeout=0.01)
        writer.close()
        head, _, body = (await reply).partition(b"\r\n\r\n")
        return int(head.split()[1]), body.decode()

    async def all_of_them():
        port = await door.open("127.0.0.1", 0, None)
        try:
            return [await one(port, request) for request in requests]
        finally:
            door.close()

    return asyncio.run(all_of_them())


def post(body: bytes, path: str = "/v1/operations", more: str = "") -> bytes:
    return (
        f"POST {path} HTTP/1.1\r\nhost: x\r\n{more}content-length: {len(body)}\r\n\r\n".encode()
        + body
    )


def test_http_hands_the_body_to_the_scan_and_the_answer_back():
    heard = []

    def scan(body):
        heard.append(body)
        return 200, '{"r":"ok"}'

    assert talk(post(b"abc"), scan=scan) == [(200, '{"r":"ok"}')]
    assert heard == [b"abc"]


def test_http_tells_what_stands():
    assert talk(b"GET /v1/state HTTP/1.1\r\n\r\n", state={"faults": [1]}) == [
        (200, '{"faults": [1]}')
    ]


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", 404),
        (b"GET /v1/operations HTTP/1.1\r\n\r\n", 405),
        (b"hello\r\n\r\n", 400),
        (b"\xff\xfe /v1/state HTTP/1.1\r\n\r\n", 400),
        (b"GET /v1/state HTTP/1.1\r\n" + b"a: b\r\n" * 4000 + b"\r\n", 413),
        (post(b"").replace(b"content-length: 0", b"content-length: x"), 400),
        (post(b"").replace(b"content-length: 0", b"content-length: %d" % (MOST_BODY + 1)), 413),
        (post(b"", more="transfer-encoding: chunked\r\n"), 400),
    ],
)
def test_http_refuses_what_it_does_not_take(request_bytes, status):
    ((found, body),) = talk(request_bytes)
    assert found == status
    assert json.loads(body)["r"] == "rejected"


def options(http, cert=None, key=None):
    return argparse.Namespace(http=http, http_cert=cert, http_key=key)


@pytest.mark.parametrize(
    ("http", "said"),
    [
        ("0.0.0.0:8740", "that needs --http-cert and --http-key and an operators.yaml"),
        ("192.0.2.1:8740", "is not this machine"),
        ("8740", "is not HOST:PORT"),
        ("127.0.0.1:99999", "is not HOST:PORT"),
    ],
)
def test_a_door_that_may_not_be_opened_is_refused(site, http, said):
    controller = Field(site).controller
    with pytest.raises(BadFile, match=said):
        asyncio.run(doorway.open_door(options(http), controller))


def test_the_state_names_faults_and_alarms(field):
    field.boards["fire-1"].words[200] = 0x0C01
    field.boards["fire-1"].words[0] = 0
    field.until(500)
    state = doorway.state_of(field.controller)
    assert {"entity": "sd-1.state", "what": "unknown", "since_ms": 500} in state["faults"]
    assert [(a["zone"], a["devices"]) for a in state["alarms"]] == [("a", ["mcp-1"])]


def test_the_client_names_the_nearest_verb(capsys):
    words = ["lokdown", "--as", "g", "--site", "s", "--key-file", "none", "--reason", "r"]
    assert ask.main(words) == 2
    assert "did you mean 'lockdown'?" in capsys.readouterr().err
    assert ask.main(["lockdown", *words[1:]]) == 2
    assert "the key cannot be read" in capsys.readouterr().err


def test_a_new_key_fits_into_the_file(tmp_path, capsys, points):
    assert ask.new_key(["guard-2", "--role", "head"]) == 0
    line = capsys.readouterr().out.splitlines()[-1]
    path = write_operators(tmp_path, f"operators: 1\npeople:\n{line}\n")
    found = operators.load(path).people["guard-2"]
    assert (found.role, len(found.key)) == ("head", 32)
