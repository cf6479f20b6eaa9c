"""What a labelling template is: a configuration to begin a project with, and tasks to try it on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape, unescape
from typing import Any

READ_BY_PEOPLE = ("value", "title", "label", "placeholder", "hint", "html", "requiredMessage")
"""Attributes whose text stands on the labelling page."""
NAMES_OF_ANSWERS = ("whenChoiceValue", "whenLabelValue")
"""Attributes that name answers by their text, comma-separated: they change with it."""
ATTRIBUTE = re.compile(rf'\b({"|".join((*READ_BY_PEOPLE, *NAMES_OF_ANSWERS))})="([^"]*)"')
LETTER = re.compile(r"[^\W\d_]")
PICTURE = "templates/{name}{language}{theme}.webp"
ASSET = re.compile(r"\basset:([\w./-]+)")


@dataclass(frozen=True, slots=True)
class Template:
    """A labelling configuration that somebody may start from.

    What people read in the configuration (labels, headings, placeholders) is translated by the plugin's catalogue, like
    the title: whoever uses the server in Chinese begins with Chinese labels.

    A picture for the gallery may lie in the plugin's static folder as ``templates/<name>.webp``, beside it
    ``<name>.dark.webp``, ``<name>.zh.webp`` and ``<name>.zh.dark.webp``. Without any, one is drawn from the tags.

    :param name: unique among all plugins, kebab-case: ``image-boxes``.
    :param title: English msgid: ``Boxes on images``.
    :param group: the shelf it stands on, English msgid: ``Computer vision``.
    :param label_config: the XML; a test parses it without a warning.
    :param begins_with: the kind of media (``image``, ``text``, ``audio``, ``video``) of which a folder begins a project
        with this template: the first of a kind is taken. Empty: none.
    :param description: one sentence for the person who chooses; English msgid.
    :param samples: the data of a few tasks by language, ``{"en": [{"text": "..."}], "zh": [...]}``, to look at it
        with and to begin with. ``asset:scan.png`` in a text stands for the address of a file in the plugin's static
        folder.
    """

    name: str
    title: str
    group: str
    label_config: str
    description: str = ""
    begins_with: str = ""
    samples: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict, hash=False)

    @property
    def words(self) -> Iterator[str]:
        """The texts of the configuration that people read: msgids of the plugin's catalogue."""
        for name, text in ATTRIBUTE.findall(self.label_config):
            text = unescape(text)
            if name in READ_BY_PEOPLE and not text.startswith("$") and LETTER.search(text):
                yield text

    def config_in(self, messages: Mapping[str, str]) -> str:
        """The configuration with its words as a catalogue has them."""

        def translated(found: re.Match[str]) -> str:
            name, text = found[1], unescape(found[2])
            if name in NAMES_OF_ANSWERS:
                text = ",".join(messages.get(part.strip(), part) for part in text.split(","))
            else:
                text = messages.get(text, text)
            return f'{name}="{escape(text)}"'

        return ATTRIBUTE.sub(translated, self.label_config) if messages else self.label_config

    def tasks_in(self, language: str, address: Callable[[str], str | None]) -> list[dict[str, Any]]:
        """The data of the sample tasks, in this language or else in English.

        :param address: of a file in the plugin's static folder; ``None`` if it is not there.
        """
        rows = self.samples.get(language) or self.samples.get("en") or ()
        return [{name: _with_addresses(value, address) for name, value in row.items()} for row in rows]

    def pictures(self, language: str, address: Callable[[str], str | None]) -> dict[str, str]:
        """Addresses of the gallery's picture by theme, ``light`` and ``dark``; empty where there is none."""
        own = "" if language == "en" else f".{language}"
        light = address(self._picture(own, "")) or address(self._picture("", "")) or ""
        dark = address(self._picture(own, ".dark")) or address(self._picture("", ".dark")) or light
        return {"light": light, "dark": dark}

    def _picture(self, language: str, theme: str) -> str:
        return PICTURE.format(name=self.name, language=language, theme=theme)


def _with_addresses(value: Any, address: Callable[[str], str | None]) -> Any:
    match value:
        case str():
            return ASSET.sub(lambda found: address(found[1]) or "", value)
        case list():
            return [_with_addresses(item, address) for item in value]
        case dict():
            return {name: _with_addresses(item, address) for name, item in value.items()}
    return value
