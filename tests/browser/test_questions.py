"""Texts, ratings, numbers and moments: answered by mouse and by keys, saved as Label Studio saves them, seen again."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.browser.desk import reopen, saved
from tests.services.labelwright import LiveServer

QUESTIONS = """<View>
  <Text name="t" value="$t"/>
  <TextArea name="words" toName="t" label="In other words" skipDuplicates="true" editable="true"><Shortcut value="(laughs)" hotkey="q"/></TextArea>
  <TextArea name="long" toName="t" rows="3" maxSubmissions="1" value="Prefilled from $t" placeholder="At length"/>
  <Rating name="stars" toName="t" maxRating="4" hotkey="s"/>
  <Number name="count" toName="t" min="0" max="10" step="0.5" slider="true" defaultValue="3"/>
  <DateTime name="day" toName="t" only="date" format="%d.%m.%Y" min="2020-01-01"/>
  <DateTime name="moment" toName="t"/>
  <DateTime name="year" toName="t" only="year"/>
</View>"""  # noqa: E501
EXPECTED = {
    "words": ("textarea", {"text": ["one (laughs)", "three"]}),
    "long": ("textarea", {"text": ["Prefilled from here"]}),
    "stars": ("rating", {"rating": 3}),
    "count": ("number", {"number": 4.5}),
    "day": ("datetime", {"datetime": "31.01.2026"}),
    "moment": ("datetime", {"datetime": "2026-01-31T13:30"}),
    "year": ("datetime", {"datetime": "1999"}),
}


def test_questions_are_answered_by_mouse_and_by_keys(site: LiveServer, desk: Any) -> None:
    page, labelling, project = desk(QUESTIONS, {"t": "here"})

    words = page.get_by_role("textbox", name="In other words")
    words.fill("one ")
    page.get_by_role("button", name="(laughs)").click()
    words.press("Enter")
    words.press_sequentially("two")
    words.press("Enter")
    words.fill("two")  # is there already
    words.press("Enter")
    expect(page.get_by_role("textbox", name="Text 3 of words")).to_have_count(0)
    second = page.get_by_role("textbox", name="Text 2 of words")
    second.fill("three")
    second.press("Enter")

    long = page.get_by_role("textbox", name="long")
    expect(long).to_have_value("Prefilled from here")
    long.press("Shift+Enter")
    expect(page.get_by_role("textbox", name="long")).to_have_count(0)

    labelling.press("s")
    stars = page.get_by_role("radiogroup", name="stars")
    expect(stars.get_by_role("radio", checked=True)).to_have_accessible_name("1 of 4 stars")
    stars.get_by_role("radio", checked=True).press("ArrowRight")
    stars.get_by_role("radio", checked=True).press("ArrowRight")

    number = page.get_by_role("spinbutton", name="count")
    number.fill("11")
    labelling.press("Control+Enter")
    expect(page.get_by_text("From 0 to 10").last).to_be_visible()
    number.fill("4")
    number.press("ArrowUp")
    expect(page.get_by_role("slider", name="count")).to_have_value("4.5")

    page.get_by_label("day", exact=True).fill("2026-01-31")
    page.get_by_label("moment", exact=True).fill("2026-01-31T13:30")
    page.get_by_label("year", exact=True).fill("1999")
    labelling.submit()
    assert {item["from_name"]: (item["type"], item["value"]) for item in saved(site, project)} == EXPECTED

    reopen(site, page, project)
    expect(page.get_by_role("textbox", name="Text 1 of words")).to_have_value("one (laughs)")
    expect(page.get_by_role("radio", checked=True)).to_have_accessible_name("3 of 4 stars")
    expect(number).to_have_value("4.5")
    expect(page.get_by_label("day", exact=True)).to_have_value("2026-01-31")
    expect(page.get_by_label("moment", exact=True)).to_have_value("2026-01-31T13:30")
    expect(page.get_by_label("year", exact=True)).to_have_value("1999")


def test_what_is_typed_is_kept_when_the_task_is_submitted(site: LiveServer, desk: Any) -> None:
    config = '<View><Text name="t" value="$t"/><TextArea name="words" toName="t" required="true"/></View>'
    page, labelling, project = desk(config, {"t": "here"})
    labelling.press("Control+Enter")
    expect(page.get_by_text("words needs an answer").first).to_be_visible()
    page.get_by_role("textbox", name="words").fill("not added by a key")
    before = labelling.task
    page.get_by_role("button", name="Submit").click()
    labelling.wait_for_another(before)
    assert [item["value"] for item in saved(site, project)] == [{"text": ["not added by a key"]}]


def test_each_region_has_a_text_of_its_own(site: LiveServer, desk: Any) -> None:
    config = """<View><Labels name="l" toName="t"><Label value="Name"/></Labels><Text name="t" value="$t"/>
    <TextArea name="note" toName="t" perRegion="true"/></View>"""
    page, labelling, project = desk(config, {"t": "Ada met Bob"})
    text = labelling.text("t")
    labelling.press("1")
    for start, end, note in ((0, 3, "a pioneer"), (8, 11, "a builder")):
        text.mark(start, end)
        labelling.regions.last.click()
        field = page.get_by_role("textbox", name="note", exact=True)
        field.fill(note)
        field.press("Enter")
    labelling.submit()
    notes = [item["value"] for item in saved(site, project) if item["type"] == "textarea"]
    said = [(note["start"], note["end"], note["text"]) for note in notes]
    assert said == [(0, 3, ["a pioneer"]), (8, 11, ["a builder"])]
