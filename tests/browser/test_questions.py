"""Texts, ratings, numbers and moments: answered by mouse and by keys, saved as Label Studio saves them, seen again."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.desk import OpenTask, reopen, saved
from tests.services.labelwright import LiveServer

pytest_plugins = ["tests.browser.seat"]

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


def test_questions_are_answered_by_mouse_and_by_keys(site: LiveServer, open_task: OpenTask) -> None:
    page, labelling, project = open_task(QUESTIONS, {"t": "here"})

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
    found = {item["from_name"]: item for item in saved(site, project)}
    assert {name: (item["type"], item["value"]) for name, item in found.items()} == EXPECTED
    assert 0 < found["words"]["meta"]["lead_time"] < 100  # seconds

    reopen(site, page, project)
    expect(page.get_by_role("textbox", name="Text 1 of words")).to_have_value("one (laughs)")
    expect(page.get_by_role("radio", checked=True)).to_have_accessible_name("3 of 4 stars")
    expect(number).to_have_value("4.5")
    expect(page.get_by_label("day", exact=True)).to_have_value("2026-01-31")
    expect(page.get_by_label("moment", exact=True)).to_have_value("2026-01-31T13:30")
    expect(page.get_by_label("year", exact=True)).to_have_value("1999")


def test_what_is_typed_is_kept_when_the_task_is_submitted(site: LiveServer, open_task: OpenTask) -> None:
    config = '<View><Text name="t" value="$t"/><TextArea name="words" toName="t" required="true"/></View>'
    page, labelling, project = open_task(config, {"t": "here"})
    labelling.press("Control+Enter")
    expect(page.get_by_text("words needs an answer").first).to_be_visible()
    page.get_by_role("textbox", name="words").fill("not added by a key")
    before = labelling.task
    page.get_by_role("button", name="Submit").click()
    labelling.wait_for_another(before)
    assert [item["value"] for item in saved(site, project)] == [{"text": ["not added by a key"]}]


def test_each_region_has_a_text_of_its_own(site: LiveServer, open_task: OpenTask) -> None:
    config = """<View><Labels name="l" toName="t"><Label value="Name"/></Labels><Text name="t" value="$t"/>
    <TextArea name="note" toName="t" perRegion="true"/></View>"""
    page, labelling, project = open_task(config, {"t": "Ada met Bob"})
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


def test_what_the_author_put_there_counts_as_in_label_studio(site: LiveServer, open_task: OpenTask) -> None:
    config = """<View><Text name="t" value="$t"/>
    <Choices name="some" toName="t" choice="multiple"><Choice value="A" selected="true"/><Choice value="B" alias="b" selected="true"/></Choices>
    <Choices name="deep" toName="t" choice="multiple" allowNested="true" value="$c"/>
    <Taxonomy name="kind" toName="t"><Choice value="X"><Choice value="Y" selected="true"/></Choice></Taxonomy>
    <Number name="count" toName="t" defaultValue="5" required="true"/>
    <TextArea name="words" toName="t" value="As $t is" required="true"/>
    <Rating name="stars" toName="t" defaultValue="3"/><DateTime name="day" toName="t" only="date" defaultValue="2026-01-31"/>
    <Choices name="asked" toName="t" visibleWhen="choice-selected" whenTagName="some" whenChoiceValue="C"><Choice value="Z" selected="true"/>
    </Choices></View>"""  # noqa: E501
    choices = [
        {"value": "A", "children": [{"value": "A1", "selected": True}]},
        {"value": "B", "selected": True},
    ]
    page, labelling, project = open_task(config, {"t": "it", "c": choices})
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(4)
    labelling.submit()
    assert {item["from_name"]: item["value"] for item in saved(site, project)} == {
        "some": {"choices": ["A", "b"]},
        "deep": {"choices": [["A", "A1"], ["B"]]},
        "kind": {"taxonomy": [["X", "Y"]]},
        "count": {"number": 5},
        "words": {"text": ["As it is"]},
    }


def test_texts_of_regions_are_written_in_the_list_of_regions(site: LiveServer, open_task: OpenTask) -> None:
    config = """<View><Labels name="l" toName="t"><Label value="Name"/></Labels><Text name="t" value="$t"/>
    <TextArea name="note" toName="t" perRegion="true" displayMode="region-list" editable="true" maxSubmissions="2" required="true"/></View>"""  # noqa: E501
    page, labelling, project = open_task(config, {"t": "Ada met Bob"})
    labelling.press("1")
    labelling.text("t").mark(0, 3)
    labelling.text("t").mark(8, 11)
    labelling.press("Control+Enter")
    expect(page.get_by_text("note needs an answer").first).to_be_attached()
    listed = page.get_by_role("grid", name="Regions")
    fields = listed.get_by_role("textbox", name="note", exact=True)
    expect(fields).to_have_count(2)
    fields.first.fill("a pioneer")
    fields.first.press("Enter")
    listed.get_by_role("textbox", name="note", exact=True).last.fill("a builder")
    listed.get_by_role("textbox", name="note", exact=True).first.fill("a countess")
    listed.get_by_role("textbox", name="note", exact=True).first.press("Enter")
    first = listed.get_by_role("textbox", name="Text 1 of note").first
    first.fill("the pioneer")
    first.press("Enter")
    labelling.press("Escape")
    labelling.submit()
    notes = [item["value"] for item in saved(site, project) if item["type"] == "textarea"]
    said = [(note["start"], note["end"], note["text"]) for note in notes]
    assert said == [(0, 3, ["the pioneer", "a countess"]), (8, 11, ["a builder"])]
    reopen(site, page, project)
    expect(listed.get_by_role("textbox", name="Text 2 of note")).to_have_value("a countess")
