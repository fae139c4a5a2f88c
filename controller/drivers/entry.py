"""How a broker lets the controller in: TLS, user name, password. Never part of points.yaml."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from controller.interface.files import BadFile, Problem


@dataclass(frozen=True, slots=True)
class Entry:
    """`tls` None: in clear; `username` "": nobody in particular."""

    tls: ssl.SSLContext | None = None
    username: str = ""
    password: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Entry:
        """From CAMPUS_MQTT_TLS, _CAFILE, _USERNAME, _PASSWORD and _PASSWORD_FILE.

        BadFile when a file cannot be read or holds no certificate.
        """
        cafile = given.get("CAMPUS_MQTT_CAFILE", "")
        wanted = cafile or given.get("CAMPUS_MQTT_TLS", "") not in ("", "0")
        password = given.get("CAMPUS_MQTT_PASSWORD", "")
        file = given.get("CAMPUS_MQTT_PASSWORD_FILE", "")
        if file:
            password = _read(file)
        tls = _context(cafile) if wanted else None
        return cls(tls, given.get("CAMPUS_MQTT_USERNAME", ""), password)


def _read(file: str) -> str:
    try:
        return Path(file).read_text("utf-8").strip()
    except OSError as error:
        raise _bad(file, f"the password cannot be read: {error.strerror}") from None


def _context(cafile: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=cafile or None)
    except ssl.SSLError:
        raise _bad(cafile, "no certificate of a CA here (PEM is expected)") from None
    except OSError as error:
        raise _bad(cafile, f"the CA cannot be read: {error.strerror}") from None


def _bad(file: str, text: str) -> BadFile:
    return BadFile([Problem(file, 1, "", text)])
