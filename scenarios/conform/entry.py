"""How the bench gets into a guarded broker: the folder of `twin devices --secure`, or a CA."""

from __future__ import annotations

import json
import ssl
from dataclasses import replace
from pathlib import Path

from scenarios.conform.target import MqttTarget, Target
from scenarios.security.accounts import ACCOUNTS
from scenarios.security.acl import CONTROLLER_USER, OBSERVER_USER
from scenarios.security.names import CA, CERTIFICATES


def enter(target: Target, secure: Path | None, cafile: Path | None) -> Target:
    """Return the target with TLS and accounts; ValueError where they do not fit it."""
    if secure is None and cafile is None:
        return target
    option = "--secure" if secure is not None else "--cafile"
    if not isinstance(target, MqttTarget):
        raise ValueError(
            f"`{option}` is for mqtts://; Modbus/TCP, a printer's serial line and SIP over UDP "
            "know neither accounts nor encryption of ours"
        )
    if secure is None:
        if not target.tls:
            raise ValueError("`--cafile` is for a target at mqtts://; mqtt:// goes without TLS")
        return replace(target, cafile=_authority("--cafile", cafile))
    accounts = _accounts(_file("--secure", secure / ACCOUNTS), target.id)
    authority = cafile or secure / CERTIFICATES / f"{CA}.pem"
    return replace(target, tls=True, cafile=_authority(option, authority), accounts=accounts)


def _file(option: str, path: Path | None) -> Path:
    if path is None or not path.is_file():
        raise ValueError(f"`{option}`: there is no file {path}")
    return path


def _authority(option: str, path: Path | None) -> Path:
    found = _file(option, path)
    try:
        ssl.create_default_context(cafile=found)
    except ssl.SSLError:
        raise ValueError(f"`{option}`: {found} is no certificate in PEM") from None
    return found


def _accounts(path: Path, device: str) -> dict[str, str]:
    """User names and passwords; the bench comes in as controller, observer and device."""
    try:
        accounts = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    if not isinstance(accounts, dict) or not all(isinstance(w, str) for w in accounts.values()):
        raise ValueError(f"{path}: a password by user name is expected")
    missing = [n for n in (CONTROLLER_USER, OBSERVER_USER, device) if n not in accounts]
    if missing:
        raise ValueError(f"{path} has no account for {', '.join(missing)}")
    return accounts
