"""The three hashes by which runs are compared (DESIGN section 4)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any


def file_sha256(path: Path) -> str:
    """Hash of a file's bytes."""
    return sha256(path.read_bytes()).hexdigest()


def journal_sha256(paths: Sequence[Path]) -> str:
    """Hash of the bodies of the journals in the order given; headers and chains left out."""
    digest = sha256()
    for path in paths:
        for line in path.read_bytes().split(b"\n")[1:-1]:
            digest.update(line.rpartition(b',"h":"')[0] + b"}\n")
    return digest.hexdigest()


DECIDED = ("decision", "command", "incident", "notice", "report", "patrol", "level", "duty")


def decisions_sha256(records: Iterable[Mapping[str, Any]]) -> str:
    """Hash of the controller's decisions and commands, and of what its plan decided, in order."""
    digest = sha256()
    for record in records:
        if record["k"] in DECIDED:
            body = {key: value for key, value in record.items() if key not in ("n", "h")}
            digest.update(json.dumps(body, sort_keys=True).encode() + b"\n")
    return digest.hexdigest()


def bytes_sha256(tapes: Mapping[str, str]) -> str:
    """Hash of what crossed each binding: name and digest of every tape, sorted by name."""
    digest = sha256()
    for name in sorted(tapes):
        digest.update(f"{name} {tapes[name]}\n".encode())
    return digest.hexdigest()
