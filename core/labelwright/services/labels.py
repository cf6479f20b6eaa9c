"""Labels of the organisation. Which controls of projects use them: see ``label_links``.

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
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from labelwright.errors import InvalidFields, NotFound
from labelwright.events import LabelLinksChanged
from labelwright.models import (
    Label,
    LabelLink,
    Membership,
    Organization,
    Project,
    now,
)

from . import projects, serializers
from .context import Caller, Context
from .permissions import require

MOST_AT_ONCE = 5000
"""Labels that one request makes: what one event holds."""


@dataclass(frozen=True)
class LabelPage:
    """One page of labels in the order in which they were made, and how many there are in all."""

    labels: list[Label]
    total: int


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
    return LabelPage(*page_of(session, query, Label.id, page, size))


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
        project_id = project_of(session, caller, items[0]["project"], "0.project")
        require(ctx, caller, "labels.create", session=session, project=project_id)
        lock(session, caller)
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
        lock(session, caller)
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
    for link in session.scalars(visible_links().where(LabelLink.label_id.in_(ids)).order_by(LabelLink.id)):
        links.setdefault(link.label_id, []).append(link)
    answers = []
    for label in labels:
        own = links.get(label.id, [])
        shown = [link_plain(link) for link in own] if "links" in expand else [link.id for link in own]
        answer = plain(label)
        answer = {"id": answer.pop("id"), "links": shown, **answer}
        answers.append(answer | {"projects": sorted({link.project_id for link in own})})
    return answers


def plain(label: Label) -> dict[str, Any]:
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
    facts = plain(label)
    head = {name: facts.pop(name) for name in ("id", "created_by", "organization")}
    asked = {"project": item["project"], "from_name": item["from_name"]}
    return head | asked | facts | {"projects": used.get(label.id, [])}


def link_plain(link: LabelLink) -> dict[str, Any]:
    return {"id": link.id, "from_name": link.from_name, "project": link.project_id, "label": link.label_id}


# --- looking up and refusing ----------------------------------------------------------------------------------


def page_of(session: Session, query: Any, key: Any, page: int, size: int) -> tuple[list[Any], int]:
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    if page < 1 or (page > 1 and (page - 1) * size >= total):
        raise NotFound("Invalid page.", code="no-page", params={"page": page})
    rows = session.scalars(query.order_by(key).limit(size).offset((page - 1) * size))
    return list(rows), total


def visible_links() -> Any:
    return (
        select(LabelLink).join(Project, Project.id == LabelLink.project_id).where(Project.deleting.is_(False))
    )


def lock(session: Session, caller: Caller) -> None:
    """One at a time in an organisation, so that no title and no link is made twice."""
    session.execute(
        select(Organization.id).where(Organization.id == caller.organization_id).with_for_update()
    )


def project_of(session: Session, caller: Caller, project_id: int, field: str) -> int:
    try:
        return projects.get(session, caller, project_id).id
    except NotFound:
        raise no_object(field, project_id) from None


def no_object(field: str, key: int) -> InvalidFields:
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
    for row in session.scalars(visible_links().where(LabelLink.label_id.in_(set(label_ids)))):
        found.setdefault(row.label_id, []).append(row.project_id)
    return {label_id: sorted(project_ids) for label_id, project_ids in found.items()}


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
