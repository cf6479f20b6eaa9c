"""Operators as SQL: what ``contains`` means of a text, ``in`` of a number, and so on; wrong values are refused.

An operator's opposite holds wherever the operator does not, also where there is no value; only of numbers and times
that are missing nothing is said, neither that they are less nor that they differ. So it is in Label Studio.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Float,
    Text,
    and_,
    false,
    func,
    literal,
    not_,
    or_,
    true,
)

from labelwright import sqlite_functions
from labelwright.models.base import UTCDateTime

from .filters import LONGEST_VALUE, Condition, refuse

MOST_LISTED = 1_000
LONGEST_PATTERN = 1_000
LARGEST_WHOLE = 2**63
LARGEST_NUMBER = 1e300

TEXT_OPERATORS = (
    "contains", "not_contains", "regex", "equal", "not_equal", "empty", "exists", "not_exists", "in_list",
    "not_in_list", "starts_with", "ends_with",
)  # fmt: skip
NUMBER_OPERATORS = (
    "equal", "not_equal", "less", "greater", "less_or_equal", "greater_or_equal", "in", "not_in", "empty", "exists",
    "not_exists", "in_list", "not_in_list",
)  # fmt: skip
TIME_OPERATORS = NUMBER_OPERATORS
FLAG_OPERATORS = ("equal", "not_equal", "empty", "exists", "not_exists")
LIST_OPERATORS = (
    "contains", "not_contains", "equal", "not_equal", "empty", "exists", "not_exists", "in_list", "not_in_list",
)  # fmt: skip
OPPOSITE = {
    "not_contains": "contains",
    "not_equal": "equal",
    "not_in": "in",
    "not_in_list": "in_list",
    "not_exists": "exists",
}

Made = ColumnElement[bool]


def check_operator(condition: Condition, allowed: tuple[str, ...]) -> None:
    """:raises InvalidFields: of an operator that the column has not."""
    if condition.operator not in allowed:
        refuse(
            f"{condition.path}.operator",
            f'"{condition.operator}" is not a valid choice here; use one of {", ".join(allowed)}.',
        )


def of_text(condition: Condition, text: Any, *, is_sqlite: bool, cut: Any = None, length: int = 0) -> Made:
    """A condition on a text.

    :param cut: the first ``length`` characters of it, where an index holds these; comparisons then go through it.
    """
    check_operator(condition, TEXT_OPERATORS)
    if condition.operator in ("empty", "exists", "not_exists"):
        is_empty = or_(
            (text if cut is None else cut).is_(None), (text if cut is None else cut) == literal("", Text())
        )
        return _presence(condition, is_empty)
    operator = OPPOSITE.get(condition.operator, condition.operator)
    found = _of_text(condition, operator, text, cut, length, is_sqlite)
    return found if operator == condition.operator else _opposite(found)


def _of_text(condition: Condition, operator: str, text: Any, cut: Any, length: int, is_sqlite: bool) -> Made:
    if operator == "in_list":
        wanted = [_text(item, f"{condition.path}.value.{n}") for n, item in enumerate(_listed(condition))]
        return or_(false(), *(_equals(text, one, cut, length) for one in wanted))
    value = _text(condition.value, f"{condition.path}.value")
    if operator == "equal":
        return _equals(text, value, cut, length)
    if operator == "regex":
        return _matches(condition, text, value, is_sqlite)
    return like(text, operator, value, is_sqlite=is_sqlite)


def like(text: Any, operator: str, value: str, *, is_sqlite: bool) -> Made:
    """``contains``, ``starts_with`` or ``ends_with``, in any case."""
    escaped = re.sub(r"([\\%_])", r"\\\1", value)
    pattern = {"contains": f"%{escaped}%", "starts_with": f"{escaped}%", "ends_with": f"%{escaped}"}[operator]
    if not is_sqlite:
        return text.ilike(literal(pattern, Text()), escape="\\")
    if not value.isascii():  # SQLite's own LIKE knows the case of ASCII letters only
        text, pattern = func.lw_fold(text, type_=Text()), pattern.lower()
    return text.like(literal(pattern, Text()), escape="\\")


def _equals(text: Any, value: str, cut: Any, length: int) -> Made:
    if cut is None:
        return text == literal(value, Text())
    begins = cut == literal(value[:length], Text())
    return begins if len(value) < length else and_(begins, text == literal(value, Text()))


def _matches(condition: Condition, text: Any, pattern: str, is_sqlite: bool) -> Made:
    path = f"{condition.path}.value"
    if len(pattern) > LONGEST_PATTERN:
        refuse(path, f"Ensure this field has no more than {LONGEST_PATTERN} characters.")
    try:
        sqlite_functions.compiled(pattern)
        native = postgres_pattern(pattern)
    except ValueError as error:
        refuse(path, f"Not a regular expression that can be used: {error}.")
    if is_sqlite:
        return func.lw_matches(literal(pattern, Text()), text, type_=Boolean())
    return text.op("~", is_comparison=True, return_type=Boolean())(literal(native, Text()))


REPEATED = re.compile(r"\{(\d+)(?:,(\d*))?\}")


def postgres_pattern(pattern: str) -> str:
    """A regular expression of RE2 in PostgreSQL's words.

    RE2 has neither back references nor looking around, so PostgreSQL runs every pattern that comes here as an
    automaton, in time that grows with the text alone.

    :raises ValueError: if it says something that PostgreSQL would read as something else.
    """
    words = {"b": "\\y", "B": "\\Y", "z": "\\Z", "A": "\\A"}
    taken_over = set("dDwWsSnrtfv.^$*+?()[]{}|\\/-\"' ,:;=!<>@#%&~`_")
    out, place, in_class = "", 0, False
    while place < len(pattern):
        letter = pattern[place]
        if letter == "\\":
            following = pattern[place + 1]
            if following in words and not in_class:
                out += words[following]
            elif following in taken_over:
                out += letter + following
            else:
                raise ValueError(f"\\{following} is not known")
            place += 2
            continue
        if letter == "(" and not in_class and pattern[place + 1 : place + 2] == "?":
            if pattern.startswith("(?i)", place) and place == 0:
                out, place = "(?i)", 4
                continue
            if not pattern.startswith("(?:", place):
                raise ValueError("of what begins with (?, only (?: and a leading (?i) are known")
        if letter == "[" and not in_class:
            in_class = True
            if pattern[place + 1 : place + 2] == "^":
                out, place, letter = out + "[", place + 1, "^"
            if pattern[place + 1 : place + 2] == "]":
                out, place, letter = out + letter, place + 1, "]"
        elif letter == "[" and pattern[place + 1 : place + 2] not in (":",):
            out, letter = out + "\\", "["
        elif letter == "]":
            in_class = False
        out += letter
        place += 1
    if any(int(number) > 255 for pair in REPEATED.findall(pattern) for number in pair if number):
        raise ValueError("a repetition counts to 255 at most")
    return out


def of_number(condition: Condition, number: Any, *, empty: Made | None = None, whole: bool = False) -> Made:
    """A condition on a number.

    :param empty: what the operator ``empty`` says; otherwise that there is none.
    :param whole: whether the column holds whole numbers only.
    """
    check_operator(condition, NUMBER_OPERATORS)

    def value(item: Any, path: str) -> Any:
        return _number(item, path, whole)

    return _of_ordered(condition, number, value, empty)


def of_time(condition: Condition, moment: Any) -> Made:
    """A condition on a time."""
    check_operator(condition, TIME_OPERATORS)
    return _of_ordered(
        condition, moment, lambda item, path: literal(read_time(item, path), UTCDateTime()), None
    )


def of_time_text(condition: Condition, text: Any) -> Made:
    """A condition on a text that is a time in ISO 8601, in UTC; other texts are no times, and never match."""
    check_operator(condition, TIME_OPERATORS)
    moment = func.replace(text, " ", "T", type_=Text())
    begins = func.substr(moment, 5, 1) == "-", func.substr(moment, 8, 1) == "-"

    def value(item: Any, path: str) -> Any:
        return literal(read_time(item, path).strftime("%Y-%m-%dT%H:%M:%S.%f"), Text())

    if condition.operator in ("empty", "exists", "not_exists"):
        return _presence(condition, or_(text.is_(None), text == ""))
    return and_(*begins, _of_ordered(condition, moment, value, None))


def _of_ordered(
    condition: Condition, column: Any, value: Callable[[Any, str], Any], empty: Made | None
) -> Made:
    if condition.operator in ("empty", "exists", "not_exists"):
        return _presence(condition, column.is_(None) if empty is None else empty)
    operator = OPPOSITE.get(condition.operator, condition.operator)
    found = _compared(condition, operator, column, value)
    return found if operator == condition.operator else and_(column.is_not(None), not_(found))


def _compared(condition: Condition, operator: str, column: Any, value: Callable[[Any, str], Any]) -> Made:
    path = f"{condition.path}.value"
    if operator == "in_list":
        wanted = [value(item, f"{path}.{place}") for place, item in enumerate(_listed(condition))]
        return column.in_(wanted) if wanted else false()
    if operator == "in":
        return and_(true(), *_between(condition, column, value))
    one = value(condition.value, path)
    compared: dict[str, Callable[[], Any]] = {
        "equal": lambda: column == one,
        "less": lambda: column < one,
        "greater": lambda: column > one,
        "less_or_equal": lambda: column <= one,
        "greater_or_equal": lambda: column >= one,
    }
    return compared[operator]()


def _between(condition: Condition, column: Any, value: Callable[[Any, str], Any]) -> list[Made]:
    path, limits = f"{condition.path}.value", condition.value
    if not isinstance(limits, dict) or not {"min", "max"} & set(limits):
        refuse(path, 'Expected an object with "min" and "max".')
    bounds = []
    if limits.get("min") is not None:
        bounds.append(column >= value(limits["min"], f"{path}.min"))
    if limits.get("max") is not None:
        bounds.append(column <= value(limits["max"], f"{path}.max"))
    if not bounds:
        refuse(path, 'One of "min" and "max" is required.')
    return bounds


def of_flag(condition: Condition, flag: Made) -> Made:
    """A condition on something that is so or not."""
    check_operator(condition, FLAG_OPERATORS)
    if condition.operator in ("empty", "exists", "not_exists"):
        return _presence(condition, false())
    wanted = boolean(condition.value, f"{condition.path}.value")
    return flag if wanted == (condition.operator == "equal") else _opposite(flag)


def of_members(
    condition: Condition, has: Callable[[list[Any]], Made], read: Callable[[Any, str], Any], empty: Made
) -> Made:
    """A condition on a set of things.

    :param has: makes the condition that one of the given is in the set; :param read: reads one of them.
    """
    check_operator(condition, LIST_OPERATORS)
    if condition.operator in ("empty", "exists", "not_exists"):
        return _presence(condition, empty)
    path = f"{condition.path}.value"
    given = condition.value if isinstance(condition.value, list) else [condition.value]
    if len(given) > MOST_LISTED:
        refuse(path, f"At most {MOST_LISTED} values can be listed.")
    wanted = [read(item, path) for item in given]
    found = has(wanted) if wanted else true()
    return _opposite(found) if condition.operator in OPPOSITE else found


def _presence(condition: Condition, is_empty: Made) -> Made:
    wanted = boolean(condition.value, f"{condition.path}.value")
    return is_empty if wanted == (condition.operator in ("empty", "not_exists")) else not_(is_empty)


def _opposite(found: Made) -> Made:
    """Where it does not hold, also because there is nothing to compare."""
    return not_(func.coalesce(found, false()))


def _listed(condition: Condition) -> list[Any]:
    if not isinstance(condition.value, list):
        refuse(f"{condition.path}.value", "Expected a list of items.")
    if len(condition.value) > MOST_LISTED:
        refuse(f"{condition.path}.value", f"At most {MOST_LISTED} values can be listed.")
    return condition.value


def _text(value: Any, path: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if not isinstance(value, str):
        refuse(path, "Not a valid string.")
    if len(value) > LONGEST_VALUE:
        refuse(path, f"Ensure this field has no more than {LONGEST_VALUE} characters.")
    return value


def _number(value: Any, path: str, whole: bool) -> Any:
    if isinstance(value, str) and len(value) < 100:
        try:
            value = float(value)
        except ValueError:
            refuse(path, "A valid number is required.")
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or abs(value) > LARGEST_NUMBER or math.isnan(value):
        refuse(path, "A valid number is required.")
    if whole and float(value).is_integer() and abs(value) < LARGEST_WHOLE:
        return literal(int(value), BigInteger())
    return literal(float(value), Float())


def whole_number(value: Any, path: str) -> int:
    """An id."""
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < 20:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= LARGEST_WHOLE:
        refuse(path, "A valid integer is required.")
    return value


def boolean(value: Any, path: str) -> bool:
    """True or false, or their names."""
    if isinstance(value, str) and value.lower() in ("true", "false"):
        value = value.lower() == "true"
    if not isinstance(value, bool):
        refuse(path, "Must be a valid boolean.")
    return value


def read_time(value: Any, path: str) -> datetime:
    """A time in ISO 8601; one without a zone is in UTC."""
    try:
        moment = datetime.fromisoformat(value)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        refuse(
            path,
            "Datetime has wrong format. Use one of these formats instead: "
            "YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].",
        )
