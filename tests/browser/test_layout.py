"""Documents, comparing and sorting, relations, and what folds: by mouse and by keys, saved as Label Studio saves it."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import tasks_of
from tests.browser.desk import OpenTask, reopen, saved
from tests.services.labelwright import LiveServer

pytest_plugins = ["tests.browser.seat"]

DOCUMENTS = """<View>
  <Style>.intro h2 { color: rgb(0, 128, 128) }</Style>
  <Markdown className="intro" value="## Is this **spam** of $author?"/>
  <HyperText name="page" value="$html"/><Table value="$facts"/>
  <Choices name="kind" toName="page"><Choice value="Spam"/></Choices>
</View>"""
HOSTILE = """<style>p { color: rgb(0, 128, 0) } body { display: none }</style><script>window.hit = 1</script>
<p style="font-size: 20px" onclick="window.hit = 1">Dear <a href="javascript:window.hit=1">reader</a></p>
<img src="data:," onerror="window.hit = 1"><iframe src="/"></iframe><form action="/"><input></form>"""
RANKING = """<View><List name="l" value="$items" title="Results"/>
  <Ranker name="r" toName="l"><Bucket name="good" title="Good"/><Bucket name="bad" title="Bad"/></Ranker></View>"""
ITEMS = [
    {"id": "a", "title": "Alpha", "body": "one"},
    {"id": "b", "title": "Beta", "html": "<i>two</i>"},
    {"id": 3, "title": "Gamma"},
]
PAIR = (
    """<View><Text name="a" value="$a"/><Text name="b" value="$b"/><Pairwise name="p" toName="a,b"/></View>"""
)
RELATED = """<View>
  <Relations><Relation value="founded" background="#00aa55"/><Relation value="lives in"/></Relations>
  <Labels name="l" toName="t"><Label value="Person"/><Label value="Place"/></Labels><Text name="t" value="$t"/>
</View>"""
WORDS = "Ada founded Acme in London."
FOLDED = """<View>
  <Text name="t" value="$t"/>
  <Collapse>
    <Panel value="More of $t">
      <Choices name="needed" toName="t" required="true"><Choice value="yes"/></Choices>
    </Panel>
    <Panel value="Rest" open="true"><Header value="Nothing"/></Panel>
  </Collapse>
  <Filter toName="town" minlength="0" hotkey="shift+f" placeholder="Find a town"/>
  <Choices name="town" toName="t"><Choice value="Aachen"/><Choice value="Berlin"/><Choice value="Bern"/></Choices>
  <Repeater on="$parts" mode="pagination">
    <Text name="part_{{idx}}" value="$parts[{{idx}}].words"/>
    <Choices name="kind_{{idx}}" toName="part_{{idx}}">
      <Choice value="first kind"/><Choice value="second kind"/>
    </Choices>
  </Repeater>
