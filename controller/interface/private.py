"""Files of keys, tokens and secrets are for their owner alone."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from controller.interface.files import BadFile, Problem


def check_private(path: Path, holds: str) -> None:
    """BadFile for a file that others than its owner may read or write; `holds` says of what."""
    if os.name != "posix" or not path.exists():
        return
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        text = f"it holds {holds} and others may read it: chmod 600 {path}"
        raise BadFile([Problem(str(path), 1, "", text)])
