"""A user name and password for every MQTT client of a site, and the files that brokers read.

Password hashes are Mosquitto's ($7$: PBKDF2-HMAC-SHA512, 101 turns, salt of 12 bytes), so that
Mosquitto and the embedded broker take the same file.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import pbkdf2_hmac
from hmac import compare_digest
from pathlib import Path

from controller.interface.points import PointList
from scenarios.security.acl import CONTROLLER_USER, OBSERVER_USER, acl_text, site_rules

TURNS, SALT_BYTES = 101, 12
PASSWORDS, ACL, ACCOUNTS = "passwords", "acl", "accounts.json"


@dataclass(frozen=True, slots=True)
class Accounts:
    """Passwords by user name; every client's id is its user name."""

    passwords: Mapping[str, str]

    @classmethod
    def make(cls, points: PointList) -> Accounts:
        """New ones for every MQTT device, the controller and an observer."""
        devices = [d.id for d in points.devices.values() if d.bus == "mqtt"]
        names = (*devices, CONTROLLER_USER, OBSERVER_USER)
        return cls({name: secrets.token_urlsafe(18) for name in names})

    @property
    def logins(self) -> dict[str, tuple[str, str]]:
        """Client id -> (user name, password)."""
        return {name: (name, password) for name, password in self.passwords.items()}

    def write(self, folder: Path, points: PointList) -> None:
        """`passwords` and `acl` for the broker, `accounts.json` in clear for the clients.

        Only the owner can read them.
        """
        folder.mkdir(parents=True, exist_ok=True)
        write_private(folder / PASSWORDS, password_file(self.passwords.items()))
        write_private(folder / ACL, acl_text(site_rules(points.site, points.devices.values())))
        write_private(folder / ACCOUNTS, json.dumps(dict(self.passwords), indent=1) + "\n")


def password_file(pairs: Iterable[tuple[str, str]]) -> str:
    """Mosquitto's password file."""
    return "".join(
        f"{user}:{_hashed(word, secrets.token_bytes(SALT_BYTES))}\n" for user, word in pairs
    )


def known(text: str, user: str, password: str) -> bool:
    """Whether a password file holds this pair."""
    for line in text.splitlines():
        name, _, entry = line.partition(":")
        if name == user:
            salt = b64decode(entry.split("$")[3])
            return compare_digest(entry, _hashed(password, salt))
    return False


def without_password(url: str) -> str:
    """A url as it may be shown."""
    return re.sub(r":[^:@/]*@", ":***@", url)


def write_private(path: Path, text: str | bytes) -> None:
    """Write a file that only its owner can read."""
    data = text.encode() if isinstance(text, str) else text
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)


def _hashed(password: str, salt: bytes) -> str:
    digest = pbkdf2_hmac("sha512", password.encode(), salt, TURNS)
    return f"$7${TURNS}${b64encode(salt).decode()}${b64encode(digest).decode()}"
