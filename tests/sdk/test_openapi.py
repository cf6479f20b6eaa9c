"""Label Studio's operations are ours: compared with the facts of its own description."""

from __future__ import annotations

import json

from scripts import compare_openapi, docs_differences


def test_nothing_of_label_studios_api_is_missing() -> None:
    theirs = json.loads(compare_openapi.FACTS.read_text())
    ours = compare_openapi.compact(compare_openapi.our_document())
    lacks = [one for one in compare_openapi.compare(theirs, ours) if one.is_lack]
    assert lacks == []


def test_each_exception_is_needed() -> None:
    theirs = json.loads(compare_openapi.FACTS.read_text())
    ours = compare_openapi.compact(compare_openapi.our_document())
    given = {one.reason for one in compare_openapi.compare(theirs, ours)}
    assert {reason for *_, reason in compare_openapi.JUSTIFIED} <= given


def test_the_page_of_differences_is_current() -> None:
    assert docs_differences.PAGE.read_text() == docs_differences.page(), (
        "run: python -m scripts.docs_differences"
    )
