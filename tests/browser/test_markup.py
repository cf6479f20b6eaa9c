"""Data are data: what stands in a task, a title or a label is never run."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import make_project
from tests.browser.pages import Labelling
from tests.services.labelwright import LiveServer

pytest_plugins = ["tests.browser.seat"]

ATTACK = '<script>window.hit = 1</script><img src="x" onerror="window.hit = 2"><svg onload="window.hit = 3">'
CONFIG = """<View>
  <Header value="$head"/>
  <Text name="text" value="$text"/>
  <Choices name="mood" toName="text"><Choice value="&lt;img src=x onerror='window.hit=4'&gt;"/></Choices>
</View>"""

HOSTILE = f"""<h1>A page</h1>{ATTACK}
<p onclick="window.hit = 6" style="background: url(javascript:window.hit=7); color: #123456">Press me</p>
<a href="javascript:window.hit = 8">A link</a> <a href=" java&#10;script:window.hit = 9">Another</a>
<iframe srcdoc="<script>parent.hit = 10</script>"></iframe><object data="javascript:window.hit = 11"></object>
<form action="javascript:window.hit = 12"><button>Send</button></form>
<meta http-equiv="refresh" content="0;url=/logout">
<base href="https://example.com/"><style>@import url("javascript:window.hit = 13"); p {{ color: #123456 }}</style>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=window.hit=14&gt;">
<svg><a xlink:href="javascript:window.hit = 15"><text y="20">Drawn</text></a><use href="data:image/svg+xml,x"/></svg>
<details open ontoggle="window.hit = 16"><summary>More</summary></details>"""
MARKED = f"""## Marked

[A marked link](javascript:window.hit=17) ![x](x"onerror="window.hit=18)

{HOSTILE}"""
OF_HTML = """<View>
  <Header value="$hostile" size="3"/>
  <HyperText name="page" value="$hostile" clickableLinks="true"/>
  <Markdown value="$marked"/>
  <Table name="facts" value="$facts"/>
  <Choices name="kind" toName="page">
    <Choice value="a" html="&lt;script&gt;window.hit=19&lt;/script&gt;&lt;img src=x
                    onerror='window.hit=21'&gt;&lt;b&gt;Bold&lt;/b&gt;"
            hint="&lt;svg onload='window.hit=20'&gt;"/>
  </Choices>
</View>"""
WHAT_COULD_RUN = """() => {
  const seen = [];
  const walk = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) walk(element.shadowRoot);
      if (element.matches("iframe, object, embed, base, meta[http-equiv=refresh]")) seen.push(element.outerHTML);
      for (const { name, value } of element.attributes) {
        const runs = /^on/.test(name) || (name !== "title" && /^\\s*j\\s*a\\s*v\\s*a\\s*script:/i.test(value));
        if (runs) seen.push(`${name}=${value}`);
      }
    }
  };
  walk(document);
  return seen;
}"""


def hit(page: Page) -> object:
    return page.evaluate("window.hit ?? null")


def test_markup_in_the_data_is_shown_as_text(site: LiveServer, seat: Page) -> None:
    project = make_project(
        site,
        CONFIG,
        [{"text": ATTACK, "head": ATTACK}],
        title="<img src=x onerror=window.hit=5>",
        description=ATTACK,
        expert_instruction=f"<p>Read this first.</p>{ATTACK}",
        show_instruction=True,
    )
    seat.goto(f"{site.url}/projects")
    expect(seat.get_by_role("link", name="<img src=x onerror=window.hit=5>")).to_be_visible()
    assert hit(seat) is None
    seat.goto(f"{site.url}/projects/{project}/data")
    expect(seat.get_by_role("grid", name="1 task", exact=True)).to_contain_text("<script>")
    assert hit(seat) is None
    seat.goto(f"{site.url}/projects/{project}/label")
    labelling = Labelling(seat).wait()
    instructions = seat.get_by_role("dialog")
    expect(instructions).to_contain_text("Read this first.")
    seat.keyboard.press("Escape")
    expect(labelling.text().place).to_contain_text(ATTACK)
    expect(seat.get_by_role("group", name="mood")).to_contain_text("<img src=x")
    assert hit(seat) is None


def test_tags_that_show_html_show_none_that_runs(site: LiveServer, seat: Page) -> None:
    data = {"hostile": HOSTILE, "marked": MARKED, "facts": {ATTACK: ATTACK}}
    project = make_project(
        site, OF_HTML, [data], expert_instruction=f"<p>Read this first.</p>{HOSTILE}", show_instruction=True
    )
    seat.goto(f"{site.url}/projects/{project}/label")
    labelling = Labelling(seat).wait()
    expect(seat.get_by_role("dialog")).to_contain_text("Read this first.")
    assert (hit(seat), seat.evaluate(WHAT_COULD_RUN)) == (None, [])
    seat.keyboard.press("Escape")
    shown = seat.get_by_role("group", name="Page page")
    expect(shown.get_by_role("heading", name="A page")).to_be_visible()
    expect(seat.get_by_role("heading", name="Marked")).to_be_visible()
    expect(seat.get_by_role("heading", name="<h1>A page</h1>")).to_be_visible()
    expect(seat.get_by_role("group", name="Table facts")).to_contain_text("<script>")
    expect(seat.get_by_role("group", name="kind")).to_contain_text("Bold")
    shown.get_by_text("Press me").click()
    for link in ("A link", "Another", "A marked link"):
        seat.get_by_text(link, exact=True).first.click()
    assert (hit(seat), seat.evaluate(WHAT_COULD_RUN)) == (None, [])
    assert seat.url == f"{site.url}/projects/{project}/label"
    assert len(seat.context.pages) == 1
    labelling.wait()


@pytest.mark.browser_errors
def test_the_content_policy_stops_a_script_that_got_in(site: LiveServer, seat: Page) -> None:
    seat.goto(f"{site.url}/projects")
    refused = seat.evaluate(
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
    assert hit(seat) is None
    seat.evaluate("""() => { document.body.innerHTML = '<img src="x:" onerror="window.hit = 2">'; }""")
    seat.wait_for_function("() => document.images[0].complete")
    assert hit(seat) is None
