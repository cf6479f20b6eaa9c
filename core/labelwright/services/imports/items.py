"""One item of an import, checked and brought into the shape of rows. Nothing here touches the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import orjson

from labelwright.doors import json_body
from labelwright.errors import InvalidInput, InvalidRegion, InvalidTask
from labelwright.label_config import LabelConfig
from labelwright.services import counters, short_results

QUOTED_CHARACTERS = 1000
WRAPPED = 'item["data"] = task root with values'
BARE = "item as is = task root with values"

_members = msgspec.json.Decoder(dict[str, msgspec.Raw])
_list = msgspec.json.Decoder(list[msgspec.Raw])


@dataclass(slots=True)
class NewAnnotation:
    result: str
    """JSON text."""
    count: int
    labels: Mapping[tuple[str, str, str, str], int]
    completed_by: int | None
    ground_truth: bool
    was_cancelled: bool
    lead_time: float | None
    import_id: int | None


@dataclass(slots=True)
class NewPrediction:
    result: str
    score: float | None
    model_version: str | None


@dataclass(slots=True)
class NewDraft:
    result: str
    lead_time: float | None
    import_id: int | None


@dataclass(slots=True)
class NewTask:
    """A task that passed every check."""

    data: str
    """JSON text, as it came in."""
    columns: tuple[str, ...]
    """The fields of its data."""
    meta: str | None = None
    allow_skip: bool = True
    file_upload_id: int | None = None
    annotations: list[NewAnnotation] = field(default_factory=list)
    predictions: list[NewPrediction] = field(default_factory=list)
    drafts: list[NewDraft] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class People:
    """Whose answers may be imported: the members of the organisation."""

    ids: frozenset[int]
    by_email: Mapping[str, int]
    """E-mail in lower case to the user's id."""
    importer: int | None
    unknown_emails: bool = False
    """Take answers of unknown e-mails as the importer's."""

    def author(self, given: Any) -> int | None:
        """Who an annotation says has made it: an id, an e-mail, ``{"email": ...}`` or ``{"id": ...}``."""
        if given is None:
            return self.importer
        wanted = given.get("email", given.get("id")) if isinstance(given, Mapping) else given
        if isinstance(wanted, str) and "@" in wanted:
            known = self.by_email.get(wanted.strip().lower())
            if known is not None or self.unknown_emails:
                return known if known is not None else self.importer
            raise InvalidTask(
                f"Unknown annotator's email {wanted[:254]}",
                code="unknown-email", params={"email": wanted[:254]}, field="completed_by",
            )  # fmt: skip
        if isinstance(wanted, int) and not isinstance(wanted, bool) and wanted in self.ids:
            return wanted
        raise InvalidTask(
            f"Import data contains completed_by={str(wanted)[:80]} which is not a valid annotator's email or ID",
            code="unknown-annotator", params={"completed_by": str(wanted)[:80]}, field="completed_by",
        )  # fmt: skip


