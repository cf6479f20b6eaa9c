"""The reference of tags is what the declarations say."""

from scripts import docs_tags


def test_the_page_is_current() -> None:
    written = docs_tags.PAGE.read_text("utf-8")
    assert written == docs_tags.page(docs_tags.installed()), "run: python -m scripts.docs_tags"
