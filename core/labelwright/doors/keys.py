"""Keys: one that signs sessions and tokens, and a ring of those that encrypt what is stored.

They come from the settings, or are made at the first start in ``<data folder>/keys.json``, which only its owner may
read. Several processes on one PostgreSQL database must be given the same keys, else each would make its own.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import secrets
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from labelwright.config import Settings
from labelwright.doors.files import write_whole
from labelwright.errors import ConfigurationError, Unavailable

FILE_NAME = "keys.json"
SHORTEST = 32
PREFIX = "lw1:"
KNOWN = frozenset(
    {
        "$(fefwefwef13;LFK{P!)@#*!)kdsjfWF2l+i5e3t(8a1n",
        "secret",
        "changeme",
        "change-me",
        "dev",
        "development",
        "insecure",
        "django-insecure",
        "test",
        "password",
    }
)
"""Keys that everybody can look up; a key that is one of these, or repeats one, signs nothing."""


@dataclass(frozen=True)
class KeyRing:
    """The keys of one server. Its text never shows them.

    :param signing_key: signs sessions and tokens.
    :param ring: encryption keys by id, the newest first; the first encrypts, all decrypt.
    """

    signing_key: str = field(repr=False)
    ring: dict[str, Fernet] = field(repr=False)

    def encrypt(self, text: str) -> str:
        """A text as it may be stored: ``lw1:<key id>:<token>``."""
        key_id, fernet = next(iter(self.ring.items()))
        return f"{PREFIX}{key_id}:{fernet.encrypt(text.encode()).decode()}"

    def decrypt(self, stored: str) -> str:
        """What :meth:`encrypt` was given.

        :raises Unavailable: if the key that encrypted it is not in the ring, or the text was changed.
        """
        key_id, _, token = stored.removeprefix(PREFIX).partition(":")
        if not stored.startswith(PREFIX) or key_id not in self.ring:
            raise Unavailable(
                f"A stored secret was encrypted with the key {key_id[:16]!r}, which encryption_keys does not hold.",
                code="key-missing",
                params={"key": key_id[:16]},
            )
        try:
            return self.ring[key_id].decrypt(token.encode()).decode()
        except InvalidToken:
            raise Unavailable(
                f"A stored secret does not fit its key {key_id!r}: it was changed.",
                code="key-missing",
                params={"key": key_id},
            ) from None

    def is_current(self, stored: str) -> bool:
        """Whether a stored secret was encrypted with the newest key."""
        return stored.startswith(f"{PREFIX}{next(iter(self.ring))}:")

    def reencrypt(self, stored: str) -> str:
        """The same secret under the newest key."""
        return stored if self.is_current(stored) else self.encrypt(self.decrypt(stored))

    def derive(self, purpose: str) -> str:
        """A key of its own for one purpose (``"csrf"``, ``"jwt"``): what one signs, another does not accept."""
        return hashlib.blake2b(
            purpose.encode(), key=self.signing_key.encode()[:64], digest_size=32
        ).hexdigest()


def open_keys(settings: Settings) -> KeyRing:
    """The keys that the settings give, or that the data folder keeps."""
    return load_keys(
        settings.data_dir,
        settings.secret_key,
        settings.encryption_keys,
        must_be_given=settings.processes > 1 and not settings.is_sqlite,
    )


def load_keys(
    data_dir: Path,
    secret_key: str = "",
    encryption_keys: Iterable[str] = (),
    *,
    must_be_given: bool = False,
) -> KeyRing:
    """The keys, from the settings or the data folder; made at the first start.

    :param must_be_given: true for PostgreSQL with several processes.
    :raises ConfigurationError: if a key is short, known or malformed, or the file can be read by others.
    """
    given_ring = tuple(encryption_keys)
    if must_be_given and not (secret_key and given_ring):
        raise ConfigurationError(
            "several processes share one database, so they need the same keys: give secret_key and encryption_keys "
            "(LABELWRIGHT_SECRET_KEY, LABELWRIGHT_ENCRYPTION_KEYS). `labelwright rotate-keys --print` makes a pair"
        )
    if secret_key and given_ring:
        return _keys(secret_key, given_ring)
    kept = _kept(data_dir / FILE_NAME)
    return _keys(secret_key or kept["secret_key"], given_ring or kept["encryption_keys"])


def rotate(data_dir: Path) -> KeyRing:
    """Put a new encryption key in front of the ring that is kept in the data folder.

    Old secrets stay readable; :meth:`KeyRing.reencrypt` brings them to the new key.
    """
    path = data_dir / FILE_NAME
    kept = _kept(path)
    kept["encryption_keys"] = [new_encryption_key(), *kept["encryption_keys"]]
    _write(path, kept)
    return _keys(kept["secret_key"], kept["encryption_keys"])


def new_secret_key() -> str:
    return secrets.token_urlsafe(48)


def new_encryption_key() -> str:
    return Fernet.generate_key().decode()


def key_id(key: str) -> str:
    """A short name for an encryption key, which tells nothing about it."""
    return hashlib.sha256(b"labelwright key id:" + key.encode()).hexdigest()[:8]


def check_signing_key(key: str) -> None:
    """:raises ConfigurationError: if a key can be guessed."""
    if len(key) < SHORTEST:
        raise ConfigurationError(f"secret_key must have {SHORTEST} characters or more; it has {len(key)}")
    repeats_a_word = any((word * len(key)).startswith(key.lower()) for word in KNOWN)
    if key in KNOWN or repeats_a_word or key.startswith("django-insecure") or len(set(key)) < 10:
        raise ConfigurationError("secret_key can be guessed; leave it empty to have one made")


def _keys(secret_key: str, encryption_keys: Iterable[str]) -> KeyRing:
    check_signing_key(secret_key)
    ring = {}
    for key in encryption_keys:
        try:
            usable = len(base64.urlsafe_b64decode(key)) == 32 and len(set(key)) >= 10
        except (binascii.Error, ValueError):
            usable = False
        if not usable:
            raise ConfigurationError(
                "encryption_keys must be 32 random bytes each, in URL-safe base64, "
                "as `labelwright rotate-keys --print` makes them"
            )
        ring[key_id(key)] = Fernet(key)
    return KeyRing(secret_key, ring)


def _kept(path: Path) -> dict[str, Any]:
    """What the file holds; a new file if there is none."""
    if not path.exists():
        _make(path)
    try:
        mode = path.stat().st_mode
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise ConfigurationError(f"{path} can be read by others; run: chmod 600 {path}")
        kept = json.loads(path.read_text("utf-8"))
        if not isinstance(kept["secret_key"], str) or not all(
            isinstance(key, str) for key in kept["encryption_keys"]
        ):
            raise ValueError
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError):
        raise ConfigurationError(
            f"{path} is damaged; put back a copy of it, or what it encrypted is lost"
        ) from None
    return dict(kept)


def _make(path: Path) -> None:
    """Write new keys, unless another process was first: a link fails where a rename would replace its keys."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    _write(fresh, {"secret_key": new_secret_key(), "encryption_keys": [new_encryption_key()]})
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def _write(path: Path, kept: dict[str, Any]) -> None:
    write_whole(path, json.dumps(kept, indent=1).encode(), mode=0o600)
