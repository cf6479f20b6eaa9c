"""Passwords: hashing, checking, choosing."""

from __future__ import annotations

import base64
import hashlib
import statistics
import time

import pytest

from labelwright.doors import passwords
from labelwright.errors import InvalidFields


def django_hash(password, iterations=1000, salt="salt"):
    digest = hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), iterations)
    return f"pbkdf2_sha256${iterations}${salt}${base64.b64encode(digest).decode()}"


def test_a_password_fits_its_hash_and_no_other():
    stored = passwords.hash_password("correct horse")
    assert stored.startswith("$argon2id$")
    assert passwords.verify("correct horse", stored)
    assert not passwords.verify("correct house", stored)


def test_two_hashes_of_one_password_differ():
    assert passwords.hash_password("x" * 8) != passwords.hash_password("x" * 8)


def test_a_hash_from_label_studio_is_verified_and_wants_renewal():
    stored = django_hash("correct horse", iterations=870_000)  # as many as Label Studio 1.23.2 takes
    assert passwords.verify("correct horse", stored)
    assert not passwords.verify("wrong", stored)
    assert passwords.needs_rehash(stored)


def test_our_own_hash_wants_no_renewal():
    assert not passwords.needs_rehash(passwords.hash_password("correct horse"))


def test_a_weaker_argon2_hash_wants_renewal():
    from argon2 import PasswordHasher

    assert passwords.needs_rehash(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("x"))


@pytest.mark.parametrize(
    "stored",
    [
        None,
        "",
        "!unusable",
        "plain",
        "$argon2id$broken",
        "pbkdf2_sha256$x$salt$aGk=",
        "pbkdf2_sha256$99999999999$salt$aGk=",
        "pbkdf2_sha256$1$salt$***",
        "pbkdf2_sha256$1",
    ],
)
def test_a_hash_that_is_none_fits_nothing(stored):
    assert not passwords.verify("", stored)
    assert not passwords.verify("plain", stored)


def test_an_unknown_account_takes_the_time_of_a_known_one():
    stored = passwords.hash_password("correct horse")
    passwords.verify("x", None)

    def median(stored):
        times = []
        for _ in range(7):
            start = time.process_time()
            passwords.verify("wrong", stored)
            times.append(time.process_time() - start)
        return statistics.median(times)

    assert 0.5 < median(None) / median(stored) < 2


@pytest.mark.parametrize("password", ["Tr0mbone-lake", "  spaces are fine  ", "密码足够长也可以", "x9" * 64])
def test_these_passwords_are_accepted(password):
    passwords.check_choice(password, personal=["ann@example.org", "Ann", ""])


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password-length"),
        ("seven77", "password-length"),
        ("x9" * 64 + "z", "password-length"),
        ("x" * 1_000_000, "password-length"),
        ("password", "password-common"),
        ("PassWord1", "password-common"),
        ("12345678", "password-common"),
        ("baseball", "password-common"),
        ("wilhelmina7", "password-personal"),
        ("meyer@example.org", "password-personal"),
        ("tight\0\0\0\0", "password-characters"),
        ("half\ud800pair", "password-characters"),
    ],
)
def test_these_passwords_are_refused(password, code):
    with pytest.raises(InvalidFields) as caught:
        passwords.check_choice(password, personal=["meyer@example.org", "Wilhelmina Meyer"])
    assert caught.value.code == code
    assert list(caught.value.fields) == ["password"]


def test_the_list_of_common_passwords_is_of_three_thousand():
    assert 2900 < len(passwords.common_passwords()) <= 3000


def test_the_rule_follows_the_settings():
    passwords.check_choice("password", refuse_common=False)
    with pytest.raises(InvalidFields, match="Validation"):
        passwords.check_choice("Tr0mbone", min_length=12)
