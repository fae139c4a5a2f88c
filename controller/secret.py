"""What two nodes of a pair share: a secret by which each proves to the other who it is.

Both send a number that was never used before and prove over both that they know the secret (HMAC-
SHA256); from then on every line is sealed with a key of this connection and its number in it. So a
stranger can neither lead, nor follow, nor slip a line in, nor play one again; he can read them.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from pathlib import Path

from controller.interface.files import BadFile, Problem
from controller.interface.private import check_private

LEAST_BYTES = 32
_SEAL = 64


class Secret:
    """The secret of a pair."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def proof(self, role: str, asked: str, answered: str) -> str:
        """That the node in this role (`asks`, `answers`) knows the secret, for these numbers."""
        return self._sign(f"{role} {asked} {answered}")

    def holds(self, given: object, role: str, asked: str, answered: str) -> bool:
        """Whether a proof is one."""
        right = self.proof(role, asked, answered)
        return isinstance(given, str) and hmac.compare_digest(given.encode(), right.encode())

    def seal(self, asked: str, answered: str) -> Seal:
        """The seal of one connection."""
        return Seal(bytes.fromhex(self._sign(f"session {asked} {answered}")))

    def _sign(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()


class Seal:
    """Seals the lines of one connection, or breaks their seals, one after the other."""

    def __init__(self, key: bytes) -> None:
        self._key, self._count = key, 0

    def sealed(self, line: bytes) -> bytes:
        """A line (with its end) with its seal in front."""
        return self._next(line).encode() + line

    def broken(self, sealed: bytes) -> bytes | None:
        """The line; None for one that was not sealed as the next of this connection."""
        seal, line = sealed[:_SEAL], sealed[_SEAL:]
        return line if hmac.compare_digest(seal, self._next(line).encode()) else None

    def _next(self, line: bytes) -> str:
        self._count += 1
        number = self._count.to_bytes(8)
        return hmac.new(self._key, number + line, hashlib.sha256).hexdigest()


def number() -> str:
    """A number that was never used before."""
    return secrets.token_hex(16)


def read(path: Path) -> Secret:
    """The secret in a file; BadFile if it cannot be read, others may read it, or it is short."""
    try:
        text = path.read_bytes().strip()
    except OSError as error:
        raise _bad(path, f"the secret of the pair cannot be read: {error.strerror}") from None
    check_private(path, "the secret of the pair")
    if len(text) < LEAST_BYTES:
        how = "make one with `openssl rand -hex 32`"
        raise _bad(path, f"a secret of {len(text)} characters can be guessed: {how}")
    return Secret(text)


def _bad(path: Path, text: str) -> BadFile:
    return BadFile([Problem(str(path), 1, "", text)])
