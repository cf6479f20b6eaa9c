"""The tags that an application knows, found by name in any case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from labelwright.tags.tag import Tag


class TagSet(Mapping[str, Tag]):
    """Name to the one instance of each tag. Built once, and never changed: parsed configurations are cached by it.

    The elements that stand for labels inside a tag come with it; two plugins may bring the same class.

    :raises ValueError: if two different classes claim one name; the message names both.
    """

    def __init__(self, classes: Iterable[type[Tag]]) -> None:
        self._tags: dict[str, Tag] = {}
        self._by_name: dict[str, Tag] = {}
        self._by_result: dict[str, Tag] = {}
        self._labels: dict[type[Tag], Tag] = {}
        for tag_class in classes:
            self._add(tag_class)
            if tag_class.labels:
                self._labels[tag_class.labels] = self._add(tag_class.labels)

    def _add(self, tag_class: type[Tag]) -> Tag:
        known = self._by_name.get(tag_class.name.casefold())
        if known is not None and type(known) is tag_class:
            return known
        tag = self._tags[tag_class.name] = tag_class()
        for name in (tag_class.name, *tag_class.aliases):
            other = self._by_name.setdefault(name.casefold(), tag)
            if other is not tag:
                raise ValueError(
                    f"the tag {name!r} of {tag_class.__module__} is already {other.name!r} of {type(other).__module__}"
                )
        if tag_class.result_type:
            self._by_result.setdefault(tag_class.result_type, tag)
        return tag

    def label_of(self, tag: Tag) -> Tag | None:
        """The tag of the elements that are this tag's labels."""
        return self._labels.get(tag.labels) if tag.labels else None

    def find(self, element: str) -> Tag | None:
        """The tag of an element of a configuration, whose name may be written in any case."""
        return self._by_name.get(element.casefold())

    def of_result(self, result_type: str) -> Tag | None:
        """The tag that writes results of this ``type``."""
        return self._by_result.get(result_type)

    def like(self, element: str) -> str | None:
        """The name that an unknown element was perhaps meant to have."""
        close = get_close_matches(element.casefold(), self._by_name, n=1, cutoff=0.75)
        return self._by_name[close[0]].name if close else None

    def __getitem__(self, name: str) -> Tag:
        return self._tags[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tags)

    def __len__(self) -> int:
        return len(self._tags)
