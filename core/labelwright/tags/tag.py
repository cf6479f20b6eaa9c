"""What a labelling tag can be.

A tag is declared once, in Python; the check of configurations and of results, the JSON Schema, the documentation,
the editor and the browser read that declaration. A control of one's own takes ten lines::

    class Stars(Tag):
        "Give the task one to five stars."

        name = "Stars"
        result_type = "stars"
        per_region = True
        ui = "stars.js"
        attributes = {"max": Attribute(default=5, minimum=1, help="How many stars there are.")}
        value = {"stars": Number(minimum=0, integer=True, sample=3)}
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from labelwright.tags.attributes import (
    CLASSIFICATION_ATTRIBUTES,
    CONTROL_ATTRIBUTES,
    OBJECT_ATTRIBUTES,
    Attribute,
    declared,
)
from labelwright.tags.values import LabelList, Value, check_keys, object_schema

if TYPE_CHECKING:
    from labelwright.label_config.nodes import Node
    from labelwright.label_config.problems import Problem

Kind = Literal["object", "control", "visual", "label"]
ACTION_NAME = re.compile(r"[a-z][a-z0-9_-]*:[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True)
class Repeats:
    """A tag whose children are repeated for each item of a list in the task."""

    over: str
    """The attribute that names the list, e.g. ``on`` for ``on="$images"``."""
    flag: str
    """The attribute that holds the word which stands for the item's index (0 is the first)."""


@dataclass(frozen=True)
class KeyAction:
    """Something that a tag's browser module does at a key, which people may put on another one."""

    id: str
    """What people's own maps of keys call it, ``section:action``: Label Studio's name where it has the action."""
    title: str
    """What it does, in a few words: "Next item"."""
    keys: tuple[str, ...] = ()
    """The usual ones: ``r``, ``ctrl+shift+z``, ``alt+left``."""

    def __post_init__(self) -> None:
        if ACTION_NAME.fullmatch(self.id) is None:
            raise ValueError(f"{self.id!r} must be a section and an action: section:action")


