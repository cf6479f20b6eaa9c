"""Passwords: how they are hashed, checked and chosen."""

from __future__ import annotations

import base64
import hashlib
import hmac
import importlib.util
import os
import runpy
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from labelwright.errors import InvalidFields

LONGEST = 128
COMMONEST = 3000
MOST_ITERATIONS = 5_000_000
"""A hash that asks for more rounds than this was not made by anybody's log-in, but to keep us busy."""

HASHED_AT_ONCE = 2
"""Each thread that has hashed keeps its 19 MiB: sixteen of them would keep 300."""

# 19 MiB and two passes, as OWASP advises: some 25 ms.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_password(password: str) -> str:
    """The argon2id hash to store."""
    return _hashing(os.getpid()).submit(_hasher.hash, password).result()


def verify(password: str, stored: str | None) -> bool:
    """Whether this is the password.

    :param stored: an argon2id hash, or a ``pbkdf2_sha256$...`` one brought along from Label Studio. ``None`` or
        empty for an account that does not exist: the same work is done, so that time does not tell.
    """
    if stored and stored.startswith("pbkdf2_sha256$"):
        return _verify_pbkdf2(password, stored)
    if stored and stored.startswith("$argon2"):
        return _verify_argon2(password, stored)
    _verify_argon2(password, _hash_of_nobody())
    return False


def needs_rehash(stored: str) -> bool:
    """Whether a hash is older or weaker than those we make now; ask after :func:`verify` said yes."""
    if not stored.startswith("$argon2"):
        return True
    return _hasher.check_needs_rehash(stored)


@cache
def _hashing(_process: int) -> ThreadPoolExecutor:
    """The threads that hash, of one process: they do not survive a fork."""
    return ThreadPoolExecutor(HASHED_AT_ONCE, "passwords")


def _verify_argon2(password: str, stored: str) -> bool:
    try:
        return _hashing(os.getpid()).submit(_hasher.verify, stored, password).result()
    except (VerificationError, InvalidHashError):
        return False


def _verify_pbkdf2(password: str, stored: str) -> bool:
    try:
        _, rounds, salt, expected = stored.split("$")
        iterations, digest = int(rounds), base64.b64decode(expected, validate=True)
    except ValueError:
        return False
    if not 0 < iterations <= MOST_ITERATIONS:
        return False
    made = hashlib.pbkdf2_hmac("sha256", password.encode("utf-8", "surrogatepass"), salt.encode(), iterations)
    return hmac.compare_digest(made, digest)


@cache
def _hash_of_nobody() -> str:
    return _hasher.hash("nobody has this password")


def check_choice(
    password: str, *, min_length: int = 8, refuse_common: bool = True, personal: Iterable[str] = ()
) -> None:
    """Refuse a password that is too short, too long, too common, or the person's own name.

    :param personal: e-mail, names: what a stranger would try first.
    :raises InvalidFields: of the field ``password``.
    """
    if not min_length <= len(password) <= LONGEST:
        raise _refusal(
            f"Please enter a password {min_length}-{LONGEST} characters in length.",
            "password-length",
            {"min": min_length, "max": LONGEST},
        )
    if "\0" in password or not _is_text(password):
        raise _refusal("The password holds a character that cannot be typed.", "password-characters")
    if refuse_common and password.lower() in common_passwords():
        raise _refusal("This password is too common.", "password-common")
    if any(_is_like(password.lower(), part) for name in personal for part in _parts(name)):
        raise _refusal("The password is too similar to the name or e-mail.", "password-personal")


def _refusal(message: str, code: str, params: dict[str, int] | None = None) -> InvalidFields:
    return InvalidFields({"password": [message]}, code=code, params=params)


def _is_text(password: str) -> bool:
    try:
        password.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _parts(name: str) -> list[str]:
    lower = name.lower()
    return [part for part in (lower, *lower.replace("@", " ").split()) if len(part) >= 4]


def _is_like(password: str, part: str) -> bool:
    return SequenceMatcher(a=password, b=part[:LONGEST]).quick_ratio() >= 0.7 and (
        SequenceMatcher(a=password, b=part[:LONGEST]).ratio() >= 0.7
    )


@cache
def common_passwords() -> frozenset[str]:
    """The 3,000 commonest passwords, in lower case, by zxcvbn's count of leaks.

    The list is read as a file: importing the package would keep 20 MB of other words in memory.
    """
    package = importlib.util.find_spec("zxcvbn")
    if package is None or not package.submodule_search_locations:
        raise RuntimeError("the package zxcvbn is not installed")
    source = Path(package.submodule_search_locations[0], "frequency_lists.py")
    words = runpy.run_path(str(source))["FREQUENCY_LISTS"]["passwords"]
    return frozenset(word.lower() for word in words[:COMMONEST])
