"""Finding plugins, deciding which may run, and starting them one by one behind a fence.

A distribution says ``tag_stars = acme_stars`` under the entry points of ``labelwright`` and carries a manifest. Each
plugin goes through the same gates, and the first that stays shut is its reason on the Plugins page:

1. the manifest is found without importing the package, can be read, and bears the entry point's name;
2. the configuration wants it;
3. its range of API versions holds ours;
4. somebody who has already started offers what it requires;
5. it can be imported, its hooks are ours, and its ``register_`` hooks answer with what they are for;
6. nobody before it has the same tag, format or kind of job.

Nothing here is global: each application loads its own.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pluggy

from labelwright import capabilities, manifest
from labelwright.assets import Assets
from labelwright.contributions import CONTRIBUTIONS
from labelwright.errors import PluginError
from labelwright.examination import Stopped, collect, describe, hooks_of, new_manager
from labelwright.manifest import API_VERSION, InvalidManifest, Manifest
from labelwright.plugin import Plugin, Reason, State, in_words, why

GROUP = "labelwright"
"""The entry-point group."""

log = logging.getLogger("labelwright.plugins")


@dataclass(frozen=True, slots=True)
class Choice:
    """What the configuration says of plugins."""

    enabled: frozenset[str] | None = None
    """Only these; ``None``: all that are installed."""
    disabled: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    """Plugins that must be there; what a missing guard among them guards is locked."""
    safe_mode: bool = False
    failures: int = 5
    """After how many failures in a row a plugin's hooks are switched off."""
    slow_s: float = 5.0
    """A hook that takes longer counts as a failure."""
    trace: bool = False

    @classmethod
    def of(cls, settings: Any) -> Choice:
        """The part of the settings that is about plugins; ``None`` gives the defaults."""
        if settings is None or isinstance(settings, Choice):
            return settings or cls()
        return cls(
            enabled=frozenset(settings.enabled_plugins) or None,
            disabled=frozenset(settings.disabled_plugins),
            required=frozenset(settings.required_plugins),
            safe_mode=settings.safe_mode,
            failures=settings.hook_failures,
            slow_s=settings.hook_slow,
            trace=settings.trace_hooks,
        )


@dataclass(slots=True)
class LoadedPlugins:
    """Every plugin that was found, and pluggy's manager of those at work."""

    plugins: list[Plugin]
    choice: Choice
    manager: pluggy.PluginManager
    offered: dict[str, str]
    """Capability to the name of the plugin that offers it."""
    took_s: float = 0.0

    def working(self) -> list[Plugin]:
        """Those that were started, in the order of their starting."""
        return sorted((p for p in self.plugins if p.state == "loaded"), key=lambda plugin: plugin.place)

    def __getitem__(self, name: str) -> Plugin:
        for plugin in self.plugins:
            if plugin.name == name:
                return plugin
        raise KeyError(name)


def load(
    settings: Any = None,
    entry_points: Iterable[importlib.metadata.EntryPoint] | None = None,
    builtins: Mapping[str, Any] | None = None,
) -> LoadedPlugins:
    """Find and start plugins. Never raises because of one of them.

    :param settings: the application's settings, a :class:`Choice`, or ``None`` for the defaults.
    :param entry_points: instead of those installed.
    :param builtins: plugins that are part of the caller, by name: modules or objects with hook implementations.
        They start first, have no manifest, and break aloud.
    :raises PluginError: if one of ``builtins`` is broken.
    """
    began = time.perf_counter()
    choice = Choice.of(settings)
    loaded = LoadedPlugins([], choice, new_manager(), {})
    for name, module in (builtins or {}).items():
        plugin = Plugin(name, getattr(module, "__name__", name), third_party=False, module=module)
        loaded.plugins.append(plugin)
        _start(loaded, plugin)
        if plugin.state != "loaded":
            raise PluginError(name, f"{plugin.reason}\n{plugin.traceback}".strip())
    if entry_points is None:
        entry_points = importlib.metadata.entry_points(group=GROUP)
    found = _discover(entry_points)
    found += [_absent(name) for name in sorted(choice.required - {plugin.name for plugin in found})]
    loaded.plugins += found
    _start_in_order(loaded, [plugin for plugin in found if _may_start(plugin, choice)])
    loaded.took_s = time.perf_counter() - began
    log.info(
        "%d of %d plugins at work after %.0f ms",
        len(loaded.working()),
        len(loaded.plugins),
        loaded.took_s * 1000,
    )
    return loaded


