"""One plugin as an application knows it, and the words for what became of it."""

from __future__ import annotations

import logging
import sys
import traceback
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal

from labelwright.assets import Assets
from labelwright.manifest import Manifest

log = logging.getLogger("labelwright.plugins")

State = Literal["loaded", "disabled", "failed", "refused"]

REASONS = {
    "switched-off": "switched off by the setting disabled_plugins",
    "not-enabled": "not in the list of the setting enabled_plugins",
    "not-installed": "the setting required_plugins names it, but it is not installed",
    "safe-mode": "safe mode starts without the plugins of third parties",
    "bad-manifest": "{message}",
    "other-name": "its entry point is called '{entry}', but its manifest says '{name}'",
    "twice": "the plugin '{name}' is installed by {first} and by {second}; uninstall one",
    "api-range": "made for labelwright.api {range}, and this is {version}; install a version of the plugin that fits",
    "missing-requirement": "needs {missing}, which no plugin here offers",
    "broken-requirement": "needs {missing}, which {plugin} would offer, but it is {state}",
    "import-failed": "its code cannot be imported: {error}",
    "unknown-hook": "it implements {hook}, which is no hook of labelwright.api {version}",
    "bad-hook": "{error}",
    "register-failed": "{hook} failed: {error}",
    "unfit": "it cannot be taken in: {error}",
    "duplicate": "{what} '{name}' is already given by {plugin}",
    "migration-failed": "its tables could not be brought to this version: {error}",
    "tables-behind": "its tables are not of this version; run: labelwright migrate",
    "hook-failures": "its hooks were switched off after {count} failures in a row; the last was in {hook}: {error}",
    "stale-manifest": "its manifest is not what its code says; run: labelwright plugin manifest {package}",
}
"""Why a plugin is not (wholly) at work: code to English msgid."""


@dataclass(frozen=True, slots=True)
class Reason:
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.said({})

    def said(self, catalogue: Mapping[str, str]) -> str:
        """The sentence in a catalogue's language, or in English where it has none."""
        params = {name: catalogue.get(str(value), value) for name, value in self.params.items()}
        return catalogue.get(REASONS[self.code], REASONS[self.code]).format(**params)

    def without_details(self) -> Reason:
        """For those who do not run the server: of an exception its kind only, for its text may hold anything."""
        if "error" not in self.params:
            return self
        return Reason(self.code, {**self.params, "error": self.params["error"].partition(":")[0]})


def why(code: str, **params: Any) -> Reason:
    return Reason(code, params)


@dataclass(slots=True, eq=False)
class Plugin:
    """One plugin as this application knows it, from discovery on."""

    name: str
    module_name: str
    distribution: str = ""
    version: str = ""
    third_party: bool = True
    folder: Path | None = None
    manifest: Manifest | None = None
    module: Any = None
    state: State = "loaded"
    place: int = sys.maxsize
    """Its place in the order of starting; those that were not started come last."""
    reason: Reason | None = None
    traceback: str = ""
    contributions: dict[str, list[Any]] = field(default_factory=dict)
    hook_errors: int = 0
    failures_in_row: int = 0
    is_silent: bool = False
    """Whether its ``plan_`` and ``on_`` hooks were switched off."""
    browser_errors: int = 0
    assets: Assets = field(default_factory=partial(Assets, None))
    browser_reports: deque[dict[str, str]] = field(default_factory=partial(deque, maxlen=20))

    @property
    def guards(self) -> tuple[str, ...]:
        return self.manifest.guards if self.manifest else ()

    @property
    def kind(self) -> str:
        return self.name.partition("_")[0]

    def end(self, state: State, reason: Reason, error: BaseException | None = None) -> None:
        """Take the plugin out, and keep why."""
        self.state, self.reason, self.contributions, self.place = state, reason, {}, sys.maxsize
        if error is not None:
            self.traceback = "".join(traceback.format_exception(error))
        log.log(
            logging.INFO if state == "disabled" else logging.ERROR,
            "plugin %s is %s: %s", self.name, state, self.reason, extra={"plugin": self.name},
        )  # fmt: skip
        if self.traceback:
            log.debug("plugin %s:\n%s", self.name, self.traceback)


def in_words(error: BaseException) -> str:
    """An exception in one line, for people who do not read tracebacks."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
