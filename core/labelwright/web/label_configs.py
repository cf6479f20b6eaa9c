"""Labelling configurations over HTTP: checked, explained to the browser, with a sample task; tags and templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request

from labelwright.errors import InvalidLabelConfig
from labelwright.services import label_configs, projects, templates

from . import answers, fields, i18n, shapes
from .routing import Routes, caller, context

routes = Routes("label_configs", "Label configurations")
ROUTES = [routes]


class LabelConfigIn(fields.Schema):
    label_config = fields.Text(required=True, blank=True)


class AnyConfigIn(fields.Schema):
    label_config = fields.Text(blank=True)


class SampleIn(fields.Schema):
    label_config = fields.Text(blank=True)
    include_annotation_and_prediction = fields.Flag(load_default=False)


class Example(fields.Schema):
    label_config = fields.Text()


class LanguageQuery(fields.Schema):
    lang = fields.Text(blank=True, load_default="en")


class Refused(fields.Schema):
    label_config = fields.Many(fields.Text())


@routes.post("/api/projects/validate", auth="optional", scope="public", csrf="exempt", body=AnyConfigIn,
             answers={204: "it can be used", 400: Refused})  # fmt: skip
def validate(body: Mapping[str, Any]) -> Any:
    """Check a configuration. The refusal is the bare map of fields, as Label Studio answers here."""
    if "label_config" not in body:
        return answers.json({"label_config": [fields.REQUIRED]}, 400)
    try:
        label_configs.parse(context(), body["label_config"])
    except InvalidLabelConfig as error:
        return answers.json(
            {"label_config": [error.message], "problems": error.problems, "code": error.code}, 400
        )
    return None, 204


@routes.post(
    "/api/projects/<int:project_id>/validate", body=LabelConfigIn, answers={200: shapes.ConfigChecked}
)
def validate_for_project(project_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Check a configuration against a project's stored answers, without changing anything."""
    ctx = context()
    with ctx.database.read() as session:
        project = projects.get(session, caller(), project_id)
        changed = projects.check_config(ctx, session, project, body["label_config"].strip())
    return {"config_essential_data_has_changed": changed}


@routes.post("/api/label-config/check", scope="server", body=LabelConfigIn)
def check(body: Mapping[str, Any]) -> dict[str, Any]:
    """Read a configuration for the browser: tree, tags, problems, sample task.

    Always 200; errors are in ``problems``.
    """
    return label_configs.explain(context(), body["label_config"], request.script_root)


@routes.get("/api/projects/<int:project_id>/label-config")
def of_project(project_id: int) -> dict[str, Any]:
    """Show a project's configuration as the browser needs it."""
    ctx = context()
    with ctx.database.read() as session:
        project = projects.get(session, caller(), project_id)
    explained = label_configs.explain(ctx, project.label_config, request.script_root)
    return explained | {"label_config": project.label_config, "hash": projects.config_of(ctx, project).hash}


@routes.post(
    "/api/projects/<int:project_id>/sample-task", body=SampleIn, answers={200: shapes.SampleTask}, hidden=True
)
def sample_task(project_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Make a sample task for a configuration."""
    ctx = context()
    with ctx.database.read() as session:
        project = projects.get(session, caller(), project_id)
    config = label_configs.parse(ctx, body.get("label_config") or project.label_config)
    data = config.sample_task()
    if not body["include_annotation_and_prediction"]:
        return {"sample_task": data}
    result = config.sample_result()
    annotation = {
        "was_cancelled": False, "ground_truth": False, "result_count": len(result), "result": result,
        "completed_by": caller().user_id, "lead_time": 1.0,
    }  # fmt: skip
    prediction = {"model_version": "sample", "score": 0.5, "result": result}
    return {"sample_task": {"data": data, "annotations": [annotation], "predictions": [prediction]}}


@routes.get("/api/tags", scope="server")
def tags() -> list[dict[str, Any]]:
    """List every tag of the loaded plugins, with its attributes and the address of its code."""
    return context().registry.taginfo(request.script_root)


@routes.get("/api/tags/<name>/example", scope="server", answers={200: Example, 404: "there is no such tag"})
def example(name: str) -> dict[str, str]:
    """Show a small configuration around a tag, to try it with."""
    return {"label_config": label_configs.example(context(), name)}


@routes.get("/api/templates", scope="server", query=LanguageQuery, hidden=True,
            answers={200: "the templates, and their shelves"})  # fmt: skip
def list_templates(query: Mapping[str, Any]) -> dict[str, Any]:
    """List the configurations that a project may start from, with their words in a language."""
    ctx, language = context(), _language(query)
    rows = []
    for place, template in enumerate(templates.offered(ctx)):
        pictures = templates.pictures(ctx, template, language, request.script_root)
        rows.append({
            "title": template.title,
            "name": template.name,
            "type": "community",
            "group": template.group,
            "order": place,
            "image": pictures["light"],
            "image_dark": pictures["dark"],
            "details": template.description,
            "config": templates.config(ctx, template, language),
            "plugin": templates.owner(ctx, template),
            "messages": templates.messages(ctx, template),
        })  # fmt: skip
    return {"templates": rows, "groups": list(dict.fromkeys(row["group"] for row in rows))}


@routes.get("/api/templates/<name>/samples", scope="server", query=LanguageQuery,
            answers={200: "the data of each task", 404: "there is no such template"})  # fmt: skip
def template_samples(name: str, query: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Show the tasks that a template brings to be tried on."""
    ctx = context()
    return templates.samples(ctx, templates.get(ctx, name), _language(query), request.script_root)


def _language(query: Mapping[str, Any]) -> str:
    """A language of ours; English for any other."""
    return query["lang"] if query["lang"] in i18n.LOCALES else "en"
