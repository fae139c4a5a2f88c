"""A signed request of an operator as it travels: the same JSON text over MQTT and HTTP.

`{"v":1,"id","by","verb","target","reason","lasts_ms","t","mac"}`: `t` is UTC in ms, `id` is never
used twice, `mac` is HMAC-SHA256 over the site and all other fields under the operator's key. So it
cannot be changed, sent again, sent later, or taken to another site.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from typing import Any

from controller.interface.bounded import Unreadable, json_object

MOST_REASON = 200
MOST_LASTS_MS = 86_400_000
ASK, ANSWER = "event/ask", "cmd/answer"
"""Leaves of an operator's console, `cs/1/<site>/ctl/<console>/...`: it asks, and is answered."""

_NAME = re.compile(r"[A-Za-z0-9._:#-]{1,64}").fullmatch
_KEYS = ("v", "id", "by", "verb", "target", "reason", "lasts_ms", "t", "mac")
_KEY = re.compile(r"[0-9a-f]{64,128}").fullmatch


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked; `by` is the operator, `t_ms` when (UTC)."""

    id: str
    by: str
    verb: str
    target: str
    reason: str
    lasts_ms: int
    t_ms: int


@dataclass(frozen=True, slots=True)
class Signed:
    """A request with its signature, hex."""

    request: Request
    mac: str


def signature(key: bytes, site: str, request: Request) -> str:
    """HMAC-SHA256 (RFC 2104) over site and request, hex."""
    fields = [
        site, request.id, request.by, request.verb, request.target, request.reason,
        request.lasts_ms, request.t_ms,
    ]  # fmt: skip
    return hmac.digest(key, json.dumps(fields).encode(), "sha256").hex()


def encode(key: bytes, site: str, request: Request) -> str:
    """A signed request as text."""
    body = {
        "v": 1, "id": request.id, "by": request.by, "verb": request.verb,
        "target": request.target, "reason": request.reason, "lasts_ms": request.lasts_ms,
        "t": request.t_ms, "mac": signature(key, site, request),
    }  # fmt: skip
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False)


def decode(text: bytes) -> Signed:
    """A request as it came; Unreadable, with the reason, for anything else."""
    body = json_object(text)
    unknown = sorted(set(body) - set(_KEYS))
    if unknown:
        raise Unreadable(f"unknown key; known: {', '.join(_KEYS)}")
    if body.get("v") != 1:
        raise Unreadable("'v' is not 1")
    request = Request(
        _name(body, "id"), _name(body, "by"), _text(body, "verb", 32), _text(body, "target", 64),
        _text(body, "reason", MOST_REASON), _count(body, "lasts_ms", MOST_LASTS_MS),
        _count(body, "t", 1 << 53),
    )  # fmt: skip
    return Signed(request, _text(body, "mac", 64))


def is_genuine(key: bytes, site: str, signed: Signed) -> bool:
    """Whether the holder of the key signed this, for this site."""
    return hmac.compare_digest(signature(key, site, signed.request), signed.mac)


def key_of(secret: str, site: str, operator: str) -> bytes:
    """An operator's key: 64 or more hex digits are the key, anything else a passphrase (scrypt)."""
    if _KEY(secret):
        return bytes.fromhex(secret)
    salt = f"campus/{site}/{operator}".encode()
    return hashlib.scrypt(secret.encode(), salt=salt, n=1 << 14, r=8, p=1, dklen=32)


def encode_answer(id: str, result: str, text: str) -> str:
    """What became of a request: `ok`, `rejected`, `expired` or `busy`, and why."""
    body = {"id": id, "r": result, "text": text}
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False)


def _name(body: dict[str, Any], key: str) -> str:
    text = _text(body, key, 64)
    if not _NAME(text):
        raise Unreadable(f"{key!r} is not 1 to 64 letters, digits, . _ : # or -")
    return text


def _text(body: dict[str, Any], key: str, most: int) -> str:
    value = body.get(key, "")
    if type(value) is not str or len(value) > most or not value.isprintable():
        raise Unreadable(f"{key!r} is no text of at most {most} characters")
    return value


def _count(body: dict[str, Any], key: str, most: int) -> int:
    value = body.get(key, 0)
    if type(value) is not int or not 0 <= value <= most:
        raise Unreadable(f"{key!r} is no whole number of 0 to {most}")
    return value
