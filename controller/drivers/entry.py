"""How the controller is let in: by the broker, by receivers of notices. Never in points.yaml."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from controller.interface.files import BadFile, Problem
from controller.interface.private import check_private


@dataclass(frozen=True, slots=True)
class Entry:
    """`tls` None: in clear; `username` "": nobody in particular.

    `tokens`: receiver -> the bearer token that it wants; `keys`: receiver -> what signs its
    notices; `notice_tls` None: receivers over https are held against the system's authorities.
    """

    tls: ssl.SSLContext | None = None
    username: str = ""
    password: str = ""
    tokens: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    notice_tls: ssl.SSLContext | None = None

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Entry:
        """From CAMPUS_MQTT_TLS, _CAFILE, _USERNAME, _PASSWORD and _PASSWORD_FILE, and
        CAMPUS_NOTICE_TOKENS_FILE with a line `RECEIVER TOKEN` for each receiver over HTTP,
        CAMPUS_NOTICE_KEYS_FILE with a line `RECEIVER KEY`, and CAMPUS_NOTICE_CAFILE.

        BadFile when a file cannot be read or holds no certificate.
        """
        cafile = given.get("CAMPUS_MQTT_CAFILE", "")
        wanted = cafile or given.get("CAMPUS_MQTT_TLS", "") not in ("", "0")
        password = given.get("CAMPUS_MQTT_PASSWORD", "")
        file = given.get("CAMPUS_MQTT_PASSWORD_FILE", "")
        if file:
            password = _read(file)
        tls = _context(cafile) if wanted else None
        tokens = _by_receiver(given.get("CAMPUS_NOTICE_TOKENS_FILE", ""))
        keys = _by_receiver(given.get("CAMPUS_NOTICE_KEYS_FILE", ""))
        authority = given.get("CAMPUS_NOTICE_CAFILE", "")
        trusted = _context(authority) if authority else None
        return cls(tls, given.get("CAMPUS_MQTT_USERNAME", ""), password, tokens, keys, trusted)


def _by_receiver(file: str) -> dict[str, str]:
    lines = _read(file).splitlines() if file else []
    return {name: word.strip() for name, _, word in (line.partition(" ") for line in lines)}


def _read(file: str) -> str:
    check_private(Path(file), "a password, tokens or keys")
    try:
        return Path(file).read_text("utf-8").strip()
    except OSError as error:
        raise _bad(file, f"it cannot be read: {error.strerror}") from None


def _context(cafile: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=cafile or None)
    except ssl.SSLError:
        raise _bad(cafile, "no certificate of a CA here (PEM is expected)") from None
    except OSError as error:
        raise _bad(cafile, f"the CA cannot be read: {error.strerror}") from None


def _bad(file: str, text: str) -> BadFile:
    return BadFile([Problem(file, 1, "", text)])
