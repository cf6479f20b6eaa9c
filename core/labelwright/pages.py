"""What a page that a plugin adds to the browser application is: a topic among a project's settings, and its module."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """A topic among a project's settings, drawn by a module in the plugin's static folder.

    The module's default export is ``{api: 1, kind: "page", page: name, mount(el, ctx)}``: see
    ``docs/plugins/browser.md``.

    :param name: unique among all plugins, kebab-case: ``webhooks``. It stands in the page's address.
    :param title: what the menu calls it; English msgid.
    :param ui: the module, a path below the static folder: ``webhooks.js``.
    """

    name: str
    title: str
    ui: str
