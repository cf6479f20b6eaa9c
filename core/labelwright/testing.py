"""For the tests of plugins: a registry of what you name, checks of what you made, and an application to talk to.

With these lines in your ``setup.cfg`` pytest knows the fixtures ``app``, ``client`` and ``signed_in``::

    [tool:pytest]
    addopts = -p labelwright.testing

The functions need no pytest.
"""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import orjson
import pytest

from labelwright import plugins
from labelwright.exporters import ExportContext, Exporter, MediaUnavailable, Row
from labelwright.importers import ImportContext, Importer
from labelwright.label_config import LabelConfig, Node, bare, examples, parse
from labelwright.metrics import Metric, Question, measure
from labelwright.ml import MLConnector, MLContext, MLPrediction
from labelwright.registry import Registry
from labelwright.snapshots import ProjectSnapshot
from labelwright.storages import Side, Storage, StorageContext, StoredObject
from labelwright.tags import Tag, TagSet

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient


def make_registry(*parts: Any, installed: bool = False, **choice: Any) -> Registry:
    """A registry of just these plugins: modules, or objects with hook implementations.

    :param installed: whether the plugins that are installed are loaded too.
    :param choice: fields of :class:`labelwright.plugins.Choice`, e.g. ``failures=1``.
    :raises PluginError: if one of ``parts`` is broken.
    """
    names = {_name_of(part, place): part for place, part in enumerate(parts)}
    return Registry(plugins.load(plugins.Choice(**choice), None if installed else (), names))


def _name_of(part: Any, place: int) -> str:
    if isinstance(part, ModuleType):
        return part.__name__.rpartition(".")[2].removeprefix("labelwright_")
    return getattr(part, "name", f"test_{place}")


