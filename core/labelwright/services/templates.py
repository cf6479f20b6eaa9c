"""Templates to begin a project with, in the reader's language: configurations, pictures, sample tasks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from labelwright.errors import InvalidLabelConfig, NotFound
from labelwright.templates import Template

from . import label_configs
from .context import Context

HOOK = "register_templates"


def offered(ctx: Context) -> Iterator[Template]:
    """Those that the plugins at work can show: a template may use the tags of other plugins."""
    for template in ctx.registry.templates.values():
        with suppress(InvalidLabelConfig):
            if all(node.tag for node in label_configs.parse(ctx, template.label_config).nodes):
                yield template


def get(ctx: Context, name: str) -> Template:
    """:raises NotFound: if no plugin gives one of this name."""
    template = ctx.registry.templates.get(name)
    if template is None:
        raise NotFound(f"There is no template {name!r}.")
    return template


def config(ctx: Context, template: Template, language: str) -> str:
    """Its configuration with the words of a language."""
    return template.config_in(_messages(ctx, template).get(language, {}))


def pictures(ctx: Context, template: Template, language: str, base_url: str) -> dict[str, str]:
    """Addresses of the gallery's picture of it, by theme."""
    return template.pictures(language, _addresses(ctx, template, base_url))


def samples(ctx: Context, template: Template, language: str, base_url: str) -> list[dict[str, Any]]:
    """The data of its sample tasks; a template that brings none has the one that its tags make up."""
    tasks = template.tasks_in(language, _addresses(ctx, template, base_url))
    return tasks or [label_configs.parse(ctx, template.label_config).sample_task()]


def messages(ctx: Context, template: Template) -> dict[str, dict[str, str]]:
    """What is said of it in the gallery, by language: ``{"zh": {title: ...}}``."""
    said = (template.title, template.group, template.description)
    return {
        language: {text: catalogue[text] for text in said if text in catalogue}
        for language, catalogue in _messages(ctx, template).items()
    }


def owner(ctx: Context, template: Template) -> str:
    """The plugin that it comes from."""
    return ctx.registry.owner(HOOK, template.name)


def _messages(ctx: Context, template: Template) -> Mapping[str, Mapping[str, str]]:
    return ctx.registry.ui().get(owner(ctx, template), {})


def _addresses(ctx: Context, template: Template, base_url: str) -> Callable[[str], str | None]:
    plugin = owner(ctx, template)
    return lambda file: ctx.registry.asset_url(plugin, file, base_url)