def take_out(
    loaded: LoadedPlugins, plugin: Plugin, state: State, reason: Reason, error: BaseException | None = None
) -> None:
    """Take a plugin out again that had been started, and with it those that cannot work without it."""
    loaded.manager.unregister(name=plugin.name)
    plugin.end(state, reason, error)
    for capability in [offer for offer, giver in loaded.offered.items() if giver == plugin.name]:
        del loaded.offered[capability]
    for other in loaded.working():
        if other.manifest and (missing := _missing(loaded, other)):
            try:
                _refuse_for_want(loaded, other, missing)
            except Stopped as stopped:
                take_out(loaded, other, stopped.state, stopped.reason)


def refuse_taken(loaded: LoadedPlugins, hook: str, taken: Iterable[Any]) -> None:
    """Take out the plugins that give something under a name that the server itself has.

    :param taken: what the server itself has: :class:`~labelwright.routes.Routes` for ``register_routes``.
    """
    kind = CONTRIBUTIONS[hook]
    ours = {name.casefold(): name for item in taken for name in kind.claims(item)}
    for plugin in loaded.working():
        names = [name for item in plugin.contributions.get(hook, ()) for name in kind.claims(item)]
        if clash := next((name for name in names if name.casefold() in ours), None):
            take_out(
                loaded, plugin, "refused", why("duplicate", what=kind.word, name=clash, plugin="labelwright")
            )


def _discover(entry_points: Iterable[importlib.metadata.EntryPoint]) -> list[Plugin]:
    """Every installed plugin with its manifest, ours first, then by name: so of two that clash, the guest gives way."""
    plugins: dict[str, Plugin] = {}
    our_author = _our_author()
    for point in entry_points:
        plugin = Plugin(point.name, point.value.partition(":")[0].strip(), **_distribution(point, our_author))
        if (first := plugins.get(plugin.name)) is None:
            plugins[plugin.name] = plugin
            _read_manifest(plugin)
        elif (first.distribution, first.module_name) != (plugin.distribution, plugin.module_name):
            first.end(
                "refused",
                why("twice", name=plugin.name, first=first.distribution, second=plugin.distribution),
            )
    return sorted(plugins.values(), key=lambda plugin: (plugin.third_party, plugin.name))


def _absent(name: str) -> Plugin:
    plugin = Plugin(name, "")
    plugin.end("refused", why("not-installed"))
    return plugin


def _distribution(point: importlib.metadata.EntryPoint, our_author: str | None) -> dict[str, Any]:
    """Whose it is. Ours are those by the author of the core's own distribution."""
    if point.dist is None:
        return {}
    author = _author(point.dist)
    return {
        "distribution": point.dist.name,
        "version": point.dist.version,
        "third_party": author is None or author != our_author,
    }


def _our_author() -> str | None:
    try:
        return _author(importlib.metadata.distribution("labelwright"))
    except importlib.metadata.PackageNotFoundError:
        return None


def _author(distribution: importlib.metadata.Distribution) -> str | None:
    authors = distribution.metadata.get_all("Author")
    return authors[0] if authors else None


def _read_manifest(plugin: Plugin) -> None:
    try:
        plugin.folder = manifest.locate(plugin.module_name)
        plugin.assets = Assets(plugin.folder)
        plugin.manifest = manifest.read(plugin.folder)
    except InvalidManifest as error:
        plugin.end("refused", why("bad-manifest", message=str(error)))
    except Exception as error:  # a finder of the import system, or the disk
        plugin.end("refused", why("bad-manifest", message=in_words(error)), error)
    else:
        if plugin.manifest.name != plugin.name:
            plugin.end("refused", why("other-name", entry=plugin.name, name=plugin.manifest.name))


def _may_start(plugin: Plugin, choice: Choice) -> bool:
    """Whether the configuration and the versions let it start. A guard is not left out by safe mode."""
    if plugin.name in choice.disabled:
        plugin.end("disabled", why("switched-off"))
    elif choice.enabled is not None and plugin.name not in choice.enabled | choice.required:
        plugin.end("disabled", why("not-enabled"))
    elif plugin.state != "loaded" or plugin.manifest is None:
        return False
    elif choice.safe_mode and plugin.third_party and not plugin.guards and plugin.name not in choice.required:
        plugin.end("disabled", why("safe-mode"))
    elif not plugin.manifest.accepts(API_VERSION):
        plugin.end("refused", why("api-range", range=plugin.manifest.api, version=API_VERSION))
    return plugin.state == "loaded"


