"""The settings as an annotated file and as a page for administrators, both made from the table.

``python -m labelwright.config.reference`` writes ``config/labelwright.toml`` and
``docs/administrators/settings.md`` below the current folder; a test holds them current.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

from labelwright.config.setting import Setting
from labelwright.config.table import SETTINGS

TITLES = {
    "": "The server",
    "database": "Database",
    "first_user": "The first user",
    "signup": "Sign-up",
    "tokens": "Tokens",
    "session": "Sessions and cookies",
    "csrf": "Forms from other sites",
    "cors": "Scripts of other sites",
    "password": "Passwords",
    "rate": "Guessing",
    "actions": "Bulk actions",
    "upload": "Uploads",
    "import": "Imports",
    "predictions": "Predictions",
    "tasks": "Tasks",
    "exports": "Exports",
    "projects": "Projects",
    "editor": "The labelling page",
    "outbound": "What the server may reach",
    "storage": "Storages",
    "redis": "Redis",
    "data_manager": "Data manager",
    "jobs": "Jobs",
    "log": "Log",
}

FILE_HEAD = """\
# Labelwright's settings, each with its default. Remove the # in front of a key to change it.
#
# This file is read from where LABELWRIGHT_CONFIG points, else from <data folder>/labelwright.toml, else
# from config/labelwright.toml below the current folder. Environment variables win over it
# (LABELWRIGHT_PORT, LABELWRIGHT_DATABASE_URL, ...; Label Studio's names work too), the command line over all.
# `labelwright config` shows every value and where it came from.
"""

PAGE_HEAD = """\
# Settings

Each setting has a default. A value is taken from, the strongest first:

1. an option of the command line;
2. the environment: `LABELWRIGHT_<NAME>` with the name in capitals and `_` for the dot, or one of Label
   Studio's names (also with `LABEL_STUDIO_` or `HEARTEX_` in front); then the file `.env` in the data folder;
3. the file `labelwright.toml`: the one that `LABELWRIGHT_CONFIG` names, else the one in the data folder, else
   `config/labelwright.toml` below the current folder ([annotated defaults](../../config/labelwright.toml)).

An unknown key in the file and a bad value anywhere stop the start, and say what would be right. A variable
that begins with `LABEL_STUDIO_` and means nothing here is a warning. `labelwright config` prints every
setting, its value, and where it came from; passwords and keys are hidden.

A plugin's settings stand in `[plugin.<name>]`.
"""


def toml_file(table: Iterable[Setting] = SETTINGS) -> str:
    """The annotated defaults: every key, switched off by a ``#``."""
    parts = [FILE_HEAD]
    for section, settings in groupby(table, key=lambda setting: setting.section):
        parts.append(f"\n[{section}]\n" if section else "")
        parts.extend(_annotated(setting) for setting in settings)
    return "".join(parts)


def _annotated(setting: Setting) -> str:
    words = textwrap.wrap(setting.help, 108)
    also = f"Also: {', '.join(setting.aliases)}" if setting.aliases else ""
    allowed = f"Must be {setting.allowed}." if setting.choices or setting.kind in ("int", "float") else ""
    lines = [*words, *textwrap.wrap(" ".join(filter(None, (allowed, also))), 108)]
    return "\n" + "".join(f"# {line}\n" for line in lines) + f"#{setting.key} = {_toml(setting.default)}\n"


def _toml(value: Any) -> str:
    if value is None:
        return '""'
    if isinstance(value, dict):
        return "{}"
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)


def page(table: Iterable[Setting] = SETTINGS) -> str:
    """The same as a page of tables."""
    parts = [PAGE_HEAD]
    for section, settings in groupby(table, key=lambda setting: setting.section):
        heading = TITLES.get(section, section)
        parts.append(f"\n## {heading}{f' `[{section}]`' if section else ''}\n")
        parts.append("\n| Setting | Default | What it does | Label Studio's name |\n|---|---|---|---|\n")
        parts.extend(_row(setting) for setting in settings)
    return "".join(parts)


def _row(setting: Setting) -> str:
    default = "" if setting.default in (None, "", (), {}) else f"`{_toml(setting.default)}`"
    aliases = ", ".join(f"`{alias}`" for alias in setting.aliases)
    says_all = setting.kind in ("text", "path", "bool", "list") and not setting.choices
    words = setting.help if says_all else f"{setting.help} Must be {setting.allowed}."
    return f"| `{setting.name}` | {default} | {words} | {aliases} |\n"


def write(root: Path) -> None:
    for name, text in (("config/labelwright.toml", toml_file()), ("docs/administrators/settings.md", page())):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")


if __name__ == "__main__":
    write(Path.cwd())