class Tag:
    """One element of the configuration language. Declare a subclass and return it from ``register_tags``.

    Instances have no state: there is one for each application, and every method is given the element
    (:class:`~labelwright.label_config.nodes.Node`) that it speaks of.
    """

    name: ClassVar[str]
    """The element's name, ``RectangleLabels``. Configurations may write it in any case."""
    kind: ClassVar[Kind] = "control"
    """``object`` shows data, ``control`` asks, ``visual`` arranges, ``label`` is one of its parent's labels."""
    aliases: ClassVar[tuple[str, ...]] = ()
    """Other names of the element."""
    attributes: ClassVar[Mapping[str, Any]] = {}
    """Name to :class:`Attribute`, or to a bare default. Those that every tag of the kind has come by themselves."""
    ui: ClassVar[str | None] = None
    """The browser module, a file of the plugin's ``static`` folder. None: the parent draws it, or nobody."""

    example: ClassVar[str] = ""
    """A configuration to try it with in the playground; without one, it is put together from the declarations."""
    column_type: ClassVar[str] = "String"
    """Of an object: what the data manager takes the fields for that it shows. Other types get a preview in lists."""

    result_type: ClassVar[str | None] = None
    """``type`` of the results that it writes. An object tag may write results too, with itself as ``to_name``."""
    value_key: ClassVar[str | None] = None
    """The main key of the result's ``value``; by default the result type."""
    value: ClassVar[Mapping[str, Value]] = {}
    """The keys of the result's ``value``. The key of the labels is there by itself if ``labels`` is set."""
    per_region: ClassVar[bool] = False
    """It answers a question, and with ``perRegion`` does so for each region, whose geometry such results repeat."""
    labels: ClassVar[type[Tag] | None] = None
    """The class of the elements inside that are its labels: :class:`Label`, or one of the plugin's own."""
    dynamic: ClassVar[str | None] = None
    """The attribute that may name a task field with labels that come with the data."""

    space: ClassVar[str | None] = None
    """Of an object: the space it offers, ``2d``, ``text``, ``time``. Of a control: the one it needs; None is any."""
    span: ClassVar[Mapping[str, Value]] = {}
    """Of an object: the keys by which a plain set of labels marks a part of it, e.g. ``start`` and ``end``."""
    reads: ClassVar[tuple[str, ...]] = ()
    """The attributes that name task fields; ``value`` on objects by default."""
    input_types: ClassVar[tuple[type, ...]] = (str,)
    """The JSON types of the task field that ``value`` names, as Python types."""

    many_targets: ClassVar[bool] = False
    """``toName`` may be a comma-separated list."""
    targets_controls: ClassVar[bool] = False
    """``toName`` points at a control and no result is written, as a search box over labels does."""
    any_target: ClassVar[bool] = False
    """Its results keep their meaning when the object that they speak of gets another name."""
    borrows_labels: ClassVar[bool] = False
    """Its results carry the labels of other controls, as a track carries those of the set beside it."""
    repeats: ClassVar[Repeats | None] = None
    holds: ClassVar[tuple[str, ...] | None] = None
    """What may stand inside: kinds of tags, ``("object", "control", "visual")``, or tags by their names.

    By default a set of labels holds these and what arranges them, a repeater everything, other tags nothing. A visual
    tag that others hold by its name stands only in those. The check of configurations is more lenient: this is what
    the visual editor offers.
    """
    markup: ClassVar[bool] = False
    """What stands inside is markup to show, not elements of the configuration."""
    strict: ClassVar[tuple[str, ...]] = ()
    """Attributes, and elements inside, without which Label Studio refuses the configuration; others only warn.

    ``a|b`` needs one of them or more, ``a^b`` exactly one.
    """
    strict_inside: ClassVar[bool] = False
    """Label Studio looks for strict attributes directly inside too; in a set of labels, only at labels and layout."""
    provides: ClassVar[tuple[str, ...]] = ()
    """Capabilities beside those of ``space`` and ``region``, e.g. ``codec:rle``."""
    requires: ClassVar[tuple[str, ...]] = ()
    actions: ClassVar[tuple[KeyAction, ...]] = ()
    """What its browser module does at keys. A tool is called ``tool:`` and its name."""
    region: ClassVar[str | None] = None
    """The type of region that it draws, ``rectangle``: any plugin's control can ask for ``region:rectangle``."""

    @cached_property
    def all_attributes(self) -> dict[str, Attribute]:
        """Every attribute that the element may have: those of its kind, its own, and what all questions have."""
        shared: dict[str, Any] = {}
        if self.kind == "object":
            shared.update(OBJECT_ATTRIBUTES)
        if self.kind == "control":
            shared.update(CONTROL_ATTRIBUTES)
        all_questions = CLASSIFICATION_ATTRIBUTES if self.per_region else {}
        late = {name: one for name, one in all_questions.items() if name not in self.attributes}
        return declared({**shared, **self.attributes, **late})

    @cached_property
    def keys(self) -> Mapping[str, Value]:
        """Every declared key of the result's value."""
        if self.labels is None or self.main_key is None or self.main_key in self.value:
            return self.value
        return {**self.value, self.main_key: LabelList(help="Labels of the region.")}

    @property
    def main_key(self) -> str | None:
        return self.value_key or self.result_type

    @property
    def field_attributes(self) -> tuple[str, ...]:
        """The attributes that name task fields."""
        return self.reads or (("value",) if self.kind == "object" else ()) + (
            (self.dynamic,) if self.dynamic else ()
        )

    @property
    def inside(self) -> tuple[str, ...]:
        """What may stand inside, as ``holds`` says or its default."""
        if self.holds is not None:
            return self.holds
        if self.labels:
            return (self.labels.name, "visual")
        return ("object", "control", "visual") if self.repeats else ()

    @property
    def capabilities(self) -> dict[str, list[str]]:
        provides = ([f"space:{self.space}"] if self.kind == "object" and self.space else []) + [
            *self.provides
        ]
        requires = ([f"space:{self.space}"] if self.kind == "control" and self.space else []) + [
            *self.requires
        ]
        if self.region:
            provides.append(f"region:{self.region}")
        return {"provides": provides, "requires": requires}

    def suits_bulk(self, node: Node) -> bool:
        """Whether one answer can be given to many tasks at once."""
        if self.kind != "control" or not self.result_type:
            return True
        draws = bool(self.region) or (self.labels is not None and not self.per_region)
        asks_each = node.get("perRegion") is True or node.get("perItem") is True
        return not draws and not asks_each and not (self.dynamic and self.dynamic in node.attrs)

    def check_config(self, node: Node) -> Iterable[Problem]:
        """Say what is wrong with one element, beyond its names and the types of its attributes."""
        return ()

    def check(self, value: dict[str, Any], node: Node) -> None:
        """Check the ``value`` of one result.

        Override it for rules between keys, and call the inherited one first. Units belong in this docstring.

        :raises InvalidRegion: with ``field`` relative to the value, e.g. ``width``; ``""`` for the value itself.
        """
        check_keys(value, self.keys)

    def doubts(self, value: dict[str, Any], node: Node, data: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Say what is odd about a checked value beside the task's data, as ``(code, sentence)``; nothing is refused."""
        return ()

    def check_span(self, value: dict[str, Any], node: Node) -> None:
        """Of an object: check where a plain set of labels marks a part of it.

        :raises InvalidRegion: with ``field`` relative to the value.
        """
        check_keys(value, self.span)

    def schema(self, node: Node) -> dict[str, Any]:
        """JSON Schema of the ``value`` that this element writes; labels are narrowed to those it has."""
        schema = object_schema(self.keys)
        labels = schema["properties"].get(self.main_key)
        if (
            labels
            and node.labels
            and not node.has_dynamic_labels
            and labels.get("items") == {"type": "string"}
        ):
            schema["properties"][self.main_key] = {
                **labels,
                "items": {"type": "string", "enum": list(node.labels)},
            }
        return schema

    def sample(self, node: Node) -> dict[str, Any]:
        """A ``value`` that :meth:`check` accepts, for previews, documentation and tests."""
        value = {
            key: declaration.sample
            for key, declaration in self.keys.items()
            if declaration.sample is not None
        }
        if self.labels and self.main_key and self.main_key not in value:
            value[self.main_key] = list(node.labels[:1])
        return value

    def sample_data(self, node: Node, attribute: str) -> Any:
        """Task data to preview the element with: what the field named by ``attribute`` might hold."""
        if attribute == self.dynamic:
            return [{"value": "Dynamic label 1"}, {"value": "Dynamic label 2"}]
        return "Sample text"

    def info(self) -> dict[str, Any]:
        """The declaration as JSON, for the browser and the documentation."""
        return {
            "tag": self.name,
            "kind": self.kind,
            "help": " ".join((inspect.getdoc(type(self)) or "").partition("\n\n")[0].split()),
            "resultType": self.result_type,
            "valueKey": self.main_key,
            "space": self.space,
            "aliases": list(self.aliases),
            "labels": self.labels is not None,
            "label": self.labels.name if self.labels else None,
            "dynamic": self.dynamic,
            "perRegion": self.per_region,
            "region": self.region,
            "holds": list(self.inside),
            "markup": self.markup,
            "reads": list(self.field_attributes),
            "manyTargets": self.many_targets,
            "repeats": {"over": self.repeats.over, "flag": self.repeats.flag} if self.repeats else None,
            "attributes": {name: attribute.info() for name, attribute in self.all_attributes.items()},
            "actions": [{"id": one.id, "title": one.title, "keys": list(one.keys)} for one in self.actions],
            "ui": self.ui,
            "capabilities": self.capabilities,
        }
