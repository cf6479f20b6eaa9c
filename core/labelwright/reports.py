"""How plugins are, for the Plugins page, the API and the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labelwright.assets import Assets
from labelwright.plugin import Plugin, Reason

_CORE = Assets(Path(__file__).parent)
"""The core's own translations."""


@dataclass(frozen=True, slots=True)
class PluginReport:
    """One line of the Plugins page."""

    name: str
    distribution: str
    version: str
    title: str
    description: str
    kind: str
    api: str
    state: str
    reason: str
    """English sentence; empty when all is well."""
    code: str
    """Kebab-case name of the reason, empty when all is well; ``params`` is what it speaks of."""
    params: Mapping[str, Any]
    traceback: str
    """For administrators only."""
    provides: tuple[str, ...]
    requires: tuple[str, ...]
    hooks: tuple[str, ...]
    guard: bool
    third_party: bool
    hook_errors: int
    browser_errors: int
    browser_reports: tuple[Mapping[str, str], ...]
    """The last errors that browsers told of, newest last; for administrators only."""
    messages: Mapping[str, Mapping[str, str]]
    """``title``, ``description`` and ``reason`` in other languages: ``{"zh": {English: text}}``."""

    def to_json(self, *, is_admin: bool) -> dict[str, Any]:
        """What ``/api/plugins`` answers."""
        facts = {name: getattr(self, name) for name in self.__slots__}
        facts["ui_errors"] = self.browser_errors
        for name in ("provides", "requires", "hooks", "browser_reports"):
            facts[name] = list(facts[name])
        return facts if is_admin else self._without_details(facts)

    def _without_details(self, facts: dict[str, Any]) -> dict[str, Any]:
        brief = Reason(self.code, self.params).without_details() if self.code else None
        if brief is not None:
            facts |= {"reason": str(brief), "params": brief.params}
            facts["messages"] = {
                locale: words | {str(brief): brief.said(_CORE.messages[locale])}
                for locale, words in _without(self.messages, self.reason).items()
            }
        return {name: value for name, value in facts.items() if name not in ("traceback", "browser_reports")}


def _without(messages: Mapping[str, Mapping[str, str]], text: str) -> dict[str, dict[str, str]]:
    return {
        locale: {key: said for key, said in words.items() if key != text}
        for locale, words in messages.items()
    }


def report_of(plugin: Plugin) -> PluginReport:
    """One line of the Plugins page."""
    known = plugin.manifest
    title, description = (known.title, known.description) if known else (plugin.name, "")
    return PluginReport(
        name=plugin.name,
        distribution=plugin.distribution,
        version=plugin.version,
        title=title,
        description=description,
        kind=plugin.kind,
        api=known.api if known else "",
        state=plugin.state,
        reason=str(plugin.reason or ""),
        code=plugin.reason.code if plugin.reason else "",
        params=plugin.reason.params if plugin.reason else {},
        traceback=plugin.traceback,
        provides=known.provides if known else (),
        requires=known.requires if known else (),
        hooks=known.hooks if known else (),
        guard=bool(plugin.guards),
        third_party=plugin.third_party,
        hook_errors=plugin.hook_errors,
        browser_errors=plugin.browser_errors,
        browser_reports=tuple(plugin.browser_reports),
        messages={locale: _words(plugin, locale, title, description) for locale in _CORE.messages},
    )


def _words(plugin: Plugin, locale: str, *texts: str) -> dict[str, str]:
    own = plugin.assets.messages.get(locale, {})
    said = {str(plugin.reason): plugin.reason.said(_CORE.messages[locale])} if plugin.reason else {}
    return {text: own[text] for text in texts if text in own} | said
