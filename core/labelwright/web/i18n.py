"""The language of what the server itself writes: log-in, sign-up and error pages.

The browser application has its own catalogue; both know a language by the same cookie.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from flask import Response, request

from labelwright.services.context import Caller

LOCALES = ("en", "zh")
LOCALE_COOKIE = "labelwright_locale"
LOCALE_AGE_S = 365 * 86400
THEME_COOKIE = "labelwright_theme"
CATALOGUES = Path(__file__).resolve().parent.parent / "locale"


def locale(caller: Caller | None = None) -> str:
    """The language to answer in: the visitor's choice, now or before, the account's, the browser's, English."""
    for chosen in (
        request.args.get("lang"),
        request.cookies.get(LOCALE_COOKIE),
        caller.locale if caller else None,
    ):
        if chosen in LOCALES:
            return str(chosen)
    wanted = request.accept_languages
    return wanted.best_match([*LOCALES, "zh-CN", "zh-Hans", "zh-SG", "zh-TW", "zh-HK"], default="en")[:2]


def keep_choice(response: Response) -> Response:
    """Remember a language that was chosen by ``?lang=``. Scripts read this cookie too, so it is open to them."""
    chosen = request.args.get("lang")
    if chosen in LOCALES:
        response.set_cookie(
            LOCALE_COOKIE, chosen, max_age=LOCALE_AGE_S, path=request.script_root or "/", samesite="Lax"
        )
    return response


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
