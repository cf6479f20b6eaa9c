"""Labels of the organisation, and the controls of projects that use them.

They stand beside those that a configuration names: a labeller adds one, a manager approves it, and every project may
use it. Renaming one in the answers themselves is work of its own: see ``services/renaming.py``.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from labelwright.errors import InvalidFields, NotFound
from labelwright.events import LabelLinksChanged
from labelwright.models import (
    AnnotationLabel,
    Import,
    Label,
    LabelLink,
    Membership,
    Organization,
    Project,
    Task,
    now,
)

from . import counters, projects, serializers
from .context import Caller, Context
from .permissions import require
from .visible import published

MOST_AT_ONCE = 5000
"""Labels that one request makes: what one event holds."""
COUNTED_LENGTH = 256
"""Characters of a control's name that the derived table keeps."""


@dataclass(frozen=True)
class LabelPage:
    """One page of labels in the order in which they were made, and how many there are in all."""

    labels: list[Label]
    total: int


@dataclass(frozen=True)
class LinkPage:
    """One page of links, and how many there are in all."""

    links: list[LabelLink]
    total: int


# --- labels ---------------------------------------------------------------------------------------------------


def find(
    ctx: Context, session: Session, caller: Caller, *, project_id: int | None = None, page: int, size: int
) -> LabelPage:
    """A page of the organisation's labels.

    :param project_id: only those that this project uses.
    :raises NotFound: past the end.
    """
    require(ctx, caller, "labels.view")
    query = select(Label).where(Label.organization_id == caller.organization_id)
    if project_id is not None:
        linked = select(LabelLink.label_id).where(LabelLink.project_id == project_id)
        query = query.where(Label.id.in_(linked))
    return LabelPage(*_page(session, query, Label.id, page, size))


def get(session: Session, caller: Caller, label_id: int, *, for_update: bool = False) -> Label:
    """The label. :raises NotFound: also for another organisation's."""
    query = select(Label).where(Label.id == label_id, Label.organization_id == caller.organization_id)
    row = session.scalar(query.with_for_update() if for_update else query)
    if row is None:
        raise NotFound("No Label matches the given query.", code="no-label", params={"id": label_id})
    return row


