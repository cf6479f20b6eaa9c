"""``labelwright start PATH``: a folder or a file becomes a project, once, and who typed it is let in, once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import requests

from labelwright.errors import InvalidInput
from labelwright.services.context import Caller
from labelwright.services.starting import arrivals, folders
from tests.services.labelwright import LiveServer
from tests.web.application import Api, House
from tests.web.pictures import picture
from tests.web.shared import api, house

__all__ = ["api", "house", "picture"]


@pytest.fixture
def caller(api: Api) -> Caller:
    me = api("GET", "/api/current-user/whoami").json
    return Caller(me["id"], me["email"], me["active_organization"], "owner")


@pytest.fixture
def photos(tmp_path: Path, picture: bytes) -> Path:
    """Two sorted pictures, one that is none, a sound, a list, a hidden file, and a link out of the folder."""
    folder = tmp_path / "My photos"
    for name in ("cats/1.png", "dogs/2.png", ".hidden.png"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(picture)
    (folder / "bad.png").write_bytes(b"no picture")
    (folder / "a.wav").write_bytes(b"RIFF0000WAVE")
    (folder / "list.csv").write_text("a\n1\n")
    outside = tmp_path / "outside.png"
    outside.write_bytes(picture)
    (folder / "link.png").symlink_to(outside)
    return folder


def open_path(house: House, caller: Caller, path: Path, **wishes: str) -> folders.Opened:
    return folders.open_path(house.ctx, caller, path, folders.Wishes(**wishes), lambda share, count: None)  # type: ignore[arg-type]


def tasks_of(api: Api, project: int) -> list[dict[str, str]]:
    rows = api("GET", f"/api/projects/{project}/export?download_all_tasks=true").get_json(force=True)
    return [task["data"] for task in rows]


def test_a_folder_of_pictures_is_a_project_and_stays_the_same(
    house: House, api: Api, caller: Caller, photos: Path, picture: bytes
) -> None:
    opened = open_path(house, caller, photos)
    assert (opened.is_new, opened.tasks) == (True, 2)
    project = api("GET", f"/api/projects/{opened.project}").json
    assert project["title"] == "My photos"
    assert [label in project["label_config"] for label in ('"cats"', '"dogs"', "Rectangle")] == [True] * 3
    (first, _) = tasks_of(api, opened.project)
    answer = api("GET", first["image"])
    assert (answer.status_code, answer.data) == (200, picture)
    linked = next((house.ctx.media / "upload" / str(opened.project)).iterdir())
    assert linked.stat().st_nlink == 2, "linked, not copied"
    told = "\n".join(opened.told)
    for words in ("bad.png", "1 audio, which no plugin", "1 .csv", "lead out of the folder"):
        assert words in told

    (photos / "3.png").write_bytes(picture)
    again = open_path(house, caller, photos)
    assert (again.project, again.is_new, again.tasks) == (opened.project, False, 1)
    assert open_path(house, caller, photos).tasks == 0
    api("DELETE", f"/api/projects/{opened.project}")
    assert (photos / "cats" / "1.png").read_bytes() == picture, "the files stay their owner's"
    assert open_path(house, caller, photos).is_new


def test_a_folder_of_texts_holds_a_task_each(house: House, api: Api, caller: Caller, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("一\n二", "gb18030")
    (tmp_path / "b.txt").write_text("one", "utf-8")
    (tmp_path / "c.txt").write_bytes(b"caf\xe9 \x81\x8d")
    (tmp_path / "d.txt").write_bytes(b"")
    opened = open_path(house, caller, tmp_path, labels=["Yes", "N\\o"])  # type: ignore[arg-type]
    assert tasks_of(api, opened.project) == [
        {"text": "一\n二", "file": "a.txt"},
        {"text": "one", "file": "b.txt"},
    ]
    assert ["c.txt" in opened.told[0], "d.txt" in opened.told[1]] == [True, True]
    assert 'value="N\\o"' in api("GET", f"/api/projects/{opened.project}").json["label_config"]


@pytest.mark.parametrize(
    ("name", "content", "finds", "data"),
    [
        ("a.csv", "id,the text,kind\n1,a long text,x\n2,and another,y\n", '"x"', {"text": "a long text"}),
        ("a.jsonl", '{"photo": "https://e.org/1.png"}\n', '"$photo"', {"photo": "https://e.org/1.png"}),
        ("a.json", '[{"data": {"review": "fine"}}]', '"$review"', {"review": "fine"}),
    ],
)
def test_a_file_is_looked_at(
    house: House, api: Api, caller: Caller, tmp_path: Path, name: str, content: str, finds: str, data: dict[str, str]
) -> None:  # fmt: skip
    path = tmp_path / name
    path.write_text(content, "utf-8")
    opened = open_path(house, caller, path)
    assert finds in api("GET", f"/api/projects/{opened.project}").json["label_config"]
    assert tasks_of(api, opened.project)[0].items() >= data.items()
    assert open_path(house, caller, path).project == opened.project
    path.write_text(content + "\n", "utf-8")
    assert "has changed since" in open_path(house, caller, path).told[0]


def test_what_cannot_be_labelled_makes_no_project(
    house: House, api: Api, caller: Caller, tmp_path: Path
) -> None:
    before = api("GET", "/api/projects").json["count"]
    (tmp_path / "a.wav").write_bytes(b"RIFF0000WAVE")
    with pytest.raises(InvalidInput, match="1 audio; no plugin"):
        open_path(house, caller, tmp_path)
    bad = tmp_path / "bad.csv"
    bad.write_text('text\n"never ends\n', "utf-8")
    with pytest.raises(InvalidInput):
        open_path(house, caller, bad)
    assert api("GET", "/api/projects").json["count"] == before


def test_a_link_lets_one_person_in_once(house: House, caller: Caller) -> None:
    old, code = (arrivals.invite(house.ctx, caller.user_id) for _ in range(2))
    assert arrivals.redeem(house.ctx, old) is None, "the next one ends the one before"
    assert arrivals.redeem(house.ctx, code + "x") is None
    assert arrivals.redeem(house.ctx, code) == caller.user_id
    assert arrivals.redeem(house.ctx, code) is None


def test_a_link_ends_by_itself(house: House, caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrivals, "LIFE", -arrivals.LIFE)
    assert arrivals.redeem(house.ctx, arrivals.invite(house.ctx, caller.user_id)) is None


def test_the_command_says_where_to_go_and_lets_in(tmp_path: Path, photos: Path) -> None:
    with LiveServer(tmp_path / "data", options=[str(photos)]) as server:
        link = re.search(r"open +(http\S+)", server.log)
        assert link, server.log
        browser = requests.Session()
        page = browser.get(link[1], timeout=30)
        assert (page.status_code, page.url.rpartition("/projects/")[2]) == (200, "1/data")
        home = link[1].partition("/user/")[0]
        assert browser.get(f"{home}/api/projects/1", timeout=30).json()["task_number"] == 2
        assert "/user/login" in requests.get(link[1], timeout=30).url, "it works once"
