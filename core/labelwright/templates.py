"""What a labelling template is: a configuration to begin a project with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Template:
    """A labelling configuration that somebody may start from.

    :param name: unique among all plugins, kebab-case: ``image-boxes``.
    :param title: English msgid: ``Boxes on images``.
    :param group: the shelf it stands on, English msgid: ``Computer vision``.
    :param label_config: the XML; a test parses it without a warning.
    :param begins_with: the kind of media (``image``, ``text``, ``audio``, ``video``) of which a folder begins a project
        with this template: the first of a kind is taken. Empty: none.
    :param description: one sentence for the person who chooses; English msgid.
    """

    name: str
    title: str
    group: str
    label_config: str
    description: str = ""
    begins_with: str = ""
