"""Links: which controls of which projects use a label of the organisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from labelwright.errors import InvalidFields, NotFound
from labelwright.events import LabelLinksChanged
from labelwright.models import AnnotationLabel, Import, Label, LabelLink, Project, Task

from . import counters, labels
from .context import Caller, Context
from .permissions import require
from .visible import published

COUNTED_LENGTH = 256
"""Characters of a control's name that the derived table keeps."""


@dataclass(frozen=True)
class LinkPage:
    """One page of links, and how many there are in all."""

    links: list[LabelLink]
    total: int


def find(
    ctx: Context,
    session: Session,
    caller: Caller,
    *,
    project_id: int | None = None,
    from_name: str | None = None,
    page: int,
    size: int,
) -> LinkPage:
    """A page of the links of the organisation's projects.

    :raises NotFound: past the end.
    """
    require(ctx, caller, "labels.view")
    query = _links_of(caller)
    if project_id is not None:
        query = query.where(LabelLink.project_id == project_id)
    if from_name is not None:
        query = query.where(LabelLink.from_name == from_name)
    return LinkPage(*labels.page_of(session, query, LabelLink.id, page, size))


def get(session: Session, caller: Caller, link_id: int, *, for_update: bool = False) -> LabelLink:
    """The link. :raises NotFound: also for another organisation's."""
    query = _links_of(caller).where(LabelLink.id == link_id)
    row: LabelLink | None = session.scalar(query.with_for_update(of=LabelLink) if for_update else query)
    if row is None:
        raise NotFound("No LabelLink matches the given query.", code="no-label-link", params={"id": link_id})
    return row


def create(ctx: Context, caller: Caller, values: Mapping[str, Any]) -> LabelLink:
    """Put a label to use in a project.

    :raises InvalidFields: if the project uses it already, or one of the two is not there.
    """
    with ctx.database.write() as session:
        labels.lock(session, caller)
        row = LabelLink(from_name=values["from_name"])
        _point(ctx, session, caller, row, values)
        session.add(row)
        session.flush()
        event = LabelLinksChanged(row.project_id, created=(row.id,))
        ctx.plan(session, "plan_label_links_changed", event, caller)
    ctx.tell("on_label_links_changed", event)
    return row


def change(ctx: Context, caller: Caller, link_id: int, values: Mapping[str, Any]) -> LabelLink:
    """Change which control, project or label a link joins."""
    with ctx.database.write() as session:
        labels.lock(session, caller)
        row = get(session, caller, link_id, for_update=True)
        require(ctx, caller, "labels.change", session=session, project=row.project_id)
        _point(ctx, session, caller, row, values)
        row.from_name = values.get("from_name", row.from_name)
        event = LabelLinksChanged(row.project_id, updated=(row.id,))
        ctx.plan(session, "plan_label_links_changed", event, caller)
    ctx.tell("on_label_links_changed", event)
    return row


def remove(ctx: Context, caller: Caller, link_id: int) -> None:
    """Take a label out of use in a project; the label stays."""
    with ctx.database.write() as session:
        row = get(session, caller, link_id, for_update=True)
        require(ctx, caller, "labels.delete", session=session, project=row.project_id)
        session.delete(row)
        event = LabelLinksChanged(row.project_id, deleted=(link_id,))
        ctx.plan(session, "plan_label_links_changed", event, caller)
    ctx.tell("on_label_links_changed", event)


def to_json(
    session: Session, links: Sequence[LabelLink], *, expand: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Links as the API answers them.

    :param expand: ``label``: the label itself rather than its id.
    """
    ids = {link.label_id for link in links}
    known = {label.id: label for label in session.scalars(select(Label).where(Label.id.in_(ids)))}
    counts = _annotations(session, [(link, known[link.label_id]) for link in links])
    answers = []
    for link in links:
        answer = labels.link_plain(link)
        if "label" in expand:
            answer["label"] = labels.plain(known[link.label_id])
        answers.append({"id": answer.pop("id"), "annotations_count": counts[link.id], **answer})
    return answers


def _annotations(session: Session, pairs: Sequence[tuple[LabelLink, Label]]) -> dict[int, int]:
    """How many annotations carry each link's label at its control, from the derived table: one query for all."""
    keys = {
        link.id: (
            link.project_id,
            link.from_name[:COUNTED_LENGTH],
            counters.label_text(orjson.loads(label.value)),
        )
        for link, label in pairs
    }
    columns = (AnnotationLabel.project_id, AnnotationLabel.from_name, AnnotationLabel.label)
    query = select(*columns, func.count(AnnotationLabel.annotation_id.distinct()))
    wanted = set(keys.values())
    query = query.where(tuple_(*columns).in_(list(wanted))).group_by(*columns)
    for project_id in _importing(session, {key[0] for key in wanted}):
        hidden = select(Task.id).where(Task.id == AnnotationLabel.task_id, published(project_id)).exists()
        query = query.where((AnnotationLabel.project_id != project_id) | hidden)
    found = {(row[0], row[1], row[2]): int(row[3]) for row in session.execute(query)}
    return {link_id: found.get(key, 0) for link_id, key in keys.items()}


def _importing(session: Session, project_ids: set[int]) -> Sequence[int]:
    """Projects with an import under way, whose answers do not count yet."""
    unpublished = Import.project_id.in_(project_ids), Import.state != "published"
    return session.scalars(select(Import.project_id).where(*unpublished).distinct()).all()


def _links_of(caller: Caller) -> Any:
    return labels.visible_links().where(Project.organization_id == caller.organization_id)


def _point(ctx: Context, session: Session, caller: Caller, row: LabelLink, values: Mapping[str, Any]) -> None:
    """Set the two ends of a link. :raises InvalidFields: if they are linked already."""
    project_id, label_id = row.project_id, row.label_id
    if "project" in values:
        project_id = labels.project_of(session, caller, values["project"], "project")
    if "label" in values:
        try:
            label_id = labels.get(session, caller, values["label"]).id
        except NotFound:
            raise labels.no_object("label", values["label"]) from None
    require(ctx, caller, "labels.create", session=session, project=project_id)
    same = session.scalar(
        select(LabelLink.id).where(LabelLink.project_id == project_id, LabelLink.label_id == label_id)
    )
    if same is not None and same != row.id:
        raise InvalidFields(
            {"non_field_errors": ["The fields project, label must make a unique set."]},
            code="linked-already",
        )
    row.project_id, row.label_id = project_id, label_id
