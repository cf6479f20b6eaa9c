"""What a labelling tag can be: the base class, the declarations it is made of, and the set of those known."""

from labelwright.tags.attributes import (
    CLASSIFICATION_ATTRIBUTES,
    CONTROL_ATTRIBUTES,
    LABEL_SET_ATTRIBUTES,
    OBJECT_ATTRIBUTES,
    SHARED_TEXTS,
    VISIBILITY_ATTRIBUTES,
    Attribute,
)
from labelwright.tags.labels import Label
from labelwright.tags.tag import KeyAction, Repeats, Tag
from labelwright.tags.tagset import TagSet
from labelwright.tags.values import Either, Flag, Items, LabelList, Number, Record, String, Value

__all__ = [
    "CLASSIFICATION_ATTRIBUTES",
    "CONTROL_ATTRIBUTES",
    "LABEL_SET_ATTRIBUTES",
    "OBJECT_ATTRIBUTES",
    "SHARED_TEXTS",
    "VISIBILITY_ATTRIBUTES",
    "Attribute",
    "Either",
    "Flag",
    "Items",
    "KeyAction",
    "Label",
    "LabelList",
    "Number",
    "Record",
    "Repeats",
    "Tag",
    "TagSet",
    "String",
    "Value",
]
