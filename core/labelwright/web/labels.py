"""/api/labels and /api/label_links: labels of the organisation, and the controls of projects that use them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelwright.models import Label, LabelLink
from labelwright.services import jobs, label_links, labels, renaming

from . import fields, requests
from .projects import envelope
from .routing import Routes, caller, context

routes = Routes("labels", "Labels of the organization")
ROUTES = [routes]

PAGE = 100
MOST = 1000


class PageQuery(fields.Schema):
    page = fields.Whole()
    page_size = fields.Whole()
    project = fields.Whole(least=1)
    expand = fields.Text(blank=True)
    omit = fields.Text(blank=True)


class LinksQuery(PageQuery):
    from_name = fields.Text(most=2048)


class ShapeQuery(fields.Schema):
    expand = fields.Text(blank=True)
    omit = fields.Text(blank=True)


class NewLabelIn(fields.Schema):
    project = fields.Whole(least=1, required=True)
    from_name = fields.Text(required=True, most=2048)
    value = fields.Anything(required=True)
    title = fields.Text(required=True, most=2048)
    description = fields.Text(blank=True, allow_none=True)
    approved = fields.Flag()
    approved_by = fields.Whole(allow_none=True)


class LabelIn(fields.Schema):
    value = fields.Anything(required=True)
    title = fields.Text(required=True, most=2048)
    description = fields.Text(blank=True, allow_none=True)
    approved = fields.Flag()
    created_by = fields.Whole(required=True)
    approved_by = fields.Whole(allow_none=True)
    organization = fields.Whole(required=True)


class LinkIn(fields.Schema):
    from_name = fields.Text(required=True, most=2048)
    project = fields.Whole(least=1, required=True)
    label = fields.Whole(least=1, required=True)


class RenameIn(fields.Schema):
    project = fields.Whole(least=1, allow_none=True)
    old_label = fields.Anything(required=True)
    new_label = fields.Anything(required=True)


class LabelOut(fields.Schema):
    id = fields.Whole(required=True)
    links = fields.Many(fields.Whole(), required=True)
    created_at = fields.Moment(required=True)
    updated_at = fields.Moment(required=True)
    value = fields.Anything(required=True)
    title = fields.Text(required=True)
    description = fields.Text(allow_none=True)
    approved = fields.Flag()
    created_by = fields.Whole(required=True, allow_none=True)
    approved_by = fields.Whole(allow_none=True)
    organization = fields.Whole(required=True)
    projects = fields.Many(fields.Whole(), required=True)


class LinkOut(fields.Schema):
    id = fields.Whole(required=True)
    annotations_count = fields.Whole(required=True)
    from_name = fields.Text(required=True)
    project = fields.Whole(required=True)
    label = fields.Whole(required=True)


class PageOut(fields.Schema):
    count = fields.Whole(required=True)
    next = fields.Text(allow_none=True)
    previous = fields.Text(allow_none=True)


class LabelsOut(PageOut):
    results = fields.Many(fields.Part(LabelOut), required=True)


class LinksOut(PageOut):
    results = fields.Many(fields.Part(LinkOut), required=True)


class RenamedOut(fields.Schema):
    annotations_updated = fields.Whole(required=True)


# --- labels ---------------------------------------------------------------------------------------------------


@routes.get("/api/labels", query=PageQuery, answers={200: LabelsOut})
def list_labels(query: Mapping[str, Any]) -> dict[str, Any]:
    """List the organisation's labels, in the order in which they were made."""
    ctx = context()
    number, size = requests.page(query, PAGE, most=MOST)
    with ctx.database.read() as session:
        found = labels.find(ctx, session, caller(), project_id=query.get("project"), page=number, size=size)
        rows = labels.to_json(session, found.labels, expand=_names(query, "expand"))
    return envelope([_without(row, query) for row in rows], found.total, number, size)


@routes.post("/api/labels", body=NewLabelIn, many=True, answers={201: "the labels, one for each asked for"})
def create_labels(body: list[Mapping[str, Any]]) -> tuple[Any, int]:
    """Put labels to use in a project. One that the organisation has under the same title is taken as it is."""
    return labels.create(context(), caller(), body), 201


@routes.post(
    "/api/labels/bulk",
    body=RenameIn,
    answers={200: RenamedOut, 202: "the job, with ``Prefer: respond-async``"},
)
def rename_label(body: Mapping[str, Any]) -> tuple[Any, int]:
    """Rename a label in the answers of a project, or of all projects.

    A label is a text, or the path of texts that leads to it. It is renamed wherever it stands; other labels of the
    same answer stay.
    """
    ctx, asked = context(), (body["old_label"], body["new_label"], body.get("project"))
    if not requests.is_async():
        return {"annotations_updated": renaming.rename(ctx, caller(), *asked)}, 200
    job = renaming.begin(ctx, caller(), *asked)
    with ctx.database.read() as session:
        return jobs.to_json(jobs.get(session, caller(), job)), 202


