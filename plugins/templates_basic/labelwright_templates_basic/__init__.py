"""Templates to begin with: labelling configurations for many kinds of work, each with sample tasks."""

import json
from pathlib import Path

from labelwright.api import Template, hookimpl

FOLDER = Path(__file__).parent / "templates"
SHELVES = {
    "Computer vision": (
        "image-captions", "image-questions", "shelf-inventory", "scan-findings", "screening-views", "document-pages",
        "printed-text", "scene-graph",
    ),
    "Natural language": (
        "text-answers", "text-relations", "translation", "summary", "moderation", "sentiment-and-reason",
        "text-topics",
    ),
    "Conversations": ("intents-slots", "coreference", "reply-writing", "reply-choice"),
    "Ranking": ("pairwise-score", "search-page", "document-relevance", "image-search", "picture-choice"),
    "Structured data": ("invoice-fields", "table-check", "record-notes", "web-pages"),
    "Generative AI": (
        "answer-writing", "answer-preference", "answer-grading", "answer-ranking", "chat-assessment", "picture-ranking",
    ),
}  # fmt: skip
"""Where each stands, in this order."""


@hookimpl
def register_templates() -> list[Template]:
    return [_read(name, shelf) for shelf, names in SHELVES.items() for name in names]


def _read(name: str, shelf: str) -> Template:
    facts = json.loads((FOLDER / f"{name}.json").read_bytes())
    return Template(
        name,
        facts["title"],
        shelf,
        (FOLDER / f"{name}.xml").read_text("utf-8").strip(),
        facts["description"],
        samples=facts["samples"],
    )
