"""What a plugin's code amounts to: its hooks, what they give, and the manifest that says so.

Nothing here changes an application: the loader looks before it takes in, and authors' tools look only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pluggy

from labelwright import capabilities, hookspecs
from labelwright.contributions import CONTRIBUTIONS
from labelwright.errors import PluginError
from labelwright.manifest import API_VERSION, Manifest
from labelwright.plugin import Reason, State, in_words, why


class Stopped(Exception):
    """A plugin cannot be taken in; the cause, where there is one, is the plugin's own exception."""

    def __init__(self, state: State, reason: Reason) -> None:
        super().__init__(str(reason))
        self.state: State = state
        self.reason = reason


@dataclass(frozen=True, slots=True)
class About:
    """What a plugin's code cannot say by itself: ``about = About(...)`` in its package, if its docstring is not enough.

    :param title: English msgid; otherwise the docstring's first line up to its colon.
    :param description: English msgid; otherwise the docstring's first paragraph.
    :param requires: capabilities that the plugin needs besides those its tags name.
    :param api: the range of API versions; otherwise from the present one to below the next great one.
    """

    title: str = ""
    description: str = ""
    requires: Sequence[str] = ()
    api: str = f">={API_VERSION},<{int(API_VERSION.partition('.')[0]) + 1}"


def describe(name: str, module: Any, hooks: Iterable[str], given: Mapping[str, Sequence[Any]]) -> Manifest:
    """The manifest that a plugin's code amounts to.

    :param given: what each of its ``register_`` hooks answered.
    """
    about = getattr(module, "about", None)
    about = about if isinstance(about, About) else About()
    paragraph = " ".join((module.__doc__ or name).strip().partition("\n\n")[0].split())
    each = [CONTRIBUTIONS[hook].capabilities(item) for hook in given for item in given[hook]]
    provides = capabilities.check(offer for one in each for offer in one["provides"])
    needs = capabilities.check([*about.requires, *(need for one in each for need in one["requires"])])
    return Manifest(
        name=name,
        title=about.title or paragraph.partition(":")[0].rstrip("."),
        description=about.description or paragraph,
        api=about.api,
        hooks=tuple(sorted(hooks)),
        provides=tuple(provides),
        requires=tuple(need for need in needs if need not in provides),
    )


def new_manager() -> pluggy.PluginManager:
    """A pluggy manager that knows our hooks and no plugin."""
    manager = pluggy.PluginManager("labelwright")
    manager.add_hookspecs(hookspecs)
    return manager


def hooks_of(module: Any, name: str) -> list[str]:
    """The hooks that a plugin implements, tried out in a manager that is thrown away.

    :raises Stopped: if one is not ours, asks for what its hook does not give, or wraps others.
    """
    manager = new_manager()
    try:
        manager.register(module, name)
    except Exception as error:  # pluggy's own, for arguments that the hook does not have
        raise Stopped("refused", why("bad-hook", error=in_words(error))) from error
    callers = manager.get_hookcallers(module) or []
    for caller in callers:
        if not caller.has_spec():
            raise Stopped("refused", why("unknown-hook", hook=caller.name, version=API_VERSION))
        if any(one.hookwrapper or one.wrapper for one in caller.get_hookimpls()):
            words = f"{caller.name} is a wrapper; plugins do not wrap one another"
            raise Stopped("refused", why("bad-hook", error=words))
    return sorted(caller.name for caller in callers)


def collect(module: Any, hooks: Iterable[str], name: str) -> dict[str, list[Any]]:
    """What each ``register_`` hook gives.

    :raises Stopped: if one throws, or gives what it is not for.
    """
    given: dict[str, list[Any]] = {}
    for hook in (hook for hook in hooks if hook in CONTRIBUTIONS):
        try:
            given[hook] = CONTRIBUTIONS[hook].accept(getattr(module, hook)(), name)
            for item in given[hook]:
                capabilities.check([*CONTRIBUTIONS[hook].capabilities(item)["provides"]])
        except (Exception, SystemExit) as error:
            raise Stopped("failed", why("register-failed", hook=hook, error=in_words(error))) from error
    return given


def examine(module: ModuleType, name: str) -> tuple[Manifest, dict[str, list[Any]]]:
    """The manifest of a plugin's code, and what each of its ``register_`` hooks gives; no requirement is checked.

    :raises PluginError: if one of its hooks is broken.
    """
    try:
        hooks = hooks_of(module, name)
        given = collect(module, hooks, name)
        return describe(name, module, hooks, given), given
    except Stopped as stopped:
        raise PluginError(name, str(stopped)) from stopped.__cause__
    except Exception as error:
        raise PluginError(name, str(why("unfit", error=in_words(error)))) from error
