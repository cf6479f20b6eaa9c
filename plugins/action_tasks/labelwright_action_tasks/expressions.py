"""The expressions that a field's values can come from: five functions with constants between their brackets.

Python's parser reads them, and nothing is ever run: what is not one of the five, or has anything but constants in it,
is refused.
"""

from __future__ import annotations

import ast
import random
from collections.abc import Callable
from typing import Any

MISSING: Any = object()
"""The field of a task that has none, and a value that is not to be written."""
ValueOf = Callable[[Any, int], Any]
"""Of what stands in the field, and of the task's place among the chosen ones from 0, the new value."""
LONGEST = 10_000
WORDS = {"null": None, "true": True, "false": False}
USAGE = (
    "Undefined expression, you can use: range(2) or sample() or random(<min_int>, <max_int>) or "
    'choices(["<value1>", "<value2>", ...], [<weight1>, <weight2>, ...]) or replace("old-string", "new-string")'
)


class BadExpression(ValueError):
    """The message says what would be right."""


def parse(text: str, mixed: Callable[[], Permutation]) -> ValueOf:
    """Read an expression.

    :param mixed: the places of the chosen tasks, mixed.
    :raises BadExpression: if it is none of the five.
    """
    name, arguments = _call(text)
    if name == SAMPLE:
        _expect(not arguments, "sample() takes nothing between its brackets.")
        numbers = mixed()
        return lambda before, place: numbers[place]
    least, most = ARGUMENTS[name]
    _expect(least <= len(arguments) <= most, USAGE)
    return FUNCTIONS[name](*arguments)


class Permutation:
    """The numbers below a size, each once, in an order that a key decides; no list of them is kept."""

    def __init__(self, size: int, key: int) -> None:
        self._size = max(size, 1)
        self._half = max(1, (self._size.bit_length() + 1) // 2)
        self._keys = [(key >> shift & 0xFFFF) | 1 for shift in (0, 16, 32, 48)]

    def __getitem__(self, place: int) -> int:
        number = self._mixed(place % self._size)
        while number >= self._size:
            number = self._mixed(number)
        return number

    def _mixed(self, number: int) -> int:
        """Four rounds of a Feistel network over an even number of bits: one to one, whatever the keys."""
        mask = (1 << self._half) - 1
        left, right = number >> self._half, number & mask
        for key in self._keys:
            left, right = right, left ^ ((right * 0x9E3779B1 + key * 0x85EBCA6B >> 7) & mask)
        return left << self._half | right


def _range(start: Any) -> ValueOf:
    _expect(_is_whole(start), "range(start) counts on from a whole number.")
    return lambda before, place: start + place


def _random(least: Any, most: Any) -> ValueOf:
    _expect(
        _is_whole(least) and _is_whole(most) and least <= most,
        "random(min, max) takes two whole numbers, the smaller one first.",
    )
    return lambda before, place: random.randint(least, most)


def _choices(values: Any, weights: Any = None) -> ValueOf:
    _expect(isinstance(values, list) and bool(values), "choices([...]) takes a list of one value or more.")
    if weights is None:
        return lambda before, place: random.choice(values)
    good = isinstance(weights, list) and len(weights) == len(values)
    _expect(
        good
        and all(isinstance(w, int | float) and not isinstance(w, bool) and 0 <= w < 1e300 for w in weights)
        and sum(weights) > 0,
        "The weights of choices([...], [...]) are one number from 0 for each value, and not all of them 0.",
    )
    return lambda before, place: random.choices(values, weights)[0]


def _replace(old: Any, new: Any) -> ValueOf:
    _expect(isinstance(old, str) and isinstance(new, str), 'replace("old", "new") takes two texts.')
    return lambda before, place: before.replace(old, new) if isinstance(before, str) else MISSING


SAMPLE = "sample"
FUNCTIONS: dict[str, Callable[..., ValueOf]] = {
    "range": _range,
    "random": _random,
    "choices": _choices,
    "replace": _replace,
}
ARGUMENTS = {"range": (1, 1), "random": (2, 2), "choices": (1, 2), "replace": (2, 2)}
"""Function to the fewest and the most that stand between its brackets."""


def _call(text: str) -> tuple[str, list[Any]]:
    try:
        _expect(len(text) <= LONGEST, f"An expression has at most {LONGEST} characters.")
        call = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise error if isinstance(error, BadExpression) else BadExpression(USAGE) from error
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.keywords:
        raise BadExpression(USAGE)
    if call.func.id not in (*FUNCTIONS, SAMPLE):
        raise BadExpression(USAGE)
    return call.func.id, [_constant(argument) for argument in call.args]


def _constant(node: ast.expr) -> Any:
    """A text, a number, true, false, null, or a list of these."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str | int | float | None):
        return node.value
    if isinstance(node, ast.Name) and node.id in WORDS:
        return WORDS[node.id]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = _constant(node.operand)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return -value
    if isinstance(node, ast.List) and all(not isinstance(item, ast.List) for item in node.elts):
        return [_constant(item) for item in node.elts]
    raise BadExpression(USAGE)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53


def _expect(holds: bool, words: str) -> None:
    if not holds:
        raise BadExpression(words)
