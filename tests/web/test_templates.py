"""Templates over HTTP: in the reader's language, with pictures and tasks that can be fetched."""

from __future__ import annotations

import pytest

from labelwright.api import Template
from tests.web.application import Api, House
from tests.web.shared import api, house

__all__ = ["api", "house"]


def listed(api: Api, lang: str = "") -> dict[str, dict]:
    query = f"?lang={lang}" if lang else ""
    return {row["name"]: row for row in api("GET", f"/api/templates/{query}").json["templates"]}


def test_labels_are_in_the_language_that_is_asked_for(api: Api) -> None:
    english, chinese = listed(api)["text-classes"], listed(api, "zh")["text-classes"]
    assert '<Choice value="Positive"/>' in english["config"]
    assert '<Choice value="正面"/>' in chinese["config"]
    assert chinese["messages"]["zh"]["Text classification"] == "文本分类"
    assert listed(api, "tlh")["text-classes"]["config"] == english["config"]


def test_conditions_name_the_answers_of_the_language(api: Api) -> None:
    config = listed(api, "zh")["moderation"]["config"]
    assert 'whenChoiceValue="违规"' in config
    assert '<Choice value="违规"/>' in config


def test_sample_tasks_can_be_imported_and_their_pictures_fetched(api: Api) -> None:
    tasks = api("GET", "/api/templates/document-pages/samples").json
    picture = api("GET", tasks[0]["pages"][0]["image"])
    assert picture.mimetype == "image/svg+xml"
    template = listed(api)["document-pages"]
    project = api("POST", "/api/projects", json={"title": "Pages", "label_config": template["config"]}).json[
        "id"
    ]
    imported = api("POST", f"/api/projects/{project}/import", json=tasks)
    assert (imported.status_code, imported.json["task_count"]) == (201, len(tasks))


def test_the_pictures_of_the_gallery_are_there(api: Api) -> None:
    row = listed(api, "zh")["summary"]
    assert api("GET", row["image"]).mimetype == "image/webp"
    assert api("GET", row["image_dark"]).data != api("GET", row["image"]).data


def test_an_unknown_template_is_not_found(api: Api) -> None:
    answer = api("GET", "/api/templates/none/samples")
    assert (answer.status_code, answer.json["detail"]) == (404, "There is no template 'none'.")


@pytest.fixture
def missing_tag(house: House, monkeypatch: pytest.MonkeyPatch) -> str:
    template = Template("from-afar", "From afar", "Far", '<View><Hologram name="h" value="$h"/></View>')
    monkeypatch.setattr(house.ctx.registry, "templates", {"from-afar": template})
    return template.name


def test_a_template_whose_tags_nobody_brings_is_not_offered(api: Api, missing_tag: str) -> None:
    assert listed(api) == {}
