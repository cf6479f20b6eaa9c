"""What a plugin says of itself in a file, so that it is known before any of its code runs.

``labelwright-plugin.json`` lies in the plugin's package and is written from the code by ``labelwright plugin
manifest``; nobody edits it. At start it is found through the import system's finders (editable installs included)
without importing the package: a plugin that would break at import can still be named, disabled or refused.
"""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from labelwright import capabilities

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
"""Of a plugin: it is part of addresses, settings and file names."""
FILE_NAME = "labelwright-plugin.json"
API_VERSION = "1.1"
"""Of ``labelwright.api``: the second number grows with additions, the first when something is taken away."""


class InvalidManifest(Exception):
    """A manifest is missing or cannot be used; the message says where and what would be right."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a plugin is, in words and names."""

    name: str
    """The entry point's name: ``tag_image``; what stands before the first underscore is the kind."""
    title: str
    """English msgid."""
    description: str
    """English msgid."""
    api: str
    """The versions of ``labelwright.api`` it works with: ``>=1.0,<2``."""
    hooks: tuple[str, ...] = ()
    """The hooks it implements; one of ``check_`` makes it a guard."""
    provides: tuple[str, ...] = ()
    """Capabilities it offers."""
    requires: tuple[str, ...] = ()
    """Capabilities without which it cannot work."""

    @property
    def kind(self) -> str:
        return self.name.partition("_")[0]

    @property
    def guards(self) -> tuple[str, ...]:
        """The ``check_`` hooks it implements; without it these questions have no answer."""
        return tuple(hook for hook in self.hooks if hook.startswith("check_"))

    def accepts(self, api_version: str) -> bool:
        return Version(api_version) in SpecifierSet(self.api)

    def dumps(self) -> str:
        """The file's text."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2) + "\n"


def parse(text: str | bytes) -> Manifest:
    """Read a manifest.

    :raises InvalidManifest: if it is no JSON, or a field is missing, unknown or of the wrong form.
    """
    try:
        facts = json.loads(text)
    except ValueError as error:
        raise InvalidManifest(f"{FILE_NAME} is not JSON: {error}") from error
    if not isinstance(facts, dict):
        raise InvalidManifest(f"{FILE_NAME} must hold one JSON object")
    known = [field.name for field in fields(Manifest)]
    if unknown := sorted(set(facts) - set(known)):
        raise InvalidManifest(
            f"{FILE_NAME} has the unknown field {unknown[0]!r}; allowed are {', '.join(known)}"
        )
    return Manifest(
        name=_name(facts),
        title=_text(facts, "title"),
        description=_text(facts, "description"),
        api=_range(_text(facts, "api")),
        hooks=_names(facts, "hooks"),
        provides=_capabilities(facts, "provides"),
        requires=_capabilities(facts, "requires"),
    )


def locate(module: str) -> Path:
    """The folder of an entry point's module, without importing it.

    Only the top-level name is looked up, because looking up a name below it would import what is above.

    :param module: the entry point's value: ``labelwright_tag_image`` or ``acme.labels``.
    :raises InvalidManifest: if there is no such package.
    """
    top, *below = module.partition(":")[0].split(".")
    spec = importlib.util.find_spec(top)
    if spec is None or not spec.submodule_search_locations:
        raise InvalidManifest(
            f"{top!r} is not a package: a plugin is a folder with an __init__.py and a {FILE_NAME}"
        )
    for root in spec.submodule_search_locations:
        folder = Path(root, *below)
        if folder.is_dir():
            return folder
    raise InvalidManifest(f"{module!r} is not a folder in the package {top!r}")


def read(folder: Path) -> Manifest:
    """The manifest in a plugin's folder.

    :raises InvalidManifest: if it is missing or cannot be used.
    """
    try:
        return parse((folder / FILE_NAME).read_bytes())
    except FileNotFoundError as error:
        raise InvalidManifest(
            f"{FILE_NAME} is missing; write it with: labelwright plugin manifest {folder.name}"
        ) from error


def _text(facts: Mapping[str, Any], field: str) -> str:
    value = facts.get(field)
    if not isinstance(value, str) or not value.strip():
        raise InvalidManifest(f"{FILE_NAME}: {field!r} must be a text")
    return value


def _name(facts: Mapping[str, Any]) -> str:
    name = _text(facts, "name")
    if not NAME.fullmatch(name):
        raise InvalidManifest(
            f"{FILE_NAME}: 'name' must be lower case words with _ between them, not {name!r}"
        )
    return name


def _names(facts: Mapping[str, Any], field: str) -> tuple[str, ...]:
    value = facts.get(field, [])
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise InvalidManifest(f"{FILE_NAME}: {field!r} must be a list of texts")
    return tuple(value)


def _capabilities(facts: Mapping[str, Any], field: str) -> tuple[str, ...]:
    try:
        return tuple(capabilities.check(_names(facts, field)))
    except ValueError as error:
        raise InvalidManifest(f"{FILE_NAME}: {field!r}: {error}") from error


def _range(text: str) -> str:
    try:
        SpecifierSet(text)
    except InvalidSpecifier as error:
        raise InvalidManifest(
            f"{FILE_NAME}: 'api' must be a range such as '>=1.0,<2', not {text!r}"
        ) from error
    return text
