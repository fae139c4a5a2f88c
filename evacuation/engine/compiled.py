"""Compiles kernels, and keeps them in a cache that goes stale when any kernel changes.

Numba looks at the file of a cached function only, not at the files of what it calls. So the
cache folder is named by a hash of all kernel sources beside it: an edited callee means a new
folder. Kernels call none of another package.
"""

import os
import platform
import tempfile
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core import config as settings
from numba.core import types

F = TypeVar("F", bound=Callable[..., Any])
SOURCES = Path(__file__).parent


def fingerprint(sources: Path = SOURCES) -> str:
    """Return the hash of a package's kernels, this file and the compiler, as 16 hex digits."""
    digest = sha256(f"{numba.__version__}/{platform.python_version()}".encode())
    for path in sorted({*sources.glob("*.py"), Path(__file__)}):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def cache_folder(sources: Path = SOURCES) -> Path:
    """Return the folder of a package's kernels: NUMBA_CACHE_DIR, else the user's cache."""
    home = os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME")
    base = Path(home) if home else Path.home() / ".cache"
    folder = base / "campus-twin" / fingerprint(sources)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        folder = Path(tempfile.gettempdir()) / "campus-twin" / folder.name
    return folder


FOLDER = cache_folder()
INNER = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def entry(function: F) -> F:
    """Compile a kernel that Python calls (no Python objects, no fastmath); cached on disk."""
    return _compile(function, no_cfunc_wrapper=True)


def kernel(function: F) -> F:
    """Compile a kernel that only kernels call: without the wrappers, which take longest."""
    return _compile(function, **INNER)


def inlined(function: F) -> F:
    """Compile a small kernel into its callers."""
    return _compile(function, forceinline=True, **INNER)


def _unspecialised(dispatcher: Any) -> Any:
    """Compile once for all integers: a kernel called with constants 0, 1 and 2 is one kernel."""
    template, general = dispatcher.get_call_template, cast(Any, types).unliteral

    def plain(args: Any, kws: Any) -> Any:
        return template([general(a) for a in args], {k: general(a) for k, a in kws.items()})

    dispatcher.get_call_template = plain
    return dispatcher


def _compile(function: F, **options: bool) -> F:
    """Compile without reference counts: kernels allocate nothing, and counting every array at
    every call costs ten times what the kernels do.
    """
    config: Any = settings
    jit: Any = numba.njit
    before = config.CACHE_DIR
    config.CACHE_DIR = str(cache_folder(Path(function.__code__.co_filename).parent))
    try:
        return cast(F, _unspecialised(jit(cache=True, _nrt=False, **options)(function)))
    finally:
        config.CACHE_DIR = before
