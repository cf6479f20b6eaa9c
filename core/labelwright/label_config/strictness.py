"""What Label Studio's schema of configurations refuses, as the tags declare it (``Tag.strict``)."""

from __future__ import annotations

from collections.abc import Iterator

from labelwright.label_config.problems import Problem
from labelwright.label_config.xml import Element
from labelwright.tags import Tag


def schema_problems(element: Element, tag: Tag, place: str) -> Iterator[Problem]:
    """The attributes and inner elements that are missing, or of which there are too many.

    The schema knows them only in the declared spelling.

    :param place: as the schema counts: the element's index among its like, or empty if it is the only one.
    """
    written = {*element.attrs, *(child.tag for child in element.children)}
    for wanted in tag.strict:
        options = wanted.replace("^", "|").split("|")
        found = [option for option in options if option in written]
        if not found:
            yield _missing(element, tag, options, place)
        elif "^" in wanted and len(found) > 1:
            yield Problem(
                "error",
                "excluding-attributes",
                f"Validation failed on {place}: only one of {' and '.join(map(repr, found))} is allowed",
                f"Keep one of {' and '.join(found)}.",
                element.line,
                tag.name,
                found[-1],
                {"names": ", ".join(found)},
            )


def _missing(element: Element, tag: Tag, options: list[str], place: str) -> Problem:
    name = options[0]
    return Problem(
        "error",
        "missing-attribute",
        f"Validation failed on {place}: '{name}' is a required property",
        f"Give {tag.name} " + " or ".join(_described(option, tag) for option in options) + ".",
        element.line,
        tag.name,
        name if name in tag.all_attributes else None,
        {"name": name},
    )


def _described(option: str, tag: Tag) -> str:
    return f'{option}="..."' if option in tag.all_attributes else f"a {option} inside"
