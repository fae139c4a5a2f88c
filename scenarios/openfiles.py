"""The limit on open files, raised where many connections need it."""

from __future__ import annotations

import importlib
import sys


def raise_open_files(needed: int) -> None:
    """Let this process open `needed` files; ValueError says how when it may not."""
    if sys.platform == "win32":
        return  # sockets are not counted there
    resource = importlib.import_module("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft >= needed or soft == resource.RLIM_INFINITY:
        return
    if hard != resource.RLIM_INFINITY and hard < needed:
        raise ValueError(
            f"{needed} open files are needed and this system allows {hard}; "
            f"raise it with `ulimit -Hn {needed}` as root or in limits.conf"
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
