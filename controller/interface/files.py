"""YAML files in, checked models out: all problems at once, each with its place and a suggestion.

The readers know nothing of what the files mean; the models do (`points`, `people`, `matrix`).
"""

from __future__ import annotations

import difflib
import re
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from types import UnionType
from typing import Any, Protocol, TypeVar, runtime_checkable

from pydantic import BaseModel, ConfigDict, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

Keys = Sequence[str | int]
M = TypeVar("M", bound=BaseModel)
MATRIX_FORMS = (".yaml", ".csv", ".xlsx")
"""How the cause-and-effect matrix of a site may be written."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file: `line` counts from 1, `path` is like `devices[3].portal`."""

    file: str
    line: int
    path: str
    message: str
    suggestion: str = ""

    def __str__(self) -> str:
        hint = f" (did you mean {self.suggestion!r}?)" if self.suggestion else ""
        where = f"{self.file}:{self.line}: {self.path}" if self.path else f"{self.file}:{self.line}"
        return f"{where}: {self.message}{hint}"


class BadFile(Exception):  # noqa: N818 - the word of the field: the file is bad, the program is not
    """A file that cannot be used; `problems` holds every reason found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem before its file and line are known: the keys that lead to it and what is wrong."""

    keys: tuple[str | int, ...]
    message: str
    suggestion: str = ""


@runtime_checkable
class Checked(Protocol):
    """A model that checks itself across its own entries."""

    def findings(self) -> Iterator[Finding]:
        """What is wrong although every entry is well formed."""
        ...


class Entry(BaseModel):
    """A mapping in a file: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word closest to `word`, or "" if nothing is close."""
    close = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return close[0] if close else ""


def matrix_path(folder: Path) -> Path:
    """The matrix of a site in whichever form it is (YAML if none is there); BadFile if several."""
    forms = [folder / f"matrix{suffix}" for suffix in MATRIX_FORMS]
    there = [path for path in forms if path.is_file()]
    if len(there) > 1:
        names = " and ".join(path.name for path in there)
        raise BadFile([Problem(str(there[1]), 1, "", f"{names} both stand here: keep one")])
    return there[0] if there else forms[0]


def read(path: Path) -> Any:
    """The plain content of a YAML 1.2 file; BadFile if missing, unreadable or malformed."""
    try:
        return YAML(typ="safe").load(_text(path))
    except YAMLError as error:
        raise BadFile([_syntax_problem(path, error)]) from None


def line_of(path: Path, keys: Keys) -> int:
    """The line (from 1) where `keys` lead; the nearest parent's where a key is missing. Slow."""
    node = _nodes(_text(path))
    line = 1
    for key in keys:
        if isinstance(node, MappingNode):
            found = next(((k, v) for k, v in node.value if k.value == str(key)), None)
            if found is None:
                return line
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, SequenceNode) and isinstance(key, int) and key < len(node.value):
            node = node.value[key]
            line = node.start_mark.line + 1
        else:
            return line
    return line


def path_of(keys: Keys) -> str:
    """Keys as people write them: `devices[3].portal`."""
    text = ""
    for key in keys:
        text += f"[{key}]" if isinstance(key, int) else (f".{key}" if text else key)
    return text


class Source(Protocol):
    """A file that has been read: its plain content, and where in it something stands."""

    @property
    def raw(self) -> Any:
        """The plain content."""
        ...

    def line(self, keys: Keys) -> int:
        """The line (from 1) where `keys` lead; the nearest parent's where a key is missing."""
        ...

    def path(self, keys: Keys) -> str:
        """Keys as people who write such files name them."""
        ...


class YamlFile:
    """A YAML file as a `Source`."""

    def __init__(self, path: Path) -> None:
        self._file, self.raw = path, read(path)

    def line(self, keys: Keys) -> int:
        """See `line_of`; slow, and only asked when something is wrong."""
        return line_of(self._file, keys)

    def path(self, keys: Keys) -> str:
        """See `path_of`."""
        return path_of(keys)