class ItemReader:
    """Turns items into new tasks, by one project's configuration.

    :param columns: fields of the data that get another name; with an empty one they are left out.
    :param preannotated: flat columns of the data that each become a prediction of the control of that name.
    :param check_predictions: whether predictions have to fit the configuration.
    """

    def __init__(
        self,
        label_config: LabelConfig,
        people: People,
        *,
        preannotated: Sequence[str] = (),
        columns: Mapping[str, str] | None = None,
        check_predictions: bool = True,
    ) -> None:
        self.label_config = label_config
        self.people = people
        self.preannotated = tuple(preannotated)
        self.columns = columns or {}
        self.check_predictions = check_predictions

    def read(self, index: int, item: bytes | msgspec.Raw | Mapping[str, Any]) -> NewTask:
        """Check one item.

        :param index: its place in the import, from 0; stands in the messages.
        :raises InvalidTask: with Label Studio's words, and ``field`` beginning with the index.
        """
        raw = bytes(item) if not isinstance(item, Mapping) else _dumped(index, item)
        try:
            json_body.check(raw)
            members = _members.decode(raw)
        except msgspec.ValidationError as error:
            raise _at(index, "data", f"task must be an object, not {quoted(raw)[:40]}", raw) from error
        except InvalidInput as error:
            raise _at(index, "data", error.message, raw, error) from error
        is_wrapped = "data" in members
        try:
            data = bytes(members["data"]) if is_wrapped else raw
            return self._task(members if is_wrapped else {}, self._renamed(data) if self.columns else data)
        except (InvalidTask, InvalidRegion) as error:
            message = error.message
            if error.field == "data" or (error.field or "").startswith("data."):
                message = f"{message} [assume: {WRAPPED if is_wrapped else BARE}] "
            raise _at(index, error.field or "data", message, raw, error) from error

    def _task(self, members: Mapping[str, msgspec.Raw], data_text: bytes) -> NewTask:
        data = orjson.loads(data_text)
        if not isinstance(data, dict):
            raise InvalidTask("task data must be an object", code="data-not-object", field="data")
        if not data:
            raise InvalidTask("task data is empty", code="data-empty", field="data")
        named = self._checked(data)
        task = NewTask(data_text.decode(), tuple(data))
        if members:
            self._rest(task, members, named)
        for column in self.preannotated:
            if (prediction := self._from_column(column, data)) is not None:
                task.predictions.append(prediction)
        return task

    def _renamed(self, text: bytes) -> bytes:
        """The data under the names that the import gives them; values stay as they were sent."""
        try:
            data = _members.decode(text)
        except msgspec.ValidationError:
            return text  # no object; refused by the next check
        named: dict[str, msgspec.Raw] = {}
        for column, value in data.items():
            name = self.columns.get(column, column)
            if name in named:
                raise InvalidTask(
                    f'two columns are called "{name}"',
                    code="column-twice",
                    params={"name": name},
                    field=f"data.{name}",
                )
            if name:
                named[name] = value
        return msgspec.json.encode(named)

    def _checked(self, data: dict[str, Any]) -> dict[str, Any]:
        """The data as tags see them, with an uploaded file under the configuration's field."""
        try:
            return self.label_config.check_task(data)
        except InvalidTask as error:
            error.field = f"data.{error.field}" if error.field else "data"
            raise

    def _rest(self, task: NewTask, members: Mapping[str, msgspec.Raw], data: Mapping[str, Any]) -> None:
        if (meta := members.get("meta")) is not None and bytes(meta) != b"null":
            if not isinstance(_loads(meta), dict):
                raise InvalidTask("meta must be an object", code="meta-not-object", field="meta")
            task.meta = bytes(meta).decode()
        if (allow_skip := members.get("allow_skip")) is not None:
            task.allow_skip = _loads(allow_skip) is not False
        task.annotations = self._each(members, "annotations", "annotation", self._annotation, data)
        task.predictions = self._each(members, "predictions", "prediction", self._prediction, data)
        task.drafts = self._each(members, "drafts", "draft", self._draft, data)

    def _each(
        self,
        members: Mapping[str, msgspec.Raw],
        name: str,
        word: str,
        read: Callable[[Mapping[str, msgspec.Raw], Mapping[str, Any]], Any],
        data: Mapping[str, Any],
    ) -> list[Any]:
        given = members.get(name)
        if given is None or bytes(given) == b"null":
            return []
        try:
            items = _list.decode(given)
        except msgspec.DecodeError as error:
            raise InvalidTask(f"{name} must be a list", code=f"{name}-not-list", field=name) from error
        made = []
        for place, item in enumerate(items):
            try:
                one = _members.decode(item)
            except msgspec.DecodeError as error:
                raise InvalidTask(
                    f"{word.capitalize()} must be dict", code=f"{word}-not-object", field=f"{name}.{place}"
                ) from error
            try:
                made.append(read(one, data))
            except (InvalidTask, InvalidRegion) as error:
                error.field = f"{name}.{place}.{error.field or 'result'}"
                raise
        return made

    def _annotation(self, one: Mapping[str, msgspec.Raw], data: Mapping[str, Any]) -> NewAnnotation:
        if "result" not in one:
            raise InvalidTask('Annotation must have "result" fields', code="result-missing", field="result")
        result = _loads(one["result"])
        if not isinstance(result, list):
            raise InvalidTask(
                '"result" field in annotation must be list', code="result-not-list", field="result"
            )
        self.label_config.check(result, data)
        return NewAnnotation(
            result=bytes(one["result"]).decode(),
            count=_count(result),
            labels=counters.labels_of(result),
            completed_by=self.people.author(_value(one, "completed_by")),
            ground_truth=_value(one, "ground_truth", True) is not False,
            was_cancelled=bool(_value(one, "was_cancelled", False)),
            lead_time=_number(one, "lead_time"),
            import_id=_whole(one, "id"),
        )

    def _prediction(self, one: Mapping[str, msgspec.Raw], data: Mapping[str, Any]) -> NewPrediction:
        if "result" not in one:
            raise InvalidTask('Prediction must have "result" fields', code="result-missing", field="result")
        given = _loads(one["result"])
        result = short_results.expand(given, self.label_config)
        score, version = _number(one, "score"), _value(one, "model_version")
        self._fits({"result": result, "score": score, "model_version": version}, data)
        text = bytes(one["result"]) if result is given else orjson.dumps(result)
        return NewPrediction(text.decode(), score, "undefined" if version is None else str(version))

    def _fits(self, prediction: Mapping[str, Any], data: Mapping[str, Any]) -> None:
        """Refuse a prediction that nobody could draw, and, where the setting says so, one that does not fit."""
        if not self.check_predictions:
            self.label_config.check(prediction["result"], data)
        elif errors := self.label_config.prediction_errors(prediction):
            raise InvalidTask(
                f"Error validating prediction: {errors}", code="prediction-misfit", field="result"
            )

    def _draft(self, one: Mapping[str, msgspec.Raw], data: Mapping[str, Any]) -> NewDraft:
        result = _value(one, "result", [])
        if not isinstance(result, list):
            raise InvalidTask('"result" field in draft must be list', code="result-not-list", field="result")
        self.label_config.check(result, data)
        return NewDraft(orjson.dumps(result).decode(), _number(one, "lead_time"), _whole(one, "id"))

    def _from_column(self, column: str, data: Mapping[str, Any]) -> NewPrediction | None:
        """The prediction that a flat column says; none where the column is empty, or no control has its name."""
        if data.get(column) in (None, "") or column not in self.label_config.controls:
            return None
        try:
            result = short_results.expand({column: data[column]}, self.label_config)
            self._fits({"result": result}, data)
        except (InvalidTask, InvalidRegion) as error:
            error.field = f"data.{column}"
            raise
        return NewPrediction(orjson.dumps(result).decode(), 1.0, "preannotated")


