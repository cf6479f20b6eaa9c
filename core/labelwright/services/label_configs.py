"""Labelling configurations of this application's plugins: read, explained to the browser, and guarded against loss."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from labelwright import label_config
from labelwright.errors import InvalidLabelConfig, NotFound
from labelwright.label_config import LabelConfig
from labelwright.models import AnnotationLabel

from .context import Context


def parse(ctx: Context, xml: str) -> LabelConfig:
    """Read a configuration; the same text is read once.

    :raises InvalidLabelConfig: where Label Studio would refuse it.
    """
    return label_config.parse(xml, ctx.registry.tags)


def example(ctx: Context, name: str) -> str:
    """A small configuration around the tag of this name.

    :raises NotFound: if no loaded plugin has it.
    """
    tag = ctx.registry.tags.find(name)
    if tag is None:
        raise NotFound(f"There is no tag {name!r}.")
    return label_config.example(tag, ctx.registry.tags)


def explain(ctx: Context, xml: str, base_url: str) -> dict[str, Any]:
    """A configuration as the browser gets it: the tree, the tags in it, every problem, a sample task.

    Never refuses: what is wrong stands in ``problems``, and then ``tree`` and ``sample_task`` are ``None``.
    """
    try:
        config = parse(ctx, xml)
    except InvalidLabelConfig as error:
        return {"tree": None, "tags": [], "problems": error.problems, "sample_task": None, "fields": []}
    used = {tag.name for tag in config.used_tags}
    return {
        "tree": config.tree(),
        "tags": [info for info in ctx.registry.taginfo(base_url) if info["tag"] in used],
        "problems": [problem.to_json() for problem in config.warnings],
        "sample_task": config.sample_task(),
        "fields": sorted(config.fields),
    }


def refuse_losing_answers(session: Session, project_id: int, config: LabelConfig) -> None:
    """Refuse a configuration that drops a control, or a label, that stored annotations use.

    Reads the derived table of labels, never the results.

    :raises InvalidLabelConfig: naming what would be lost, and in how many annotations.
    """
    used = session.execute(
        select(
            AnnotationLabel.from_name,
            AnnotationLabel.to_name,
            AnnotationLabel.type,
            AnnotationLabel.label,
            func.count().label("annotations"),
        )
        .where(AnnotationLabel.project_id == project_id)
        .group_by(
            AnnotationLabel.from_name, AnnotationLabel.to_name, AnnotationLabel.type, AnnotationLabel.label
        )
    ).all()
    lost: list[dict[str, Any]] = []
    for row in used:
        if not config.takes(row.from_name, row.to_name, row.type):
            message = (
                f"Created annotations are incompatible with provided labeling schema, we found: {row.annotations} with "
                f"from_name={row.from_name}, to_name={row.to_name}, type={row.type}"
            )
            lost.append(_problem("config-drops-control", message, row))
        elif row.label and not config.takes_label(row.from_name, row.label):
            message = (
                f"These labels still exist in annotations or drafts: {row.label}. Please add labels to tag with name: "
                f"{row.from_name}"
            )
            lost.append(_problem("config-drops-label", message, row))
    if lost:
        raise InvalidLabelConfig(lost[0]["message"], problems=lost)


def _problem(code: str, message: str, row: Any) -> dict[str, Any]:
    return {
        "level": "error",
        "line": 1,
        "tag": None,
        "attribute": None,
        "code": code,
        "message": message,
        "params": {
            "name": row.from_name,
            "type": row.type,
            "label": row.label,
            "annotations": row.annotations,
        },
        "remedy": "Keep it in the configuration, or delete those annotations first.",
    }
