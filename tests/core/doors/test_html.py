"""HTML that people write for each other."""

from __future__ import annotations

import re

import pytest

from labelwright.doors import html

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='jAvAsCrIpT:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD4='>x</a>",
    "<img src='data:text/html,x'>",
    "<img src='data:image/svg+xml;base64,PHN2Zz4='>",
    "<a href='vbscript:x'>x</a>",
    "<iframe src='https://evil.example'></iframe>",
    "<object data='x'></object><embed src=x>",
    "<form action='https://evil.example'><input name=password><button>go</button></form>",
    "<style>*{background:url(https://evil.example)}</style>",
    "<p style='position:fixed;top:0'>x</p>",
    "<link rel=stylesheet href='https://evil.example'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href='https://evil.example'>",
    "<p onclick=alert(1)>x</p>",
    "<details open ontoggle=alert(1)>x</details>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<!--><script>alert(1)</script>-->",
    "<p id=boot>x</p>",
    "<textarea><script>alert(1)</script></textarea>",
    "<a target=_top href='https://x.example'>x</a>",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_acts(attack):
    cleaned = html.clean(attack)
    assert not re.search(
        r"<(script|style|iframe|object|embed|form|input|button|link|meta|base|svg|math|template|textarea)"
        r"|\son\w+=|javascript:|vbscript:|data:text|svg\+xml|\sstyle=|\sid=|_top",
        cleaned,
        re.IGNORECASE,
    )
    assert html.clean(cleaned) == cleaned


def test_formatting_stays():
    text = "<h1>Rules</h1><p>Draw <b>every</b> car.</p><ul><li>no bikes</li></ul>"
    text += '<table><tr><td colspan="2">x</td></tr></table>'
    cleaned = html.clean(text)
    for part in ("<h1>Rules</h1>", "<b>every</b>", "<li>no bikes</li>", 'colspan="2"'):
        assert part in cleaned


def test_pictures_stay():
    text = '<img src="https://x.example/a.png" alt="a"><img src="data:image/png;base64,iVBORw0KGgo=">'
    assert html.clean(text) == text


def test_a_link_opens_a_page_that_knows_nothing_of_ours():
    cleaned = html.clean('<a href="https://x.example" target="here">x</a>')
    assert 'rel="noopener noreferrer"' in cleaned
    assert 'target="_blank"' in cleaned


def test_text_stays_text():
    assert html.clean("1 < 2 & 3 > 2") == "1 &lt; 2 &amp; 3 &gt; 2"
