"""What a setting is: its name, its default, its words, and how its value is read."""

from __future__ import annotations

import ipaddress
import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

TRUE = frozenset({"1", "true", "yes", "on", "y", "t"})
FALSE = frozenset({"0", "false", "no", "not", "off", "n", "f"})

SIZES = {"": 1, "b": 1, "kb": 1024, "mb": 1024**2, "gb": 1024**3, "tb": 1024**4}
TIMES = {"": 1, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}
QUANTITY = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*", re.IGNORECASE)
HOST_NAME = re.compile(r"(\*\.)?[a-z0-9_]([a-z0-9_.-]*[a-z0-9])?", re.IGNORECASE)
NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that an administrator can decide.

    ``Setting("upload.max_files", 100, "Files in one upload.", minimum=1)`` is the key ``max_files`` of the
    table ``[upload]`` in the file, ``LABELWRIGHT_UPLOAD_MAX_FILES`` in the environment and
    ``settings.upload_max_files`` in Python.

    :param name: snake_case, with its group and a dot before it.
    :param default: ``None`` where the program decides by the circumstances; ``help`` then says how.
    :param help: sentences for an administrator: what it does, and the unit.
    :param kind: one of :data:`KINDS`; found from the default when not given.
    :param choices: the only values allowed, for text; also for each item of a list.
    :param minimum: smallest number, or smallest length of a text.
    :param maximum: greatest number.
    :param aliases: Label Studio's names for it, without ``LABEL_STUDIO_``; read with that prefix, with
        ``HEARTEX_``, and bare.
    :param secret: never printed nor logged.
    :param spellings: other words for a choice, e.g. ``{"default": "postgresql"}``.
    """

    name: str
    default: Any
    help: str
    kind: str = ""
    choices: Sequence[str] = ()
    minimum: float | None = None
    maximum: float | None = None
    aliases: Sequence[str] = ()
    secret: bool = False
    spellings: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is no name for a setting: lower case, digits, _ and dots")
        object.__setattr__(self, "kind", self.kind or _kind_of(self.default))
        if self.kind not in KINDS:
            raise ValueError(f"setting {self.name}: no kind {self.kind!r}; there are {', '.join(KINDS)}")
        if self.default is not None:
            object.__setattr__(self, "default", self.read(self.default))

    @property
    def attribute(self) -> str:
        """Its name in Python, and in ``LABELWRIGHT_<NAME>`` when in capitals."""
        return self.name.replace(".", "_")

    @property
    def section(self) -> str:
        """The table of the file it stands in; empty for the top."""
        return self.name.rpartition(".")[0]

    @property
    def key(self) -> str:
        return self.name.rpartition(".")[2]

    @property
    def variables(self) -> list[str]:
        """The environment variables that set it, the strongest first."""
        prefixed = [
            f"{prefix}{alias}" for alias in self.aliases for prefix in ("LABEL_STUDIO_", "HEARTEX_", "")
        ]
        return list(dict.fromkeys([f"LABELWRIGHT_{self.attribute.upper()}", *prefixed]))

    @property
    def allowed(self) -> str:
        """What a value may be, to follow "must be"."""
        if self.choices:
            words = ", ".join([*self.choices, *(word for word, _ in self.spellings)])
            return f"a list of {words}" if self.kind == "list" else f"one of {words}"
        return KINDS[self.kind].allowed + self._range()

    def _range(self) -> str:
        if self.minimum is None and self.maximum is None:
            return ""
        if self.kind == "text":
            return f" of at least {self.minimum:g} characters"
        if self.maximum is None:
            return f", {self.minimum:g} or more"
        return f" from {self.minimum or 0:g} to {self.maximum:g}"

    def read(self, given: Any) -> Any:
        """The value of a text from the environment, or of a TOML or Python value.

        :raises ValueError: if it is not what :attr:`allowed` says; the text of the error is of no use.
        """
        if given == "" and self.default is None:
            return None
        value = KINDS[self.kind].read(given)
        if self.kind == "text" and self.choices:
            words = {choice.lower(): choice for choice in self.choices} | dict(self.spellings)
            value = words[value.lower()] if value.lower() in words else _refuse()
        if self.kind == "list" and self.choices and not set(value) <= set(self.choices):
            _refuse()
        return value if self._is_within(value) else _refuse()

    def _is_within(self, value: Any) -> bool:
        if isinstance(value, str):
            return not value or self.minimum is None or len(value) >= self.minimum
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return True
        least = -math.inf if self.minimum is None else self.minimum
        return least <= value <= (math.inf if self.maximum is None else self.maximum)


@dataclass(frozen=True, slots=True)
class Kind:
    read: Callable[[Any], Any]
    allowed: str


def _refuse() -> Any:
    raise ValueError


def _kind_of(default: Any) -> str:
    for kind, types in (
        ("bool", bool),
        ("int", int),
        ("float", float),
        ("list", (list, tuple)),
        ("path", Path),
    ):
        if isinstance(default, types):
            return kind
    return "text"


def _text(given: Any) -> str:
    return given if isinstance(given, str) and "\0" not in given else _refuse()


def _bool(given: Any) -> bool:
    if isinstance(given, bool):
        return given
    word = str(given).strip().lower() if isinstance(given, (str, int)) else ""
    return True if word in TRUE else False if word in FALSE else _refuse()


def _int(given: Any) -> int:
    if isinstance(given, bool) or not isinstance(given, (int, str)):
        _refuse()
    return int(given)


def _float(given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, (int, float, str)):
        _refuse()
    number = float(given)
    return number if abs(number) < 1e15 else _refuse()


def _quantity(units: dict[str, int]) -> Callable[[Any], Any]:
    def read(given: Any) -> Any:
        found = QUANTITY.fullmatch(str(given)) if isinstance(given, (int, float, str)) else None
        if found is None or isinstance(given, bool) or found[2].lower() not in units:
            raise ValueError
        number = float(found[1]) * units[found[2].lower()]
        return int(number) if number == int(number) else number

    return read


def _list(given: Any) -> tuple[str, ...]:
    """A list, a JSON list, or words with commas between them."""
    if isinstance(given, str):
        given = json.loads(given) if given.strip().startswith("[") else given.split(",")
    if not isinstance(given, (list, tuple)) or not all(isinstance(item, str) for item in given):
        _refuse()
    return tuple(item.strip() for item in given if item.strip())


def _subnets(given: Any) -> tuple[str, ...]:
    return tuple(str(ipaddress.ip_network(item, strict=False)) for item in _list(given))


def _places(given: Any) -> tuple[str, ...]:
    """Hosts, hosts with a port, ``*.domain``, addresses and CIDRs."""
    return tuple(_place(item) for item in _list(given))


def _place(item: str) -> str:
    try:
        return str(ipaddress.ip_network(item.strip("[]"), strict=False))
    except ValueError:
        parts = urlsplit(f"//{item}")
        host = parts.hostname or ""
        if parts.path or parts.query or parts.username or not (HOST_NAME.fullmatch(host) or ":" in host):
            _refuse()
        return item.lower() if parts.port is None or parts.port else _refuse()


def _url(given: Any) -> str:
    """An http address without query; a slash at its end is cut."""
    text = _text(given).strip().rstrip("/")
    if not text:
        return ""
    parts = urlsplit(text)
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or parts.query
        or parts.fragment
        or parts.username
    ):
        _refuse()
    if parts.port == 0 or re.search(r"[\s\"'<>\\;]|//|/\.\.?(/|$)", text.partition("://")[2]):
        _refuse()
    return text


def _origins(given: Any) -> tuple[str, ...]:
    return tuple(item if urlsplit(_url(item)).path == "" else _refuse() for item in _list(given))


def _patterns(given: Any) -> tuple[str, ...]:
    try:
        return tuple(re.compile(item).pattern for item in _list(given))
    except re.error:
        return _refuse()


def _json(given: Any) -> Any:
    if isinstance(given, str):
        given = json.loads(given) if given.strip() else {}
    return given if isinstance(given, dict) else _refuse()


def _path(given: Any) -> Path | None:
    if given == "":
        return None
    if not isinstance(given, (str, Path)) or "\0" in str(given):
        _refuse()
    return Path(given).expanduser().absolute()


def _email(given: Any) -> str:
    text = _text(given).strip()
    return text if not text or re.fullmatch(r"[^@\s]+@[^@\s]+", text) else _refuse()


KINDS = {
    "text": Kind(_text, "a text"),
    "bool": Kind(_bool, "true or false (also yes/no, on/off, 1/0)"),
    "int": Kind(_int, "a whole number"),
    "float": Kind(_float, "a number"),
    "bytes": Kind(_quantity(SIZES), "a size such as 250MB, or a number of bytes"),
    "seconds": Kind(_quantity(TIMES), "a time such as 30s, 10m, 12h or 14d, or a number of seconds"),
    "list": Kind(_list, "a list (commas between the items in a variable)"),
    "subnets": Kind(_subnets, "a list of networks such as 10.0.0.0/8 or fd00::/8"),
    "places": Kind(
        _places, "a list of hosts (minio.internal, minio:9000, *.corp.example) or networks (10.1.0.0/16)"
    ),
    "url": Kind(
        _url, "an address with its scheme, such as https://label.example.org or https://example.org/label"
    ),
    "origins": Kind(_origins, "a list of origins such as https://app.example.org"),
    "patterns": Kind(_patterns, "a list of regular expressions"),
    "json": Kind(_json, "a JSON object"),
    "path": Kind(_path, "a path"),
    "email": Kind(_email, "an e-mail address"),
}
"""Every kind of value: how it is read, and the words for what it may be."""