def load(path: Path, model: type[M]) -> M:
    """The file as a checked model; BadFile with every problem otherwise."""
    return check(path, YamlFile(path), model)


def check(path: Path, source: Source, model: type[M]) -> M:
    """What a file that has been read says, as a checked model; BadFile with every problem."""
    raw = source.raw
    if not isinstance(raw, Mapping):
        raise BadFile([Problem(str(path), 1, "", "expected a mapping at the top of the file")])
    try:
        value = model.model_validate(raw)
    except ValidationError as error:
        raise BadFile(problems(path, _schema_findings(raw, model, error), source)) from None
    if isinstance(value, Checked):
        found = problems(path, value.findings(), source)
        if found:
            raise BadFile(found)
    return value


def problems(
    path: Path, findings: Iterable[Finding], source: Source | None = None
) -> list[Problem]:
    """Findings with their file and line; `source` for files that are not YAML."""
    line = source.line if source is not None else partial(line_of, path)
    name = source.path if source is not None else path_of
    return [
        Problem(str(path), line(f.keys), name(f.keys), f.message, f.suggestion) for f in findings
    ]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BadFile([Problem(str(path), 1, "", "there is no such file")]) from None
    except UnicodeDecodeError:
        raise BadFile([Problem(str(path), 1, "", "this is not UTF-8 text")]) from None
    except OSError as error:
        raise BadFile([Problem(str(path), 1, "", f"cannot be read: {error.strerror}")]) from None


@lru_cache(maxsize=4)
def _nodes(text: str) -> Node | None:
    node: Node | None = YAML(typ="safe").compose(text)
    return node


def _syntax_problem(path: Path, error: YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark is not None else 1
    text = getattr(error, "problem", None) or str(error).splitlines()[0]
    return Problem(str(path), line, "", f"not valid YAML: {text}")


def _schema_findings(raw: object, model: type[BaseModel], error: ValidationError) -> list[Finding]:
    found: dict[str, Finding] = {}
    for item in error.errors(include_url=False, include_context=False):
        keys = _real_keys(raw, item["loc"])
        message, suggestion = item["msg"], ""
        if item["type"] == "extra_forbidden":
            message = f"unknown key {keys[-1]!r}"
            suggestion = nearest(str(keys[-1]), _fields_at(model, keys[:-1]))
        elif item["type"] == "missing":
            message = f"{keys[-1]!r} is missing"
        else:
            if item["type"] == "literal_error":
                suggestion = nearest(str(item["input"]), re.findall("'([^']+)'", message))
            message = message.removeprefix("Value error, ")
            message = f"{message[0].lower()}{message[1:]} (here: {item['input']!r:.60})"
        found.setdefault(path_of(keys), Finding(keys, message, suggestion))
    return list(found.values())


def _real_keys(raw: object, loc: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """`loc` without what pydantic adds for unions: keys that lead somewhere, plus a missing one."""
    keys: list[str | int] = []
    node = raw
    for key in loc:
        if isinstance(node, Mapping):
            keys.append(key)
            node = node.get(key)
        elif isinstance(node, Sequence) and not isinstance(node, str) and isinstance(key, int):
            keys.append(key)
            node = node[key] if key < len(node) else None
        else:
            break
    return tuple(keys)


def _fields_at(model: type[BaseModel], keys: Keys) -> list[str]:
    kind: Any = model
    for key in keys:
        kind = _inner(kind, key)
    chosen = next((k for k in _members(kind) if _is_model(k)), None)
    if chosen is None:
        return []
    return [field.alias or name for name, field in chosen.model_fields.items()]


def _inner(kind: Any, key: str | int) -> Any:
    for member in _members(kind):
        if _is_model(member):
            for name, field in member.model_fields.items():
                if key in (name, field.alias):
                    return field.annotation
        elif typing.get_args(member):
            return typing.get_args(member)[-1 if isinstance(key, str) else 0]
    return None


def _members(kind: Any) -> tuple[Any, ...]:
    if typing.get_origin(kind) in (typing.Union, UnionType):
        return typing.get_args(kind)
    return (kind,)


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
