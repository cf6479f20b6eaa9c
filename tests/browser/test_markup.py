"""Data are data: what stands in a task, a title or a label is never run."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter, make_project
from tests.browser.pages import Labelling
from tests.services.labelwright import LiveServer

ATTACK = '<script>window.hit = 1</script><img src="x" onerror="window.hit = 2"><svg onload="window.hit = 3">'
CONFIG = """<View>
  <Header value="$head"/>
  <Text name="text" value="$text"/>
  <Choices name="mood" toName="text"><Choice value="&lt;img src=x onerror='window.hit=4'&gt;"/></Choices>
</View>"""


def hit(page: Page) -> object:
    return page.evaluate("window.hit ?? null")


def test_markup_in_the_data_is_shown_as_text(site: LiveServer, enter: Enter) -> None:
    project = make_project(
        site,
        CONFIG,
        [{"text": ATTACK, "head": ATTACK}],
        title="<img src=x onerror=window.hit=5>",
        description=ATTACK,
        expert_instruction=f"<p>Read this first.</p>{ATTACK}",
        show_instruction=True,
    )
    page, _ = enter()
    page.goto(f"{site.url}/projects")
    expect(page.get_by_role("link", name="<img src=x onerror=window.hit=5>")).to_be_visible()
    assert hit(page) is None
    page.goto(f"{site.url}/projects/{project}/data")
    expect(page.get_by_role("grid", name="1 task", exact=True)).to_contain_text("<script>")
    assert hit(page) is None
    page.goto(f"{site.url}/projects/{project}/label")
    labelling = Labelling(page).wait()
    instructions = page.get_by_role("dialog")
    expect(instructions).to_contain_text("Read this first.")
    page.keyboard.press("Escape")
    expect(labelling.text().place).to_contain_text(ATTACK)
    expect(page.get_by_role("group", name="mood")).to_contain_text("<img src=x")
    assert hit(page) is None


@pytest.mark.browser_errors
def test_the_content_policy_stops_a_script_that_got_in(site: LiveServer, enter: Enter) -> None:
    page, _ = enter()
    refused = page.evaluate(
        """async () => {
          const seen = new Promise((tell) => addEventListener(
            "securitypolicyviolation", (event) => tell(event.effectiveDirective), { once: true }));
          const script = document.createElement("script");
          script.textContent = "window.hit = 1";
          document.body.append(script);
          return seen;
        }"""
    )
    assert refused == "script-src-elem"
    assert hit(page) is None
    page.evaluate("""() => { document.body.innerHTML = '<img src="x:" onerror="window.hit = 2">'; }""")
    page.wait_for_function("() => document.images[0].complete")
    assert hit(page) is None
