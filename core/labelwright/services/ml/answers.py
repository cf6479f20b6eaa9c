"""What models say, brought into one shape and held to the configuration."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from labelwright.errors import InvalidInput, InvalidRegion
from labelwright.label_config import LabelConfig
from labelwright.ml import MLConnector, MLPrediction
from labelwright.models import Project, Task
from labelwright.services import projects, short_results
from labelwright.services.context import Context
from labelwright.services.exports import rows as export_rows

LONGEST_VERSION = 1000


def rows(session: Session, project_id: int, config: LabelConfig, ids: Sequence[int]) -> list[dict[str, Any]]:
    """Tasks as a model gets them: as exports have them, with the columns that those leave out.

    Tasks that are gone are left out.
    """
    selection = export_rows.Selection(tuple(ids), annotated_only=False, full_predictions=True)
    found = [row.value for row in export_rows.read(session, project_id, config, selection)]
    columns = select(Task.id, Task.is_labeled, Task.overlap).where(Task.id.in_([one["id"] for one in found]))
    more = {
        row.id: {"is_labeled": row.is_labeled, "overlap": row.overlap} for row in session.execute(columns)
    }
    return [{"file_upload": None, **one, **more[one["id"]]} for one in found]


def of(
    connector: MLConnector,
    tasks: Sequence[Mapping[str, Any]],
    config: LabelConfig,
    context: Mapping[str, Any],
) -> list[list[MLPrediction]]:
    """For each task the model's predictions.

    :raises InvalidInput: if there are not as many answers as tasks, or one is no prediction.
    """
    said = connector.predict(tasks, config, context)
    if isinstance(said, str | bytes | Mapping) or not isinstance(said, Sequence) or len(said) != len(tasks):
        count = len(said) if isinstance(said, Sequence) else 0
        raise InvalidInput(
            f"The model gave {count} answers for {len(tasks)} tasks.",
            code="model-miscounted", params={"answers": count, "tasks": len(tasks)},
        )  # fmt: skip
    return [_listed(one) for one in said]


def checked(ctx: Context, project: Project, task_id: int, data: Any, one: MLPrediction) -> MLPrediction:
    """A prediction with its result written out. What is not stored in this form is refused.

    :raises InvalidInput: if it does not fit the configuration; the words name the task.
    """
    config = projects.config_of(ctx, project)
    score = one.score
    if score is not None and (
        isinstance(score, bool) or not isinstance(score, int | float) or not math.isfinite(score)
    ):
        raise _misfit(task_id, "its score is no number")
    if len(one.model_version) > LONGEST_VERSION or "\x00" in one.model_version:
        raise _misfit(task_id, "its model_version is no short text")
    try:
        result = short_results.expand(one.result, config)
        text = orjson.dumps(result)
        if b"\\u0000" in text:
            raise _misfit(task_id, "there is a null character in it")
        result = orjson.loads(text)
        if ctx.settings.predictions_validate:
            config.check(result, data)
            if wrong := config.prediction_errors({"result": result, "score": score}):
                raise _misfit(task_id, "; ".join(wrong))
    except InvalidRegion as error:
        raise _misfit(task_id, f"{error.message} ({error.field})") from error
    except TypeError as error:
        raise _misfit(task_id, f"it cannot be written as JSON: {error}") from error
    return replace(one, result=result)


def _listed(said: Any) -> list[MLPrediction]:
    if said is None:
        return []
    several = said if isinstance(said, Sequence) and not isinstance(said, str | bytes) else [said]
    for one in several:
        if not isinstance(one, MLPrediction) or not isinstance(one.model_version, str):
            raise InvalidInput(
                f"The model's answer is no prediction: {str(one)[:200]}", code="model-nonsense"
            )
    return list(several)


def _misfit(task_id: int, words: str) -> InvalidInput:
    return InvalidInput(
        f"The model's prediction for the task {task_id} does not fit the configuration: {words}"[:2000],
        code="model-misfit", params={"task": task_id, "reason": words[:1000]},
    )  # fmt: skip
