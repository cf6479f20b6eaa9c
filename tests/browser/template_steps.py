"""How each template's first sample task is labelled by keys alone. What is not named here has no story yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.browser.by_keys import Step, box, choose, go_to, key, mark, relate, type_in, write

STEPS: Mapping[str, Sequence[Step]] = {
    "image-classes": [choose("Indoors")],
    "image-boxes": [box("Car", (-210, 80), (150, 90))],
    "image-captions": [write("c", "A red car stands in front of two houses.", "Shift+Enter")],
    "image-questions": [choose("Plain to see"), write("c", "Red")],
    "shelf-inventory": [box("Bottle", (-130, -140), (30, 80)), key("Alt+."), choose("Faces the front"), key("n", 2)],
    "scan-findings": [box("Nodule", (-60, -50), (30, 30)), choose("Found, can wait")],
    "screening-views": [choose("Suspicious", 0), choose("Normal", 1), key("d", 2)],
    "document-pages": [
        *(box("Title", (-60, -90), (120, 30)), choose("Cover")),
        *(key("Alt+ArrowRight"), choose("Text")),
        *(key("Alt+ArrowRight"), choose("Appendix")),
    ],
    "printed-text": [box("Heading", (-90, -140), (180, 40)), key("Alt+."), write("i", "SOUP DAY")],
    "scene-graph": [
        *(box("Person", (80, -10), (60, 160)), box("Animal", (-30, -50), (100, 50))),
        *(relate("beside"), write("i", "brown")),
    ],
    "text-classes": [choose("Positive")],
    "text-entities": [mark("Person", 0, 2)],
    "text-answers": [mark("Answer", 29), choose("The text says it")],
    "text-relations": [mark("Person", 0, 2), mark("Company", 1), relate("founded")],
    "translation": [write("t", "Bitte geben Sie den Schlüssel bis elf Uhr ab.", "Shift+Enter")],
    "summary": [write("w", "The library lends out tools, and lacks room for them.", "Shift+Enter")],
    "moderation": [choose("Against the rules"), choose("Insult"), key("r", 2)],
    "sentiment-and-reason": [choose("Positive"), choose("Quality")],
    "text-topics": [go_to("[role=combobox]"), type_in("Weather"), key("Enter"), key("Escape")],
    "coreference": [mark("Person", 0), mark("Pronoun", 5), relate("is the same as")],
    "intents-slots": [choose("Book"), mark("Number of people", 2)],
    "reply-writing": [write("r", "I will ask the carrier today.", "Shift+Enter")],
    "reply-choice": [choose(number=0)],
    "pairwise": [key("ArrowLeft")],
    "ranking": [go_to("[data-thing]"), key("2"), key("3"), key("2")],
    "pairwise-score": [key("s", 18)],
    "search-page": [go_to("[data-thing]"), key("Shift+ArrowDown")],
    "document-relevance": [choose("Answers it", 0), choose("Off the point", 1), choose("Off the point", 2)],
    "image-search": [choose("Same kind", 0), choose("Same kind", 1), choose("Other", 2), choose("Same thing", 3)],
    "picture-choice": [choose("B"), choose("Badly drawn")],
    "invoice-fields": [
        *(write("s", "Fern & Daughter"), write("d", "03142031", "Escape")),
        *(go_to("[data-control=total] input"), type_in("82.50")),
    ],
    "table-check": [choose("Has mistakes"), choose("A sum is wrong"), key("n")],
    "record-notes": [write("k", "harbour"), write("k", "oil painting")],
    "web-pages": [choose("Shop"), choose("Opening hours")],
    "answer-writing": [write("w", "A ship pushes away more water than it weighs.", "Shift+Enter")],
    "answer-preference": [key("ArrowLeft"), choose("More correct")],
    "answer-grading": [key("q", 5), key("w", 4), key("e", 5)],
    "answer-ranking": [go_to("[data-thing]"), key("2"), key("4"), key("3")],
    "chat-assessment": [key("h", 5), key("t", 4), key("p", 5)],
    "picture-ranking": [go_to("[data-thing]"), key("Shift+ArrowDown")],
}  # fmt: skip

IN_CHINESE: Mapping[str, str] = {
    "A red car stands in front of two houses.": "两座房子前停着一辆红色汽车。",
    "Red": "红色",
    "SOUP DAY": "热汤日",
    "brown": "棕色",
    "Bitte geben Sie den Schlüssel bis elf Uhr ab.": "Please hand in the key by eleven o'clock.",
    "The library lends out tools, and lacks room for them.": "图书馆出借工具，但场地不够。",
    "I will ask the carrier today.": "我今天就联系快递公司。",
    "Fern & Daughter": "芳与女儿装订坊",
    "harbour": "港口",
    "oil painting": "油画",
    "A ship pushes away more water than it weighs.": "船排开的水比它自身更重，所以能浮起来。",
}
"""What is written in those pages, for the pictures of the gallery."""