def quoted(raw: bytes) -> str:
    """An item as messages show it: its beginning, when it is long."""
    text = raw.decode("utf-8", "replace")
    return text if len(text) <= QUOTED_CHARACTERS else text[:QUOTED_CHARACTERS] + "..."


def _at(index: int, field: str, message: str, raw: bytes, cause: InvalidInput | None = None) -> InvalidTask:
    return InvalidTask(
        f"Error at item {index}: {message} :: {quoted(raw)}",
        code=cause.code if cause else "invalid-item",
        params={"index": index, **(cause.params if cause else {})},
        field=f"{index}.{field}",
    )


def _dumped(index: int, item: Mapping[str, Any]) -> bytes:
    try:
        return orjson.dumps(item)
    except (TypeError, ValueError) as error:
        message = f"Error at item {index}: it cannot be kept as JSON: {error}"
        raise InvalidTask(
            message, code="invalid-item", params={"index": index}, field=f"{index}.data"
        ) from error


def _count(result: list[Any]) -> int:
    """Regions, not results: those of one region share its id."""
    return len({item.get("id", place) for place, item in enumerate(result) if isinstance(item, dict)})


def _value(one: Mapping[str, msgspec.Raw], name: str, default: Any = None) -> Any:
    return _loads(one[name]) if name in one else default


def _loads(raw: msgspec.Raw) -> Any:
    return orjson.loads(bytes(raw))


def _number(one: Mapping[str, msgspec.Raw], name: str) -> float | None:
    value = _value(one, name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidTask(f"{name} must be a number", code="not-a-number", params={"name": name}, field=name)
    return float(value)


def _whole(one: Mapping[str, msgspec.Raw], name: str) -> int | None:
    """An id from elsewhere; what is no whole number of 64 bits is dropped, since nothing refers to it."""
    value = _value(one, name)
    is_id = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63
    return value if is_id else None
