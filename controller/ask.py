"""`campus-controller ask VERB [TARGET]`: an operator asks from a shell; `campus-controller key`: a
new entry for operators.yaml.

Exit codes: 0 granted, 1 refused, 2 wrong input, 3 nobody answered.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import secrets
import ssl
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from controller.drivers.entry import Entry
from controller.drivers.routes import answer_topic
from controller.interface.asking import ASK, Request, encode, key_of
from controller.interface.clock import utc_ms
from controller.interface.envelope import Malformed, decode_command, encode_state
from controller.interface.files import nearest
from controller.interface.operation import VERBS
from controller.interface.points import Quality
from controller.interface.topics import CONTROLLER, join

PATIENCE_S = 10.0


class NoAnswer(Exception):  # noqa: N818 - what happened, in the words of the client
    """Nobody answered, and why."""


def main(words: Sequence[str]) -> int:
    """Ask, and say what was answered; the exit code."""
    options = _parser().parse_args(list(words))
    if options.verb not in VERBS:
        close = nearest(options.verb, VERBS)
        hint = f" (did you mean {close!r}?)" if close else f"; known: {', '.join(VERBS)}"
        return _say(f"no such verb: {options.verb!r}{hint}", 2)
    try:
        secret = options.key_file.read_text("utf-8").strip()
    except OSError as error:
        return _say(f"{options.key_file}: the key cannot be read: {error.strerror}", 2)
    request = Request(
        secrets.token_hex(8), options.by, options.verb, options.target, options.reason,
        round(1000 * options.lasts), utc_ms(),
    )  # fmt: skip
    text = encode(key_of(secret, options.site, options.by), options.site, request)
    try:
        send = _over_mqtt if options.mqtt else _over_http
        answer = send(options, text, request)
    except (NoAnswer, OSError, http.client.HTTPException) as error:
        return _say(f"nobody answered: {error}", 3)
    if options.json:
        print(json.dumps(answer))
    else:
        print(f"{answer.get('r')}: {answer.get('text')}")
    return 0 if answer.get("r") == "ok" else 1


def new_key(words: Sequence[str]) -> int:
    """Print a new key, and the line for operators.yaml that goes with it."""
    parser = argparse.ArgumentParser("campus-controller key", description=new_key.__doc__)
    parser.add_argument("operator", help="id: a-z, 0-9 and -")
    parser.add_argument("--role", default="guard")
    options = parser.parse_args(list(words))
    key = secrets.token_hex(32)
    print(f"# for {options.operator}'s key file:\n{key}")
    print("# for operators.yaml, under people:")
    print(f'  - {{id: {options.operator}, role: {options.role}, key: "{key}"}}')
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("campus-controller ask", description="Ask as an operator.")
    add = parser.add_argument
    add("verb", help=", ".join(VERBS))
    add("target", nargs="?", default="", help="zone, device or output; none: the whole site")
    add("--as", dest="by", required=True, help="operator's id")
    add("--site", required=True, help="the site's id, as in points.yaml")
    add("--key-file", type=Path, required=True, help="file with the key or a passphrase")
    add("--reason", required=True, help="why; it goes on record")
    add("--lasts", type=float, default=0, help="seconds, for disable, test and drill")
    add("--http", default="127.0.0.1:8740", help="HOST:PORT of the controller (127.0.0.1:8740)")
    add("--cafile", help="CA of the controller's certificate: ask over TLS")
    add("--mqtt", help="HOST:PORT of the broker: ask over MQTT instead")
    add("--json", action="store_true", help="the answer as JSON")
    return parser


def _over_http(options: argparse.Namespace, text: str, request: Request) -> dict[str, Any]:
    where = options.http
    if options.cafile:
        context = ssl.create_default_context(cafile=options.cafile)
        link: http.client.HTTPConnection = http.client.HTTPSConnection(
            where, timeout=PATIENCE_S, context=context
        )
    else:
        link = http.client.HTTPConnection(where, timeout=PATIENCE_S)
    try:
        link.request("POST", "/v1/operations", text.encode())
        return _answer(link.getresponse().read())
    finally:
        link.close()


def _over_mqtt(options: argparse.Namespace, text: str, request: Request) -> dict[str, Any]:
    """The console has the operator's id; it is answered on its own topic.

    TLS and login of the broker come from CAMPUS_MQTT_TLS, _CAFILE, _USERNAME, _PASSWORD_FILE.
    """
    host, _, port = options.mqtt.rpartition(":")
    if not port.isdecimal():
        raise NoAnswer(f"{options.mqtt!r} is not HOST:PORT")
    console = _Console(options.site, request, text)
    console.client.connect(host or "127.0.0.1", int(port))
    began_ms = utc_ms()
    while not console.answer and utc_ms() - began_ms < 1000 * PATIENCE_S:
        console.client.loop(0.1)
    console.client.disconnect()
    if not console.answer:
        raise NoAnswer(f"no answer within {PATIENCE_S:.0f} s")
    return console.answer


class _Console:
    """One request over MQTT: subscribe to the answer, ask, listen."""

    def __init__(self, site: str, request: Request, text: str) -> None:
        self.answer: dict[str, Any] = {}
        self._site, self._request, self._text = site, request, text
        self.client = client = paho.Client(CallbackAPIVersion.VERSION2, f"ask-{request.id}")
        entry = Entry.of(os.environ)
        if entry.username:
            client.username_pw_set(entry.username, entry.password)
        if entry.tls is not None:
            client.tls_set_context(entry.tls)
        client.on_connect = self._subscribe
        client.on_subscribe = self._ask
        client.on_message = self._hear

    def _subscribe(self, client: paho.Client, *_: Any) -> None:
        client.subscribe(answer_topic(self._site, self._request.by), 1)

    def _ask(self, client: paho.Client, *_: Any) -> None:
        request = self._request
        topic = join(self._site, CONTROLLER[0], request.by, ASK)
        payload = encode_state(request.t_ms, 1, request.id, Quality.GOOD, self._text)
        client.publish(topic, payload, qos=1)

    def _hear(self, _client: paho.Client, _data: Any, message: paho.MQTTMessage) -> None:
        told = _told(bytes(message.payload))
        if told.get("id") == self._request.id:
            self.answer = told


def _told(payload: bytes) -> dict[str, Any]:
    order = decode_command(payload)
    if isinstance(order, Malformed) or not isinstance(order.value, str):
        return {}
    return _answer(order.value.encode())


def _answer(payload: bytes) -> dict[str, Any]:
    try:
        body = json.loads(payload)
    except ValueError:
        raise NoAnswer("what came back is not JSON") from None
    if not isinstance(body, dict):
        raise NoAnswer("what came back is no answer")
    return body


def _say(text: str, code: int) -> int:
    print(f"campus-controller ask: {text}", file=sys.stderr)
    return code
