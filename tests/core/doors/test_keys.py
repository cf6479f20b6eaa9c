"""Keys: made once, kept to ourselves, refused when they can be guessed."""

from __future__ import annotations

import json
import threading

import pytest

from labelwright.config import load
from labelwright.doors import keys
from labelwright.errors import ConfigurationError, Unavailable


def test_keys_are_made_at_the_first_start_and_kept(tmp_path):
    first = keys.load_keys(tmp_path / "data")
    assert keys.load_keys(tmp_path / "data").signing_key == first.signing_key
    assert len(first.signing_key) >= 43
    assert (tmp_path / "data/keys.json").stat().st_mode & 0o777 == 0o600


def test_two_processes_that_start_at_once_get_the_same_keys(tmp_path):
    found = []
    starts = threading.Barrier(8)

    def start():
        starts.wait()
        found.append(keys.load_keys(tmp_path).signing_key)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["keys.json"]


def test_a_file_that_others_can_read_is_refused(tmp_path):
    keys.load_keys(tmp_path)
    (tmp_path / "keys.json").chmod(0o640)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        keys.load_keys(tmp_path)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"secret_key": 1, "encryption_keys": []}', "\x00"])
def test_a_damaged_file_is_refused_and_left_alone(tmp_path, content):
    (tmp_path / "keys.json").write_text(content)
    (tmp_path / "keys.json").chmod(0o600)
    with pytest.raises(ConfigurationError, match="damaged"):
        keys.load_keys(tmp_path)
    assert (tmp_path / "keys.json").read_text() == content


@pytest.mark.parametrize(
    "key",
    [
        "short",
        "a" * 64,
        "changeme" * 8,
        "secretsecretsecretsecretsecretsecret",
        "django-insecure-0123456789abcdefghijklmnopqrstuvwxyz",
        "$(fefwefwef13;LFK{P!)@#*!)kdsjfWF2l+i5e3t(8a1n",
    ],
)
def test_a_key_that_can_be_guessed_is_refused_without_being_shown(tmp_path, key):
    with pytest.raises(ConfigurationError) as caught:
        keys.load_keys(tmp_path, key)
    assert key not in str(caught.value)


@pytest.mark.parametrize(
    "ring", [["x"], ["A" * 43 + "="], ["not base64 at all"], [keys.new_encryption_key(), ""]]
)
def test_an_encryption_key_that_is_none_is_refused(tmp_path, ring):
    with pytest.raises(ConfigurationError, match="encryption_keys"):
        keys.load_keys(tmp_path, keys.new_secret_key(), ring)


def test_given_keys_leave_no_file(tmp_path):
    keys.load_keys(tmp_path, keys.new_secret_key(), [keys.new_encryption_key()])
    assert list(tmp_path.iterdir()) == []


def test_several_processes_on_postgresql_must_be_given_keys(tmp_path):
    environ = {"DATABASE_URL": "postgresql://u:p@h/n", "LABELWRIGHT_PROCESSES": "2"}
    with pytest.raises(ConfigurationError, match="secret_key and encryption_keys"):
        keys.open_keys(load(tmp_path, environ))
    given = {
        "LABELWRIGHT_SECRET_KEY": keys.new_secret_key(),
        "LABELWRIGHT_ENCRYPTION_KEYS": keys.new_encryption_key(),
    }
    keys.open_keys(load(tmp_path, environ | given))


def test_a_secret_is_stored_unreadable_and_read_back(tmp_path):
    ring = keys.load_keys(tmp_path)
    stored = ring.encrypt("hush 密")
    assert "hush" not in stored
    assert ring.decrypt(stored) == "hush 密"


def test_a_changed_or_foreign_secret_is_refused(tmp_path):
    ring = keys.load_keys(tmp_path)
    stored = ring.encrypt("hush")
    for wrong in (stored[:-4] + "AAAA", "plain", "lw1:00000000:x", ""):
        with pytest.raises(Unavailable):
            ring.decrypt(wrong)


def test_after_rotation_old_secrets_are_read_and_new_ones_use_the_new_key(tmp_path):
    old = keys.load_keys(tmp_path)
    stored = old.encrypt("hush")
    new = keys.rotate(tmp_path)
    assert new.signing_key == old.signing_key
    assert new.decrypt(stored) == "hush"
    again = new.reencrypt(stored)
    assert not new.is_current(stored)
    assert new.is_current(again)
    assert new.decrypt(again) == "hush"
    with pytest.raises(Unavailable):
        old.decrypt(again)
    assert len(json.loads((tmp_path / "keys.json").read_text())["encryption_keys"]) == 2


def test_each_purpose_has_a_key_of_its_own(tmp_path):
    ring = keys.load_keys(tmp_path)
    assert ring.derive("jwt") == ring.derive("jwt") != ring.derive("csrf") != ring.signing_key


def test_keys_never_show_themselves(tmp_path):
    ring = keys.load_keys(tmp_path)
    assert ring.signing_key not in repr(ring)
    assert "Fernet" not in repr(ring)