</View>"""


def test_documents_are_shown_and_nothing_in_them_runs(site: LiveServer, open_task: OpenTask) -> None:
    page, labelling, project = open_task(DOCUMENTS, {"author": "Ada", "html": HOSTILE, "facts": {"size": 12}})
    heading = page.get_by_role("heading", name="Is this spam of Ada?")
    expect(heading).to_have_css("color", "rgb(0, 128, 128)")
    shown = page.get_by_role("group", name="Page page")
    words = shown.get_by_text("Dear reader")
    expect(words).to_have_css("color", "rgb(0, 128, 0)")
    expect(words).to_have_css("font-size", "20px")
    expect(shown.locator("script, iframe, form, input, a[href]")).to_have_count(0)
    words.click()
    assert page.evaluate("window.hit") is None
    expect(
        page.get_by_role("group", name="Table", exact=True).get_by_role("row", name="size 12")
    ).to_be_visible()
    labelling.press("1")
    labelling.submit()
    assert saved(site, project) == [
        {"from_name": "kind", "to_name": "page", "type": "choices", "value": {"choices": ["Spam"]}}
    ]


def test_things_are_sorted_by_mouse_and_by_keys(site: LiveServer, open_task: OpenTask) -> None:
    page, labelling, project = open_task(RANKING, {"items": ITEMS})
    good = page.get_by_role("list", name="Good")
    page.get_by_text("Alpha", exact=True).drag_to(page.locator("section", has=good))
    expect(good.get_by_role("listitem")).to_have_text(["Alphaonea"])
    page.get_by_role("listitem").filter(has_text="Beta").focus()
    labelling.press("Shift+ArrowRight")
    labelling.press("Shift+ArrowUp")
    labelling.press("Shift+ArrowUp")
    expect(good.get_by_role("listitem").first).to_contain_text("Beta")
    page.get_by_role("listitem").filter(has_text="Gamma").focus()
    labelling.press("3")
    labelling.submit()
    order = {"_": [], "good": ["b", "a"], "bad": ["3"]}
    assert saved(site, project) == [
        {"from_name": "r", "to_name": "l", "type": "ranker", "value": {"ranker": order}}
    ]
    reopen(site, page, project)
    expect(good.get_by_role("listitem").first).to_contain_text("Beta")


def test_one_of_two_is_chosen_by_a_press_or_an_arrow(site: LiveServer, open_task: OpenTask) -> None:
    page, labelling, project = open_task(PAIR, {"a": "The first answer", "b": "The second answer"})
    page.get_by_text("The second answer").click()
    expect(page.get_by_role("radio", name="Right")).to_be_checked()
    labelling.press("ArrowLeft")
    expect(page.get_by_role("radio", name="Left")).to_be_checked()
    labelling.submit()
    assert saved(site, project) == [
        {"from_name": "p", "to_name": "p", "type": "pairwise", "value": {"selected": "left"}}
    ]


def test_regions_are_related_by_the_list_and_by_keys(site: LiveServer, open_task: OpenTask) -> None:
    page, labelling, project = open_task(RELATED, {"t": WORDS})
    text = labelling.text("t")
    for key, word in (("1", "Ada"), ("1", "Acme"), ("2", "London")):
        labelling.press(key)
        text.mark(WORDS.index(word), WORDS.index(word) + len(word))
        labelling.press("u")
    rows = labelling.regions
    expect(rows).to_have_count(3)
    rows.nth(0).click()
    labelling.press("Alt+r")
    rows.nth(1).click()
    labels = page.get_by_role("group", name="Labels of the relation")
    labels.get_by_role("button", name="founded").click()
    rows.nth(2).click()
    page.get_by_role("grid", name="Regions").focus()
    labelling.press("Alt+r")
    labelling.press("ArrowUp")
    labelling.press("Enter")
    labelling.press("Alt+Shift+R")
    expect(page.locator(".lw-relation-line")).to_have_count(2)
    labelling.submit()
    result = tasks_of(site.client(), project)[0]["annotations"][0]["result"]
    ada, acme, london = (item["id"] for item in result[:3])
    assert result[3:] == [
        {"from_id": ada, "to_id": acme, "type": "relation", "direction": "right", "labels": ["founded"]},
        {"from_id": london, "to_id": acme, "type": "relation", "direction": "left"},
    ]


def test_what_is_folded_opens_where_an_answer_is_missing(site: LiveServer, open_task: OpenTask) -> None:
    page, labelling, project = open_task(
        FOLDED, {"t": "London", "parts": [{"words": "one"}, {"words": "two"}]}
    )
    labelling.press("Shift+F")
    page.keyboard.type("be")
    expect(page.get_by_role("checkbox", name="Aachen")).to_be_hidden()
    labelling.press("Enter")
    expect(page.get_by_role("checkbox", name="Berlin")).to_be_checked()
    expect(page.get_by_role("checkbox", name="Aachen")).to_be_visible()
    labelling.press("Escape")
    labelling.press("Alt+ArrowRight")
    page.get_by_label("second kind").click()
    labelling.press("Control+Enter")
    expect(page.get_by_role("button", name="More of London")).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("button", name="Rest")).to_have_attribute("aria-expanded", "false")
    page.get_by_label("yes").click()
    labelling.submit()
    answers = {item["from_name"]: item["value"]["choices"] for item in saved(site, project)}
    assert answers == {"town": ["Berlin"], "kind_1": ["second kind"], "needed": ["yes"]}