def check_tag(tag: type[Tag], value: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Hold a tag against what everybody relies on: it has a name and words, and accepts its own sample.

    :param value: instead of the sample, a value that the tag must accept.
    :returns: the value that was checked.
    :raises AssertionError: if something is missing.
    :raises InvalidRegion: if the value is refused.
    """
    made = TagSet([tag])[tag.name]
    assert type(made).__doc__, f"{tag.name} has no docstring; it is the help in the editor"
    for name, attribute in made.all_attributes.items():
        assert attribute.help, f"the attribute {name} of {tag.name} has no help"
    node = bare(made, **examples.needed(made))
    checked = dict(made.sample(node) if value is None else value)
    if made.result_type is not None:
        made.check(checked, node)
        orjson.dumps(checked)
    return checked


def parsed(label_config: str) -> LabelConfig:
    """A configuration read with the tags of all installed plugins."""
    return parse(label_config, Registry(plugins.load()).tags)


def check_metric(
    metric: type[Metric] | Metric,
    a: Sequence[Mapping[str, Any]],
    b: Sequence[Mapping[str, Any]],
    control: Node,
    **params: Any,
) -> float | None:
    """Hold a metric against what everybody relies on, and give what it says of two answers.

    :param a: the results of one annotation for the control; :param b: those of another.
    :param control: an element of a configuration: ``parsed(xml).controls["mood"]``, or ``bare(Tag())``.
    :raises AssertionError: if it does not serve the control, the order of the answers matters, an answer is not wholly
        like itself, or a label is no text.
    """
    made = metric() if isinstance(metric, type) else metric
    orjson.dumps(made.info())
    assert made.serves(control), f"{made.name} does not serve <{control.element}>"
    question = Question(control, made.read_params(params))
    said, turned = measure(made, a, b, question), measure(made, b, a, question)
    assert _near(said.score, turned.score), (
        f"{made.name} says {said.score}, and {turned.score} the other way round"
    )
    assert all(label is None or isinstance(label, str) for pair in said.labels for label in pair), said.labels
    for answer in (a, b):
        own = measure(made, answer, answer, question).score
        assert not answer or own is None or _near(own, 1), f"{made.name} says {own} of an answer and itself"
    return said.score


def _near(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) < 1e-9


def check_exporter(
    exporter: type[Exporter] | Exporter,
    tasks: Sequence[Mapping[str, Any]],
    label_config: LabelConfig | str = "<View/>",
    tags: Iterable[type[Tag]] = (),
    media: Mapping[str, bytes] | None = None,
) -> bytes:
    """Run an exporter over tasks and give back what it wrote: the file, or the zip of its files.

    :param tasks: in Label Studio's shape, with ``annotations`` where there are any.
    :param label_config: parsed, or as XML, which is parsed with ``tags``.
    :param media: URL to content, for formats that hold the media.
    :raises AssertionError: if the exporter has no name, gives a path that leads out of the zip, or gives one twice.
    """
    made = exporter() if isinstance(exporter, type) else exporter
    assert made.name, f"{type(made).__name__} has no name"
    context = export_context(label_config, tags, media)
    rows = (Row(raw=orjson.dumps(task)) for task in tasks)
    out = io.BytesIO()
    if not made.is_archive():
        made.write(rows, out, context)
        return out.getvalue()
    names: set[str] = set()
    with zipfile.ZipFile(out, "w") as archive:
        for file in made.files(rows, context):
            leads_out = file.name.startswith("/") or ".." in file.name.split("/")
            assert not leads_out, f"{file.name!r} leads out of the zip"
            assert file.name not in names, f"{file.name!r} is given twice"
            names.add(file.name)
            content = file.content if isinstance(file.content, bytes) else b"".join(file.content)
            archive.writestr(file.name, content)
    return out.getvalue()


def export_context(
    label_config: LabelConfig | str = "<View/>",
    tags: Iterable[type[Tag]] = (),
    media: Mapping[str, bytes] | None = None,
) -> ExportContext:
    """What an exporter is given, for a project with this configuration."""
    config = parse(label_config, TagSet(tags)) if isinstance(label_config, str) else label_config
    project = ProjectSnapshot(1, "Test", 1, config, datetime(2026, 1, 1, tzinfo=UTC))

    def open_media(url: str) -> io.BytesIO:
        if media is None or url not in media:
            raise MediaUnavailable(f"no file {url!r}")
        return io.BytesIO(media[url])

    return ExportContext(project, config, open_media, download_resources=media is not None)


def check_importer(
    importer: type[Importer] | Importer, content: bytes, filename: str = ""
) -> list[dict[str, Any]]:
    """Run an importer over a file's content and give back the tasks, parsed.

    :raises InvalidTask: if the importer refuses the file.
    :raises AssertionError: if it has no name or suffix, or gives something that is no task.
    """
    made = importer() if isinstance(importer, type) else importer
    assert made.name, f"{type(made).__name__} has no name"
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in made.suffixes), made.suffixes
    tasks = []
    for given in made.read(io.BytesIO(content), ImportContext(filename or f"test{made.suffixes[0]}")):
        task = orjson.loads(given) if isinstance(given, bytes) else given
        assert isinstance(task, dict), f"{task!r} is no task"
        tasks.append(task)
    return tasks


def storage_context(side: Side = "source", **settings: Any) -> StorageContext:
    """What a storage is given, with a guarded client that may call this machine.

    :param settings: of the storage's plugin.
    """
    from labelwright import config
    from labelwright.doors.outbound import Outbound
    from labelwright.services.purposes import PurposeClient

    local = config.load(environ={}, overrides={"outbound_storage": ["127.0.0.0/8", "::1/128"]})
    return StorageContext(side, settings, outbound=PurposeClient(Outbound(local), "storage"))


def check_storage(storage: Storage) -> list[StoredObject]:
    """Hold a source against what everybody relies on, and give back its objects.

    It is reachable; its objects come in the order of their keys, and after a key those behind it; each is read whole
    and in part; and the address of each leads back to its key.

    :param storage: with at least one object, and no more than fit into memory.
    :raises AssertionError: if something is otherwise.
    """
    storage.check()
    found = list(storage.list("", True))
    keys = [one.key for one in found]
    assert keys, "there is nothing in it to check with"
    assert len({*keys}) == len(keys), "a key came twice"
    assert keys == sorted(keys), "they do not come in the order of their keys"
    for one in found:
        rest = [other.key for other in storage.list(one.key, True)]
        assert rest == keys[keys.index(one.key) + 1 :], f"what comes after {one.key} is something else"
        with closing((content := storage.read(one.key)).stream) as stream:
            whole = stream.read()
        assert len(whole) == content.size, f"{one.key} has {len(whole)} bytes, and says {content.size}"
        with closing((content := storage.read(one.key, 1, 3)).stream) as stream:
            part = stream.read(max(0, min(3, len(whole)) - 1))
        assert (part, content.size) == (whole[1:3], len(whole)), (
            f"a part of {one.key} is not what it should be"
        )
        uri = storage.uri(one.key)
        assert storage.key_of(uri) == one.key, f"{uri} does not lead back to {one.key}"
    assert storage.key_of("other://place/1.png") is None, (
        "the address of another storage is taken for its own"
    )
    return found


def ml_context(
    label_config: LabelConfig | str = "<View/>", tags: Iterable[type[Tag]] = (), **settings: Any
) -> MLContext:
    """What a connection to models is given, with a guarded client that may call this machine.

    :param label_config: of its project; parsed, or as XML, which is parsed with ``tags``.
    :param settings: of the connection's plugin.
    """
    from labelwright import config
    from labelwright.doors.outbound import Outbound
    from labelwright.services.purposes import PurposeClient

    local = config.load(environ={}, overrides={"outbound_ml": ["127.0.0.0/8", "::1/128"]})
    project = export_context(label_config, tags).project
    return MLContext(project, settings, PurposeClient(Outbound(local), "ml"))


def check_ml_connector(
    connector: MLConnector, label_config: LabelConfig, tasks: Sequence[Mapping[str, Any]]
) -> list[list[MLPrediction]]:
    """Hold a model against what everybody relies on, and give back what it says of each task.

    It is there; it says the same of tasks together and one by one; what it says fits the configuration.

    :param tasks: the data of tasks.
    :raises AssertionError: if something is otherwise.
    """
    from labelwright.services import short_results
    from labelwright.services.ml import answers

    connector.health()
    assert isinstance(connector.setup(label_config), str), "setup must answer the model's version, a text"
    whole: list[dict[str, Any]] = [
        {"id": place, "data": dict(data), "annotations": [], "predictions": []}
        for place, data in enumerate(tasks, 1)
    ]
    found = answers.of(connector, whole, label_config, {})
    alone = [answers.of(connector, [task], label_config, {})[0] for task in whole]
    assert found == alone, "it says something else of tasks together than one by one"
    for task, several in zip(whole, found, strict=True):
        for one in several:
            result = short_results.expand(one.result, label_config)
            label_config.check(result, task["data"])
            wrong = label_config.prediction_errors({"result": result, "score": one.score})
            assert not wrong, f"what it says of task {task['id']} does not fit: {wrong}"
            orjson.dumps(result)
    return found


class Member:
    """Somebody who is signed in, and what most tests of a plugin begin with.

    Every request must be answered well; an ``AssertionError`` holds the server's words where it is not.
    """

    def __init__(self, app: Flask, token: str) -> None:
        self.app = app
        self._client = app.test_client()
        self._headers = {"Authorization": f"Token {token}"}

    def ask(
        self, method: str, path: str, body: Any = None, *, status: int | None = None, **options: Any
    ) -> Any:
        """Send a request, and give back the parsed JSON of the answer; ``None`` where it is empty.

        :param body: sent as JSON.
        :param status: the one that is expected, instead of any below 400.
        """
        sent = {"json": body} if body is not None else {}
        answer = self._client.open(path, method=method, headers=self._headers, **sent, **options)
        good = answer.status_code < 400 if status is None else answer.status_code == status
        assert good, f"{method} {path} was answered with {answer.status_code}: {answer.text}"
        return answer.json if answer.is_json else None

    def get(self, path: str) -> Any:
        return self.ask("GET", path)

    def post(self, path: str, body: Any = None) -> Any:
        return self.ask("POST", path, body)

    def patch(self, path: str, body: Any = None) -> Any:
        return self.ask("PATCH", path, body)

    def colleague(self, email: str = "colleague@example.org") -> Member:
        """Another member of the organisation, newly made."""
        from labelwright.services import accounts, tokens

        context = self.app.extensions["labelwright"]
        user = accounts.add(context, email, None)
        with context.database.write() as session:
            return Member(self.app, tokens.give_legacy(session, context, user))

    def download(self, path: str) -> bytes:
        """The body of an answer, as it is."""
        answer = self._client.get(path, headers=self._headers)
        assert answer.status_code == 200, f"GET {path} was answered with {answer.status_code}: {answer.text}"
        return answer.data

    def project(
        self, label_config: str = "<View/>", tasks: Sequence[Mapping[str, Any]] = (), **settings: Any
    ) -> int:
        """A new project, and its id.

        :param tasks: the data of its tasks, or whole tasks as Label Studio has them.
        :param settings: further fields of the project, ``sampling="Newest first"``.
        """
        wanted = {"title": "Test", "label_config": label_config, **settings}
        project = int(self.post("/api/projects/", wanted)["id"])
        if tasks:
            self.post(f"/api/projects/{project}/import", list(tasks))
        return project

    def tasks(self, project: int) -> list[dict[str, Any]]:
        """A project's tasks as the data manager has them: with columns, annotations and predictions."""
        answer = self.get(f"/api/tasks?project={project}&fields=all&page_size=1000")
        return list(answer["tasks"])

    def annotate(self, task: int, result: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Submit an annotation, which the configuration's tags and every plugin check."""
        return dict(self.post(f"/api/tasks/{task}/annotations/", {"result": list(result)}))

    def refused(self, task: int, result: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Submit an annotation that must be refused, and give back the refusal."""
        path = f"/api/tasks/{task}/annotations/"
        return dict(self.ask("POST", path, {"result": list(result)}, status=400))

    def next_task(self, project: int) -> dict[str, Any]:
        """The task that the label stream gives next."""
        return dict(self.get(f"/api/projects/{project}/next/"))

    def import_file(self, project: int, filename: str, content: bytes) -> dict[str, Any]:
        """Import a file, and give back the counts."""
        file = {"file": (io.BytesIO(content), filename)}
        return dict(self.ask("POST", f"/api/projects/{project}/import", data=file))

    def export(self, project: int, name: str, **options: Any) -> bytes:
        """Export a project in the format of this name.

        :param options: of the request: ``download_all_tasks=True`` for tasks without annotations too.
        """
        query = urlencode({"exportType": name, **{key: _in_query(value) for key, value in options.items()}})
        return self.download(f"/api/projects/{project}/export?{query}")

    def act(
        self, project: int, action: str, tasks: Sequence[int] | None = None, **params: Any
    ) -> dict[str, Any]:
        """Run a bulk action.

        :param tasks: ids; ``None`` chooses all. :param params: the answers to its form.
        """
        chosen = {"all": True, "excluded": []} if tasks is None else {"all": False, "included": list(tasks)}
        path = f"/api/dm/actions?{urlencode({'id': action, 'project': project})}"
        return dict(self.post(path, {"selectedItems": chosen, **params}))

    def work(self) -> None:
        """Do the jobs that wait, and those that they ask for, until none is left."""
        work_off(self.app)


def _in_query(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def work_off(app: Flask, within_s: float = 60) -> None:
    """Do the jobs that wait, and those that they ask for, until none is left.

    :param within_s: of those that are to begin later, the ones of this many seconds; their time has come at once.
    """
    from sqlalchemy import update

    from labelwright.jobs.runner import Runner
    from labelwright.models import Job, now

    context = app.extensions["labelwright"]
    runner = Runner(context)
    soon = (
        update(Job)
        .where(Job.state == "queued", Job.not_before < now() + timedelta(seconds=within_s))
        .values(not_before=now())
        .execution_options(synchronize_session=False)
    )
    try:
        while True:
            with context.database.write() as session:
                session.execute(soon)
            waiting = context.queue.due()
            if not waiting:
                break
            for job in waiting:
                runner.run(job)
    finally:
        runner.stop()


OWNER = {"first_user_username": "owner@example.org", "first_user_token": "0123456789abcdef" * 2 + "01234567"}


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with all tables and one person; each application gets a copy."""
    folder = tmp_path_factory.mktemp("labelwright") / "data"
    app = _application(folder)
    context = app.extensions["labelwright"]
    from labelwright.services import bootstrap

    bootstrap.ensure_installation(context)
    bootstrap.ensure_first_user(context)
    context.database.close()
    return folder


def _application(folder: Path) -> Flask:
    from labelwright import config
    from labelwright.app import create_app

    return create_app(config.load(folder, environ={}, overrides=OWNER))


@pytest.fixture
def app(data_folder: Path, tmp_path: Path) -> Iterator[Flask]:
    """An application with every installed plugin and an SQLite database of its own.

    No settings of this machine reach it, and no job runs by itself: see ``Member.work``.
    """
    made = _application(shutil.copytree(data_folder, tmp_path / "data"))
    yield made
    made.extensions["labelwright"].database.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Nobody, asking ``app``."""
    return app.test_client()


@pytest.fixture
def signed_in(app: Flask) -> Member:
    """The owner of ``app``, asking it."""
    return Member(app, OWNER["first_user_token"])