@routes.get("/api/labels/<int:label_id>", query=ShapeQuery, answers={200: LabelOut})
def get_label(label_id: int, query: Mapping[str, Any]) -> dict[str, Any]:
    """Show a label, with the links to the projects that use it."""
    ctx = context()
    with ctx.database.read() as session:
        return _label(session, labels.get(session, caller(), label_id), query)


@routes.patch("/api/labels/<int:label_id>", body=LabelIn, answers={200: LabelOut})
def change_label(label_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Change a label. Answers that carry it stay as they are."""
    return _changed_label(label_id, body)


@routes.put("/api/labels/<int:label_id>", body=LabelIn, answers={200: LabelOut}, hidden=True)
def replace_label(label_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Replace a label's fields."""
    return _changed_label(label_id, body)


@routes.delete("/api/labels/<int:label_id>", answers={204: "deleted"})
def delete_label(label_id: int) -> tuple[None, int]:
    """Delete a label, with its links. Answers that carry it stay as they are."""
    labels.remove(context(), caller(), label_id)
    return None, 204


# --- links ----------------------------------------------------------------------------------------------------


@routes.get("/api/label_links", query=LinksQuery, answers={200: LinksOut})
def list_links(query: Mapping[str, Any]) -> dict[str, Any]:
    """List which controls of which projects use the organisation's labels, and in how many annotations."""
    ctx = context()
    number, size = requests.page(query, PAGE, most=MOST)
    with ctx.database.read() as session:
        found = label_links.find(
            ctx, session, caller(), project_id=query.get("project"), from_name=query.get("from_name"),
            page=number, size=size,
        )  # fmt: skip
        rows = label_links.to_json(session, found.links, expand=_names(query, "expand"))
    return envelope([_without(row, query) for row in rows], found.total, number, size)


@routes.post("/api/label_links", body=LinkIn, answers={201: LinkOut})
def create_link(body: Mapping[str, Any]) -> tuple[Any, int]:
    """Put a label to use in a project."""
    return _shown_link(label_links.create(context(), caller(), body)), 201


@routes.get("/api/label_links/<int:link_id>", query=ShapeQuery, answers={200: LinkOut})
def get_link(link_id: int, query: Mapping[str, Any]) -> dict[str, Any]:
    """Show a link, and in how many annotations its label stands."""
    ctx = context()
    with ctx.database.read() as session:
        return _link(session, label_links.get(session, caller(), link_id), query)


@routes.patch("/api/label_links/<int:link_id>", body=LinkIn, answers={200: LinkOut})
def change_link(link_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Change which control, project or label a link joins."""
    return _shown_link(label_links.change(context(), caller(), link_id, body))


@routes.put("/api/label_links/<int:link_id>", body=LinkIn, answers={200: LinkOut}, hidden=True)
def replace_link(link_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Replace a link's fields."""
    return _shown_link(label_links.change(context(), caller(), link_id, body))


@routes.delete("/api/label_links/<int:link_id>", answers={204: "deleted"})
def delete_link(link_id: int) -> tuple[None, int]:
    """Take a label out of use in a project. The label stays."""
    label_links.remove(context(), caller(), link_id)
    return None, 204


def _changed_label(label_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    ctx = context()
    label = labels.change(ctx, caller(), label_id, body)
    with ctx.database.read() as session:
        return _label(session, label, {})


def _shown_link(link: LabelLink) -> dict[str, Any]:
    with context().database.read() as session:
        return _link(session, link, {})


def _label(session: Any, label: Label, query: Mapping[str, Any]) -> dict[str, Any]:
    [row] = labels.to_json(session, [label], expand=_names(query, "expand"))
    return _without(row, query)


def _link(session: Any, link: LabelLink, query: Mapping[str, Any]) -> dict[str, Any]:
    [row] = label_links.to_json(session, [link], expand=_names(query, "expand"))
    return _without(row, query)


def _without(row: dict[str, Any], query: Mapping[str, Any]) -> dict[str, Any]:
    left_out = _names(query, "omit")
    return {key: value for key, value in row.items() if key not in left_out}


def _names(query: Mapping[str, Any], parameter: str) -> list[str]:
    return [name.strip() for name in (query.get(parameter) or "").split(",") if name.strip()]
