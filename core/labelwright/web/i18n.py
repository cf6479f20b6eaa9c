"""The language of what the server itself writes: log-in, sign-up and error pages.

The browser application has its own catalogue; both know a language by the same cookie.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from flask import request

from labelwright.services.context import Caller

LOCALES = ("en", "zh")
LOCALE_COOKIE = "labelwright_locale"
THEME_COOKIE = "labelwright_theme"
CATALOGUES = Path(__file__).resolve().parent.parent / "locale"


def locale(caller: Caller | None = None) -> str:
    """The language to answer in: the visitor's choice, the account's, the browser's, English."""
    for chosen in (request.cookies.get(LOCALE_COOKIE), caller.locale if caller else None):
        if chosen in LOCALES:
            return str(chosen)
    wanted = request.accept_languages
    return wanted.best_match([*LOCALES, "zh-CN", "zh-Hans", "zh-SG", "zh-TW", "zh-HK"], default="en")[:2]


def theme() -> str:
    """``light`` or ``dark`` where the visitor chose; empty to follow the system."""
    chosen = request.cookies.get(THEME_COOKIE, "")
    return chosen if chosen in ("light", "dark") else ""


def gettext(msgid: str, /, **params: object) -> str:
    """An English sentence in the visitor's language; ``{name}`` in it stands for a parameter."""
    return translated(msgid, locale(), **params)


def translated(msgid: str, language: str, /, **params: object) -> str:
    text = catalogue(language).get(msgid) or msgid
    for name, value in params.items():
        text = text.replace("{" + name + "}", str(value))
    return text


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """English sentence to its translation; empty for English."""
    path = CATALOGUES / f"{language}.json"
    if not path.exists():
        return {}
    found: dict[str, str] = json.loads(path.read_text("utf-8"))
    return found