def create(ctx: Context, caller: Caller, items: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Put labels to use in a project; those that the organisation has under this title already are taken as they are.

    :param items: ``project``, ``from_name``, ``title``, ``value`` and so on, checked; all of one project.
    :returns: the labels as the API answers them, one for each item.
    :raises InvalidFields: if they are for several projects, or for one that is not there.
    """
    _refuse_mixed(items)
    with ctx.database.write() as session:
        project_id = _project(session, caller, items[0]["project"], "0.project")
        require(ctx, caller, "labels.create", session=session, project=project_id)
        _lock(session, caller)
        labels = _found_or_made(session, caller, items)
        made = _linked(session, project_id, items, labels)
        event = LabelLinksChanged(project_id, created=tuple(made))
        if made:
            ctx.plan(session, "plan_label_links_changed", event, caller)
        used = _projects_of(session, [label.id for label in labels])
        answer = [_created_json(item, label, used) for item, label in zip(items, labels, strict=True)]
    if made:
        ctx.tell("on_label_links_changed", event)
    return answer


def change(ctx: Context, caller: Caller, label_id: int, values: Mapping[str, Any]) -> Label:
    """Change a label. Answers that carry it stay as they are.

    :raises InvalidFields: if another label has the title, or a person or organisation is not the caller's.
    """
    with ctx.database.write() as session:
        require(ctx, caller, "labels.change")
        _lock(session, caller)
        label = get(session, caller, label_id, for_update=True)
        _check_owners(session, caller, values)
        if "title" in values:
            _refuse_taken(session, label, values["title"])
            label.title, label.title_digest = values["title"], _digest(values["title"])
        if "value" in values:
            label.value = _stored(values["value"])
        for name in ("description", "approved"):
            if name in values:
                setattr(label, name, values[name])
        for name in ("created_by", "approved_by"):
            if name in values:
                setattr(label, f"{name}_id", values[name])
        label.updated_at = now()
    return label


def remove(ctx: Context, caller: Caller, label_id: int) -> None:
    """Delete a label, with its links. Answers that carry it stay as they are."""
    with ctx.database.write() as session:
        require(ctx, caller, "labels.delete")
        label = get(session, caller, label_id, for_update=True)
        links = session.scalars(select(LabelLink).where(LabelLink.label_id == label_id)).all()
        events = [LabelLinksChanged(link.project_id, deleted=(link.id,)) for link in links]
        for event in events:
            ctx.plan(session, "plan_label_links_changed", event, caller)
        session.delete(label)
    for event in events:
        ctx.tell("on_label_links_changed", event)


def to_json(session: Session, labels: Sequence[Label], *, expand: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Labels as the API answers them.

    :param expand: ``links``: the links themselves rather than their ids.
    """
    ids = [label.id for label in labels]
    links: dict[int, list[LabelLink]] = {}
    for link in session.scalars(_visible_links().where(LabelLink.label_id.in_(ids)).order_by(LabelLink.id)):
        links.setdefault(link.label_id, []).append(link)
    answers = []
    for label in labels:
        own = links.get(label.id, [])
        shown = [_link(link) for link in own] if "links" in expand else [link.id for link in own]
        answer = _label(label)
        answer = {"id": answer.pop("id"), "links": shown, **answer}
        answers.append(answer | {"projects": sorted({link.project_id for link in own})})
    return answers


def _label(label: Label) -> dict[str, Any]:
    return {
        "id": label.id,
        "created_at": serializers.moment(label.created_at),
        "updated_at": serializers.moment(label.updated_at),
        "value": serializers.raw(label.value),
        "title": label.title,
        "description": label.description,
        "approved": label.approved,
        "created_by": label.created_by_id,
        "approved_by": label.approved_by_id,
        "organization": label.organization_id,
    }


def _created_json(item: Mapping[str, Any], label: Label, used: Mapping[int, list[int]]) -> dict[str, Any]:
    """What the answer to a creation says: the label, and the link that was asked for."""
    facts = _label(label)
    head = {name: facts.pop(name) for name in ("id", "created_by", "organization")}
    asked = {"project": item["project"], "from_name": item["from_name"]}
    return head | asked | facts | {"projects": used.get(label.id, [])}


# --- links ----------------------------------------------------------------------------------------------------


def find_links(
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
    return LinkPage(*_page(session, query, LabelLink.id, page, size))


def get_link(session: Session, caller: Caller, link_id: int, *, for_update: bool = False) -> LabelLink:
    """The link. :raises NotFound: also for another organisation's."""
    query = _links_of(caller).where(LabelLink.id == link_id)
    row: LabelLink | None = session.scalar(query.with_for_update(of=LabelLink) if for_update else query)
    if row is None:
        raise NotFound("No LabelLink matches the given query.", code="no-label-link", params={"id": link_id})
    return row


def link(ctx: Context, caller: Caller, values: Mapping[str, Any]) -> LabelLink:
    """Put a label to use in a project.

    :raises InvalidFields: if the project uses it already, or one of the two is not there.
    """
    with ctx.database.write() as session:
        _lock(session, caller)
        row = LabelLink(from_name=values["from_name"])
        _point(ctx, session, caller, row, values)
        session.add(row)
        session.flush()
        event = LabelLinksChanged(row.project_id, created=(row.id,))
        ctx.plan(session, "plan_label_links_changed", event, caller)
    ctx.tell("on_label_links_changed", event)
    return row


def change_link(ctx: Context, caller: Caller, link_id: int, values: Mapping[str, Any]) -> LabelLink:
    """Change which control, project or label a link joins."""
    with ctx.database.write() as session:
        _lock(session, caller)
        row = get_link(session, caller, link_id, for_update=True)
        require(ctx, caller, "labels.change", session=session, project=row.project_id)
        _point(ctx, session, caller, row, values)
        row.from_name = values.get("from_name", row.from_name)
        event = LabelLinksChanged(row.project_id, updated=(row.id,))
        ctx.plan(session, "plan_label_links_changed", event, caller)
    ctx.tell("on_label_links_changed", event)
    return row


def remove_link(ctx: Context, caller: Caller, link_id: int) -> None:
    """Take a label out of use in a project; the label stays."""
    with ctx.database.write() as session:
        row = get_link(session, caller, link_id, for_update=True)
        require(ctx, caller, "labels.delete", session=session, project=row.project_id)
        session.delete(row)
        event = LabelLinksChanged(row.project_id, deleted=(link_id,))
        ctx.plan(session, "plan_label_links_changed", event, caller)
    ctx.tell("on_label_links_changed", event)


def links_to_json(
    session: Session, links: Sequence[LabelLink], *, expand: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Links as the API answers them.

    :param expand: ``label``: the label itself rather than its id.
    """
    ids = {link.label_id for link in links}
    labels = {label.id: label for label in session.scalars(select(Label).where(Label.id.in_(ids)))}
    counts = _annotations(session, [(link, labels[link.label_id]) for link in links])
    answers = []
    for link in links:
        answer = _link(link)
        if "label" in expand:
            answer["label"] = _label(labels[link.label_id])
        answers.append({"id": answer.pop("id"), "annotations_count": counts[link.id], **answer})
    return answers


def _link(link: LabelLink) -> dict[str, Any]:
    return {"id": link.id, "from_name": link.from_name, "project": link.project_id, "label": link.label_id}


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


# --- looking up and refusing ----------------------------------------------------------------------------------


def _page(session: Session, query: Any, key: Any, page: int, size: int) -> tuple[list[Any], int]:
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    if page < 1 or (page > 1 and (page - 1) * size >= total):
        raise NotFound("Invalid page.", code="no-page", params={"page": page})
    rows = session.scalars(query.order_by(key).limit(size).offset((page - 1) * size))
    return list(rows), total


def _visible_links() -> Any:
    return (
        select(LabelLink).join(Project, Project.id == LabelLink.project_id).where(Project.deleting.is_(False))
    )


def _links_of(caller: Caller) -> Any:
    return _visible_links().where(Project.organization_id == caller.organization_id)


def _lock(session: Session, caller: Caller) -> None:
    """One at a time in an organisation, so that no title and no link is made twice."""
    session.execute(
        select(Organization.id).where(Organization.id == caller.organization_id).with_for_update()
    )


def _project(session: Session, caller: Caller, project_id: int, field: str) -> int:
    try:
        return projects.get(session, caller, project_id).id
    except NotFound:
        raise _no_object(field, project_id) from None


def _no_object(field: str, key: int) -> InvalidFields:
    return InvalidFields({field: [f'Invalid pk "{key}" - object does not exist.']}, code="no-such-object")


def _refuse_mixed(items: Sequence[Mapping[str, Any]]) -> None:
    if not items:
        raise InvalidFields({"non_field_errors": ["Expected at least one label."]}, code="no-labels")
    if len(items) > MOST_AT_ONCE:
        raise InvalidFields(
            {"non_field_errors": [f"Expected at most {MOST_AT_ONCE} labels at once."]},
            code="too-many-labels", params={"most": MOST_AT_ONCE},
        )  # fmt: skip
    if len({item["project"] for item in items}) > 1:
        raise InvalidFields(
            {"non_field_errors": ["Creating labels for different projects in one request not allowed"]},
            code="several-projects",
        )
    for number, item in enumerate(items):
        if item["value"] is None:
            raise InvalidFields({f"{number}.value": ["This field may not be null."]})


def _found_or_made(session: Session, caller: Caller, items: Sequence[Mapping[str, Any]]) -> list[Label]:
    digests = [_digest(item["title"]) for item in items]
    known = {
        label.title_digest: label
        for label in session.scalars(
            select(Label).where(
                Label.organization_id == caller.organization_id, Label.title_digest.in_(set(digests))
            )
        )
    }
    _check_owners(session, caller, *items)
    for digest, item in zip(digests, items, strict=True):
        if digest not in known:
            known[digest] = Label(
                organization_id=caller.organization_id,
                title=item["title"],
                title_digest=digest,
                value=_stored(item["value"]),
                description=item.get("description"),
                approved=bool(item.get("approved")),
                created_by_id=caller.user_id,
                approved_by_id=item.get("approved_by"),
            )
            session.add(known[digest])
    session.flush()
    return [known[digest] for digest in digests]


def _linked(
    session: Session, project_id: int, items: Sequence[Mapping[str, Any]], labels: Sequence[Label]
) -> list[int]:
    """Link labels to controls, unless the project uses them already. :returns: the ids of the new links."""
    ids = {label.id for label in labels}
    used = set(
        session.scalars(
            select(LabelLink.label_id).where(LabelLink.project_id == project_id, LabelLink.label_id.in_(ids))
        )
    )
    made = []
    for item, label in zip(items, labels, strict=True):
        if label.id not in used:
            used.add(label.id)
            made.append(LabelLink(project_id=project_id, label_id=label.id, from_name=item["from_name"]))
    session.add_all(made)
    session.flush()
    return [row.id for row in made]


def _projects_of(session: Session, label_ids: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for row in session.scalars(_visible_links().where(LabelLink.label_id.in_(set(label_ids)))):
        found.setdefault(row.label_id, []).append(row.project_id)
    return {label_id: sorted(project_ids) for label_id, project_ids in found.items()}


def _point(ctx: Context, session: Session, caller: Caller, row: LabelLink, values: Mapping[str, Any]) -> None:
    """Set the two ends of a link. :raises InvalidFields: if they are linked already."""
    project_id, label_id = row.project_id, row.label_id
    if "project" in values:
        project_id = _project(session, caller, values["project"], "project")
    if "label" in values:
        try:
            label_id = get(session, caller, values["label"]).id
        except NotFound:
            raise _no_object("label", values["label"]) from None
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


def _refuse_taken(session: Session, label: Label, title: str) -> None:
    other = session.scalar(
        select(Label.id).where(
            Label.organization_id == label.organization_id,
            Label.title_digest == _digest(title),
            Label.id != label.id,
        )
    )
    if other is not None:
        raise InvalidFields(
            {"non_field_errors": ["The fields title, organization must make a unique set."]},
            code="title-taken",
        )


def _check_owners(session: Session, caller: Caller, *items: Mapping[str, Any]) -> None:
    """People must be members, and the organisation the caller's own."""
    named = Counter(
        (name, item[name]) for item in items for name in ("created_by", "approved_by") if item.get(name)
    )
    members = set(
        session.scalars(
            select(Membership.user_id).where(
                Membership.organization_id == caller.organization_id,
                Membership.user_id.in_({user_id for _, user_id in named}),
            )
        )
    )
    wrong = {
        name: [f'Invalid pk "{key}" - object does not exist.'] for name, key in named if key not in members
    }
    for item in items:
        if item.get("organization", caller.organization_id) != caller.organization_id:
            wrong["organization"] = [f'Invalid pk "{item["organization"]}" - object does not exist.']
    if wrong:
        raise InvalidFields(wrong, code="no-such-object")


def _digest(title: str) -> str:
    return hashlib.sha256(title.encode()).hexdigest()


def _stored(value: Any) -> str:
    return orjson.dumps(value).decode()
