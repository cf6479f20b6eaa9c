"""A field of task data, written for many tasks: a text, a number, or what an expression gives for each."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from typing import Any

from labelwright.api import Action, ActionContext, ActionResult, Dialog, Facts, FormField, InvalidFields
from labelwright_action_tasks.expressions import MISSING, BadExpression, Permutation, ValueOf, parse

TYPES = ("String", "Number", "Expression")
LONGEST_NAME = 512


class AddDataField(Action):
    """Set one field of the chosen tasks' data."""

    id = "add_data_field"
    title = "Add Or Modify Data Field"
    order = 1
    permissions = ("projects.change", "tasks.change")
    experimental = True
    can_be_undone = True
    dialog = Dialog(
        "Set a field of the selected tasks' data: a text, a number, or what an expression gives for each of them."
    )

    def form(self, facts: Facts) -> list[FormField]:
        return [
            FormField("value_name", "Name"),
            FormField("value_type", "Type", "select", options=list(TYPES)),
            FormField("value", "Value"),
        ]

    def run(self, context: ActionContext, params: Mapping[str, Any]) -> ActionResult:
        name, kind, value = _asked(params)
        value_of = _values(kind, value, context)
        for batch in context.batches():
            changed = {}
            for task, data in batch.data().items():
                value_now = value_of(data.get(name, MISSING), context.tally["tasks"])
                if value_now is not MISSING:
                    changed[task] = {**data, name: value_now}
                context.tally["tasks"] += 1
            batch.change_data(changed)
        return ActionResult(detail=f"Updated {context.tally['tasks']} tasks")


def _asked(params: Mapping[str, Any]) -> tuple[str, str, str]:
    name, kind, value = (params.get(key) for key in ("value_name", "value_type", "value"))
    wrong = {}
    if not isinstance(name, str) or not name.strip() or len(name) > LONGEST_NAME or "\x00" in name:
        wrong["value_name"] = [f"Give the field a name of 1 to {LONGEST_NAME} characters."]
    if kind not in TYPES:
        wrong["value_type"] = [f'"{str(kind)[:80]}" is not a valid choice. Allowed: {", ".join(TYPES)}.']
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        wrong["value"] = ["Give the value as text or a number."]
    if wrong:
        raise InvalidFields(wrong, code="bad-data-field")
    return str(name).strip(), str(kind), str(value)


def _values(kind: str, value: str, context: ActionContext) -> ValueOf:
    try:
        if kind == "Expression":
            return parse(value, lambda: _mixed(context))
        fixed = _number(value) if kind == "Number" else value
    except BadExpression as error:
        raise InvalidFields({"value": [str(error)]}, code="bad-expression") from error
    return lambda before, place: fixed


def _mixed(context: ActionContext) -> Permutation:
    """The same after a crash: the key is kept with the counts."""
    key = context.tally.setdefault("key", random.getrandbits(48))
    return Permutation(context.count(), key)


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise BadExpression(f'"{text[:80]}" is not a number.') from None
    if not math.isfinite(number):
        raise BadExpression("Infinity and NaN have no place in task data.")
    return number
