"""The pages and their files: one document, what the script needs in it, files that browsers may keep."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import labelwright
from tests.web.application import Api
from tests.web.shared import api, house

__all__ = ["api", "house"]
STATIC = Path(labelwright.__file__).parent / "static"


def document(api: Api, path: str = "/projects") -> str:
    answer = api("GET", path)
    assert answer.status_code == 200
    return answer.text


def test_every_page_is_the_same_document(api: Api) -> None:
    for path in (
        "/",
        "/projects/",
        "/projects/create",
        "/projects/1/data",
        "/projects/1/label",
        "/jobs",
        "/plugins",
    ):
        assert 'id="boot"' in document(api, path)


def test_all_that_the_document_names_is_there(api: Api) -> None:
    text = document(api)
    addresses = re.findall(r'(?:src|href)="(/static/[^"]+)"', text)
    imports = json.loads(re.search(r'<script type="importmap"[^>]*>(.*?)</script>', text)[1])["imports"]
    assert "labelwright" in imports
    for address in [*addresses, *imports.values()]:
        answer = api("GET", address)
        assert answer.status_code == 200, address
        assert "immutable" in answer.headers["Cache-Control"]
        if address.endswith(".js"):
            assert answer.mimetype == "text/javascript"


def test_scripts_carry_the_nonce_of_the_policy(api: Api) -> None:
    answer = api("GET", "/projects")
    nonce = re.search(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])[1]
    scripts = re.findall(r"<script[^>]*>", answer.text)
    assert scripts
    assert all(f'nonce="{nonce}"' in script for script in scripts)
    assert nonce not in document(api), "each answer has a nonce of its own"


def test_what_people_typed_cannot_end_the_script(api: Api) -> None:
    api("PATCH", "/api/users/1/", json={"first_name": "</script><script>alert(1)</script>"})
    text = document(api)
    assert "alert(1)</script>" not in text
    assert "\\u003c/script" in text


def test_scripts_travel_compressed(api: Api) -> None:
    name = json.loads((STATIC / "entry.json").read_text())["preload"][0]
    answer = api("GET", f"/static/{name}", headers={"Accept-Encoding": "gzip, br"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.data) == (STATIC / name).read_bytes()
    assert "Content-Encoding" not in api("GET", f"/static/{name}").headers


def test_the_first_load_stays_small(api: Api) -> None:
    """All scripts that the projects page can load before a labelling page is opened; the target is in docs."""
    entry = json.loads((STATIC / "entry.json").read_text())
    first = {*entry["js"], *entry["preload"]}
    size = sum(len(gzip.compress((STATIC / name).read_bytes())) for name in first)
    assert size < 150_000


def test_no_path_leads_out_of_the_folder(api: Api) -> None:
    for path in (
        "../app.py",
        "..%2fapp.py",
        "%2e%2e/app.py",
        "/etc/passwd",
        "..\\app.py",
        "entry.json%00.js",
        ".",
    ):
        assert api("GET", f"/static/{path}").status_code == 404
        assert api("GET", f"/plugins/tag_image/x/{path}").status_code == 404