def _start_in_order(loaded: LoadedPlugins, waiting: list[Plugin]) -> None:
    """Start each plugin after those that offer what it requires."""
    while waiting:
        ready = next((plugin for plugin in waiting if not _missing(loaded, plugin)), None)
        if ready is None:
            break
        waiting.remove(ready)
        _start(loaded, ready)
    for plugin in waiting:
        try:
            _refuse_for_want(loaded, plugin, _missing(loaded, plugin))
        except Stopped as stopped:
            plugin.end(stopped.state, stopped.reason)


def _missing(loaded: LoadedPlugins, plugin: Plugin) -> list[str]:
    assert plugin.manifest is not None
    return capabilities.missing(plugin.manifest.requires, loaded.offered | _own(plugin.manifest))


def _own(found: Manifest) -> dict[str, str]:
    return dict.fromkeys(found.provides, found.name)


def _refuse_for_want(loaded: LoadedPlugins, plugin: Plugin, missing: Sequence[str]) -> None:
    """:raises Stopped: if anything is missing; the words name who would offer it."""
    if not missing:
        return
    givers = [
        p for p in loaded.plugins if p is not plugin and p.manifest and missing[0] in p.manifest.provides
    ]
    if not givers:
        raise Stopped("refused", why("missing-requirement", missing=", ".join(missing)))
    state = "waiting for this one" if givers[0].state == "loaded" else givers[0].state
    raise Stopped(
        "refused", why("broken-requirement", missing=missing[0], plugin=givers[0].name, state=state)
    )


def _start(loaded: LoadedPlugins, plugin: Plugin) -> None:
    """Import a plugin and take in what it gives: all of it, or nothing. Whatever it is, it stops only itself."""
    try:
        _take_in(loaded, plugin)
    except Stopped as stopped:
        plugin.end(stopped.state, stopped.reason, stopped.__cause__)
    except Exception as error:
        plugin.end("failed", why("unfit", error=in_words(error)), error)


def _take_in(loaded: LoadedPlugins, plugin: Plugin) -> None:
    """:raises Stopped: at the first gate that stays shut."""
    if plugin.module is None:
        try:
            plugin.module = importlib.import_module(plugin.module_name)
        except (Exception, SystemExit) as error:
            raise Stopped("failed", why("import-failed", error=in_words(error))) from error
    hooks = hooks_of(plugin.module, plugin.name)
    given = collect(plugin.module, hooks, plugin.name)
    _refuse_clashes(loaded, plugin.name, given)
    seen = describe(plugin.name, plugin.module, hooks, given)
    _refuse_for_want(loaded, plugin, capabilities.missing(seen.requires, loaded.offered | _own(seen)))
    if plugin.manifest is not None and plugin.manifest != seen:
        plugin.reason = why("stale-manifest", package=plugin.module_name)
        log.warning("plugin %s: %s", plugin.name, plugin.reason)
    plugin.manifest, plugin.contributions = seen, given
    plugin.place = len(loaded.manager.get_plugins())
    loaded.manager.register(plugin.module, plugin.name)
    loaded.offered.update(_own(seen))


def _refuse_clashes(loaded: LoadedPlugins, plugin: str, given: Mapping[str, Sequence[Any]]) -> None:
    """:raises Stopped: if another plugin, or this one itself, gives something of the same name, in any case."""
    for hook, items in given.items():
        kind = CONTRIBUTIONS[hook]
        others = (
            [] if kind.is_private else [(p.name, p.contributions.get(hook, ())) for p in loaded.working()]
        )
        taken = {
            name.casefold(): (thing, other)
            for other, theirs in others
            for item in theirs
            for name, thing in kind.claims(item).items()
        }
        for name, thing in (claim for item in items for claim in kind.claims(item).items()):
            first, owner = taken.setdefault(name.casefold(), (thing, plugin))
            if first is not thing:
                raise Stopped("refused", why("duplicate", what=kind.word, name=name, plugin=owner))
