"""What each ``register_`` hook may answer with, and how two answers clash.

One row a hook: the loader, the registry, the manifest and the documentation read this table, so that a new thing that
a plugin can be is a base class, a hook and a row.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import click
import orjson

from labelwright.config import Setting
from labelwright.exporters import Exporter
from labelwright.importers import Importer
from labelwright.job_kinds import JobKind
from labelwright.pages import Page
from labelwright.queues import Queue
from labelwright.tags import Tag
from labelwright.templates import Template


def _claims_name(item: Any) -> dict[str, Any]:
    return {item.name: item}


def _claims_kind(kind: JobKind) -> dict[str, Any]:
    return {kind.kind: kind}


def _claims_elements(tag: type[Tag]) -> dict[str, Any]:
    """A tag's names, and those of the elements that are its labels: plugins may share the same class of these."""
    own = dict.fromkeys((tag.name, *tag.aliases), tag)
    return own | (_claims_elements(tag.labels) if tag.labels else {})


def _of_tag(tag: type[Tag]) -> Mapping[str, list[str]]:
    capabilities = tag().capabilities
    return {**capabilities, "provides": [*capabilities["provides"], f"tag:{tag.name}"]}


def _try_tag(tag: type[Tag]) -> None:
    """Everybody's list of tags holds this one: it must be JSON."""
    orjson.dumps(tag().info())


def _try_exporter(exporter: Exporter) -> None:
    orjson.dumps(exporter.info())
    if not exporter.suffix.startswith("."):
        raise TypeError(f"the suffix of the export format {exporter.name} must begin with a dot")


def _try_importer(importer: Importer) -> None:
    suffixes = importer.suffixes
    if isinstance(suffixes, str) or not all(s.startswith(".") and s == s.lower() for s in suffixes):
        raise TypeError(
            f"the suffixes of the import format {importer.name} must be a tuple such as ('.csv', '.tsv')"
        )


def _no_trial(item: Any) -> None:
    """Nothing of it is called for everybody."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """How the answers to one hook are checked, named and kept.

    :param word: what one of them is called in a message.
    :param base: the class that each is an instance of (or, with ``as_class``, a subclass of).
    :param claims: the names that it takes, each with what it stands for; nobody else may give one to something else.
    :param family: the family of the capability that its name is; empty: none.
    :param trial: calls what the server calls for everybody, so that a broken part is found while it can be left out.
    :param as_class: whether classes are kept as they are; otherwise a class is called once, without arguments.
    """

    word: str
    base: type
    claims: Callable[[Any], Mapping[str, Any]] = _claims_name
    family: str = ""
    trial: Callable[[Any], None] = _no_trial
    as_class: bool = False
    is_private: bool = False
    """Whether the names are the plugin's own, and may be another's too."""

    def accept(self, answer: Any) -> list[Any]:
        """Check a hook's answer and make objects of its classes.

        :raises TypeError: if it is not a list of what this hook is for; in words for the plugin's author.
        """
        if isinstance(answer, (str, bytes, type)) or not isinstance(answer, Iterable):
            raise TypeError(f"must return a list, not {answer!r}")
        return [self._accept_one(item) for item in answer]

    def _accept_one(self, item: Any) -> Any:
        is_subclass = inspect.isclass(item) and issubclass(item, self.base)
        if self.as_class and not is_subclass:
            raise TypeError(f"must return subclasses of {self.base.__name__}, not {item!r}")
        made = item() if is_subclass and not self.as_class else item
        if not self.as_class and not isinstance(made, self.base):
            raise TypeError(f"must return a list of {self.base.__name__}, not of {item!r}")
        for name in self.claims(made):
            if not isinstance(name, str) or not name:
                raise TypeError(f"{self.word} {item!r} needs a name")
        self.trial(made)
        return made

    def capabilities(self, item: Any) -> Mapping[str, list[str]]:
        """What one object ``provides`` to other plugins, and what it ``requires``."""
        if self.base is Tag:
            return _of_tag(item)
        own = [f"{self.family}:{name.replace(' ', '-')}" for name in self.claims(item)] if self.family else []
        return {"provides": own, "requires": []}


CONTRIBUTIONS: dict[str, Contribution] = {
    "register_settings": Contribution("the setting", Setting, is_private=True),
    "register_tags": Contribution("the tag", Tag, _claims_elements, trial=_try_tag, as_class=True),
    "register_templates": Contribution("the template", Template),
    "register_importers": Contribution("the import format", Importer, family="import", trial=_try_importer),
    "register_exporters": Contribution("the export format", Exporter, family="export", trial=_try_exporter),
    "register_queues": Contribution("the order of labelling", Queue, family="queue"),
    "register_jobs": Contribution("the kind of job", JobKind, _claims_kind, family="job"),
    "register_pages": Contribution("the page", Page),
    "register_commands": Contribution("the command", click.Command),
}
