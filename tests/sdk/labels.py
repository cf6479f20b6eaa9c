"""The organisation's labels and where projects use them. The client has no methods for them, so these are requests."""

from __future__ import annotations

import secrets
from typing import Any

from .methods import labelled
from .world import NOBODY, Catalogue, Step, World

CATALOGUE = Catalogue()
step = CATALOGUE.add


def nouns() -> list[str]:
    return list(dict.fromkeys(one.method for one in CATALOGUE.steps))


def of(noun: str) -> list[Step]:
    return [one for one in CATALOGUE.steps if one.method == noun]


def a_title(w: World) -> str:
    """Labels outlive their projects, so each needs a name of its own."""
    title = f"label-{secrets.token_hex(6)}"
    w.recorder.known[title] = "<title>"
    return title


def made(w: World, project: int, **more: Any) -> dict[str, Any]:
    item = {"project": project, "from_name": "mood", "title": a_title(w), "value": "fine", **more}
    return dict(w.http.post("/api/labels/", json=[item]).json()[0])


def a_label(w: World) -> tuple[int, int, str]:
    """A project, a label that it uses, and the label's title."""
    project = w.project()
    label = made(w, project)
    return project, label["id"], label["title"]


def a_link(w: World) -> tuple[int, int, int]:
    """A project, a label that it uses, and the link of the two."""
    project, label, _ = a_label(w)
    return project, label, w.http.get(f"/api/labels/{label}/").json()["links"][0]


def in_a_project(w: World) -> tuple[int, str]:
    return w.project(), a_title(w)


def asked(given: tuple[int, str], **more: Any) -> dict[str, Any]:
    return {"project": given[0], "from_name": "mood", "title": given[1], "value": "fine", **more}


step("labels: list", lambda w, p: w.http.get("/api/labels/?page_size=1"), a_label, only_shape=True)
step("labels: list of a project", lambda w, p: w.http.get(f"/api/labels/?project={p[0]}"), a_label)
step("labels: list, expanded", lambda w, p: w.http.get(f"/api/labels?project={p[0]}&expand=links"), a_label)
step("labels: list, beyond", lambda w, p: w.http.get(f"/api/labels/?project={p[0]}&page=9"), a_label)
step("labels: create", lambda w, p: w.http.post("/api/labels/", json=[asked(p)]), in_a_project)
for name, more in {
    "a choice of two levels": {"value": ["a", "b"]},
    "described": {"description": "d", "approved": True},
    "no title": {"title": ""},
    "title null": {"title": None},
    "no value": {"value": None},
    "no control": {"from_name": ""},
    "an unknown control": {"from_name": "nothing"},
    "an unknown project": {"project": NOBODY},
}.items():
    step(
        f"labels: create, {name}",
        lambda w, p, more=more: w.http.post("/api/labels/", json=[asked(p, **more)]),
        in_a_project,
    )
step(
    "labels: create, there already",
    lambda w, p: w.http.post("/api/labels/", json=[asked((p[0], p[2]), value="other")]),
    a_label,
)
step("labels: create, none", lambda w, _: w.http.post("/api/labels/", json=[]))
step("labels: create, no list", lambda w, p: w.http.post("/api/labels/", json=asked(p)), in_a_project)
step("labels: get", lambda w, p: w.http.get(f"/api/labels/{p[1]}/"), a_label)
step("labels: get, expanded", lambda w, p: w.http.get(f"/api/labels/{p[1]}/?expand=links"), a_label)
step("labels: get none", lambda w, _: w.http.get(f"/api/labels/{NOBODY}/"))
step(
    "labels: change",
    lambda w, p: w.http.patch(f"/api/labels/{p[1]}/", json={"description": "d", "approved": True}),
    a_label,
)
step(
    "labels: change, title taken",
    lambda w, p: w.http.patch(f"/api/labels/{p[0]}/", json={"title": p[1]}),
    lambda w: (a_label(w)[1], a_label(w)[2]),
)
step(
    "labels: change, title empty",
    lambda w, p: w.http.patch(f"/api/labels/{p[1]}", json={"title": ""}),
    a_label,
)
step("labels: put", lambda w, p: w.http.put(f"/api/labels/{p[1]}/", json={"title": p[2]}), a_label)
step("labels: delete", lambda w, p: w.http.delete(f"/api/labels/{p[1]}/"), a_label)
step(
    "labels: rename",
    lambda w, p: w.http.post(
        "/api/labels/bulk",
        json={"project": p[0], "from_name": "mood", "old_label": ["good"], "new_label": ["bad"]},
    ),
    labelled,
)
step(
    "labels: rename nothing",
    lambda w, p: w.http.post(
        "/api/labels/bulk/",
        json={"project": p[0], "from_name": "mood", "old_label": ["x"], "new_label": ["bad"]},
    ),
    labelled,
)
step("labels: rename without words", lambda w, p: w.http.post("/api/labels/bulk", json={}), labelled)
step("links: list of a project", lambda w, p: w.http.get(f"/api/label_links/?project={p[0]}"), a_link)
step(
    "links: list, expanded", lambda w, p: w.http.get(f"/api/label_links/?project={p[0]}&expand=label"), a_link
)
step("links: get", lambda w, p: w.http.get(f"/api/label_links/{p[2]}/"), a_link)
step("links: get none", lambda w, _: w.http.get(f"/api/label_links/{NOBODY}/"))
step(
    "links: create",
    lambda w, p: w.http.post("/api/label_links/", json={"project": p[0], "label": p[1], "from_name": "mood"}),
    lambda w: (w.project(), a_label(w)[1]),
)
step(
    "links: create, there already",
    lambda w, p: w.http.post("/api/label_links/", json={"project": p[0], "label": p[1], "from_name": "mood"}),
    a_link,
)
step("links: create nothing", lambda w, _: w.http.post("/api/label_links/", json={}))
step(
    "links: create, unknown label",
    lambda w, p: w.http.post("/api/label_links/", json={"project": p, "label": NOBODY, "from_name": "mood"}),
    World.project,
)
step(
    "links: change",
    lambda w, p: w.http.patch(f"/api/label_links/{p[2]}/", json={"from_name": "other"}),
    a_link,
)
step("links: delete", lambda w, p: w.http.delete(f"/api/label_links/{p[2]}/"), a_link)
