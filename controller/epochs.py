"""How long a journal can be tied to persons: a secret for each day and class of data.

What a journal keeps of a person is HMAC-SHA256 of his pseudonym under the secret of the day. When
the time of a class is over, the secret of its oldest day is destroyed: what was written that day
stays in the chain, and nobody can say any more whom it names, nor that two days name the same.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from controller.interface.cards import KEY_BYTES, pseudonym_of
from controller.interface.files import BadFile, Problem
from controller.interface.private import check_private

DAY_MS = 86_400_000
HOUR_MS = 3_600_000
SECRETS = ".secrets"
"""Ends the name of the file with the secrets, beside the journal."""

Epoch = tuple[str, int]
"""A class of data and a day (days since 1970, UTC)."""

_HASH = re.compile(r"(?<![\w-])p-[0-9a-f]{20}(?![\w-])")


class Epochs:
    """The secrets in a file that its owner alone may read; `keep_days` by class.

    A class without days is kept as long as the journal. `trouble` says what is wrong with the disk.
    """

    def __init__(self, path: Path, keep_days: Mapping[str, float]) -> None:
        self.trouble = ""
        self._path, self._keep_days = path, keep_days
        self._secrets = dict(_read(path))
        self._hour = -1

    def __iter__(self) -> Iterator[Epoch]:
        return iter(self._secrets)

    def of(self, sort: str, day: int, hidden: str) -> str:
        """What stands in the journal of that day for a pseudonym."""
        if sort not in self._keep_days:
            return hidden
        if (sort, day) not in self._secrets:
            self._secrets[sort, day] = os.urandom(KEY_BYTES)
            self._save()
        return pseudonym_of(self._secrets[sort, day], hidden)

    def expire(self, utc_ms: int) -> list[Epoch]:
        """Destroy what is over; at most a day of each class in an hour.

        So a clock that was set wrong costs little, and a controller that was off catches up.
        """
        hour, self._hour = self._hour, utc_ms // HOUR_MS
        if hour == self._hour:
            return []
        over: dict[str, int] = {}
        for sort, day in sorted(self._secrets, reverse=True):
            if utc_ms - (day + 1) * DAY_MS >= self._keep_days.get(sort, 0) * DAY_MS:
                over[sort] = day
        for one in over.items():
            del self._secrets[one]
        if over:
            self._save()
        return list(over.items())

    def _save(self) -> None:
        """A new file; the old one is overwritten before it goes, as far as the disk does that."""
        lines = [
            json.dumps({"class": sort, "day": day, "secret": secret.hex()})
            for (sort, day), secret in self._secrets.items()
        ]
        part = self._path.with_name(self._path.name + ".part")
        try:
            old = self._path.open("r+b") if self._path.exists() else None
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write("".join(f"{line}\n" for line in lines))
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._path)
            if old is not None:
                with old:
                    old.write(bytes(os.fstat(old.fileno()).st_size))
                    old.flush()
                    os.fsync(old.fileno())
        except OSError as error:
            self.trouble = f"{self._path} cannot be written: {error.strerror or error}"
        else:
            self.trouble = ""


def changed(text: str, into: Callable[[str], str]) -> str:
    """A text with every pseudonym in it changed."""
    return _HASH.sub(lambda found: into(found[0]), text) if "p-" in text else text


def _read(path: Path) -> Iterator[tuple[Epoch, bytes]]:
    """BadFile for a file that is damaged, or that others may read."""
    if not path.exists():
        return
    check_private(path, "the secrets of the journal")
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        try:
            one = json.loads(line)
            yield (str(one["class"]), int(one["day"])), bytes.fromhex(one["secret"])
        except (ValueError, KeyError, TypeError):
            raise BadFile([Problem(str(path), number, "", "not a secret of a day")]) from None
