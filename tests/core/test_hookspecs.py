"""Every hook is documented, typed and named by how it is called."""

from __future__ import annotations

import inspect
import re

import pytest

from labelwright import hookspecs
from labelwright.contributions import CONTRIBUTIONS
from labelwright.registry import Registry
from labelwright.testing import make_registry

HOOKS = {
    name: value for name, value in vars(hookspecs).items() if hasattr(value, "labelwright_spec")
}  # fmt: skip
PREFIXES = ("register_", "check_", "plan_", "on_")

every_hook = pytest.mark.parametrize("name", sorted(HOOKS))


@every_hook
def test_a_hooks_name_says_how_it_is_called(name):
    assert name.startswith(PREFIXES)


@every_hook
def test_a_hook_is_typed(name):
    signature = inspect.signature(HOOKS[name])
    assert signature.return_annotation is not inspect.Signature.empty
    assert all(
        parameter.annotation is not inspect.Parameter.empty for parameter in signature.parameters.values()
    )


@every_hook
def test_a_hook_says_when_it_is_called_and_what_each_parameter_is(name):
    words = inspect.getdoc(HOOKS[name]) or ""
    assert re.match(r"[A-Z][^\n]+[.:]", words)
    for parameter in inspect.signature(HOOKS[name]).parameters:
        assert f":param {parameter}:" in words


@every_hook
def test_what_a_hook_returns_goes_with_its_name(name):
    returned = inspect.signature(HOOKS[name]).return_annotation
    wanted = {"register_": "Sequence[", "plan_": "Sequence[JobSpec]", "check_": "None", "on_": "None"}
    assert returned.startswith(next(text for prefix, text in wanted.items() if name.startswith(prefix)))


def test_each_register_hook_has_its_row_of_contributions():
    assert set(CONTRIBUTIONS) == {name for name in HOOKS if name.startswith("register_")}


def test_what_is_registered_can_be_found_in_the_registry():
    registry = make_registry()
    for name in CONTRIBUTIONS:
        assert hasattr(registry, name.removeprefix("register_")), name


@every_hook
def test_plan_and_on_come_in_pairs_of_one_event(name):
    if not name.startswith("plan_"):
        return
    told = inspect.signature(HOOKS[name.replace("plan_", "on_", 1)]).parameters
    planned = inspect.signature(HOOKS[name]).parameters
    assert list(planned) == [*told, "session", "organization"]
    assert planned["event"] == told["event"]


def test_the_registry_knows_every_hook():
    assert isinstance(registry := make_registry(), Registry)
    for name in HOOKS:
        if name.startswith("on_"):
            registry.tell(name, **dict.fromkeys(inspect.signature(HOOKS[name]).parameters))
