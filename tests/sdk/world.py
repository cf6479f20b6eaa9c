"""A server, a person who calls it, and the things that a step needs to be there."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from label_studio_sdk.client import LabelStudio

from tests.plugins.ml_backend.model import Model, said

from .recording import Exchange, Recorder, shape
from .surface import NOBODY

CONFIG = (
    '<View><Text name="text" value="$text"/><Choices name="mood" toName="text">'
    '<Choice value="good"/><Choice value="bad"/></Choices></View>'
)
PASSWORD = "a long enough password"
TIMEOUT_S = 60
HOOK = "https://93.184.216.34/hook"
"""An address that needs no look-up of a name, and is nobody's own network. Nothing is sent there."""
NOWHERE = "http://127.0.0.1:9"
"""Where nobody listens."""


def a_mood_model() -> Model:
    """What can be connected to :data:`CONFIG`: it says of one task that it is good."""
    return Model(answer={"results": [said("good")]})


def mood(choice: str = "good") -> dict[str, Any]:
    """A region of :data:`CONFIG`."""
    return {
        "id": "m1",
        "from_name": "mood",
        "to_name": "text",
        "type": "choices",
        "value": {"choices": [choice]},
    }


class World:
    """What steps use: ``sdk`` and ``http`` as the owner, and functions that make things without being recorded.

    :param model: an ML backend that the server may call.
    """

    def __init__(self, url: str, token: str, model: Model) -> None:
        self.url, self.token, self.model = url, token, model
        self.recorder = Recorder(url)
        self.client = httpx.Client(
            transport=self.recorder,
            follow_redirects=True,
            timeout=TIMEOUT_S,
            headers={"accept-encoding": "identity"},
        )
        self.sdk = self.connect(token)
        self.http = Http(self.client, url, {"authorization": f"Token {token}"})
        self.anybody = Http(self.client, url, {})
        me = self.http.get("/api/current-user/whoami").json()
        self.me: int = me["id"]
        self.organization: int = me["active_organization"]
        self.recorder.known |= {me["email"]: "<email>", model.url: "<model>"}
        self._made: list[int] = []
        self._kept: dict[Any, Any] = {}
        self._untouched: dict[Any, Any] = {}
        self.http.patch(f"/api/users/{self.me}/", json={"first_name": "Olga", "last_name": "Owner"})

    def connect(self, token: str) -> Any:
        """The official client, for whose token this is."""
        return LabelStudio(base_url=self.url, api_key=token, httpx_client=self.client)

    def project(self, config: str = CONFIG, **settings: Any) -> int:
        answer = self.http.post("/api/projects/", json={"title": "Facts", "label_config": config, **settings})
        self._made.append(answer.json()["id"])
        return self._made[-1]

    def task(self, project: int, text: str = "one") -> int:
        answer = self.http.post("/api/tasks/", json={"data": {"text": text}, "project": project})
        return int(answer.json()["id"])

    def annotation(self, task: int, choice: str = "good", **more: Any) -> int:
        body = {"result": [mood(choice)], **more}
        return int(self.http.post(f"/api/tasks/{task}/annotations/", json=body).json()["id"])

    def prediction(self, task: int, version: str = "first") -> int:
        body = {"task": task, "result": [mood()], "score": 0.5, "model_version": version}
        return int(self.http.post("/api/predictions/", json=body).json()["id"])

    def draft(self, task: int, **more: Any) -> int:
        body = {"result": [mood()], "lead_time": 1.5, **more}
        return int(self.http.post(f"/api/tasks/{task}/drafts", json=body).json()["id"])

    def upload(self, project: int, name: str = "a.csv", content: bytes = b"text\none\ntwo\n") -> int:
        """A file that is kept, with no task made of it."""
        answer = self.http.post(
            f"/api/projects/{project}/import?commit_to_project=false", files={"file": (name, content)}
        )
        return int(answer.json()["file_upload_ids"][0])

    def snapshot(self, project: int) -> int:
        return int(self.http.post(f"/api/projects/{project}/exports/", json={}).json()["id"])

    def view(self, project: int) -> int:
        body = {"project": project, "data": {"title": "Mine"}}
        return int(self.http.post("/api/dm/views/", json=body).json()["id"])

    def webhook(self, project: int) -> int:
        body = {"project": project, "url": HOOK, "is_active": False}
        return int(self.http.post("/api/webhooks/", json=body).json()["id"])

    def person(self) -> Person:
        """Somebody who signs up, with a browser."""
        name = f"facts-{secrets.token_hex(6)}"
        browser = httpx.Client(timeout=TIMEOUT_S, base_url=self.url, transport=self.recorder.unheard)
        form = {"email": f"{name}@example.com", "password": PASSWORD, "allow_newsletters": "false"}
        token = self.http.get("/api/invite").json()["token"]
        page = browser.get("/user/signup/", params={"token": token})
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        form["csrfmiddlewaretoken"] = found[1] if found else ""
        browser.post("/user/signup/", params={"token": token}, data=form)
        who = browser.get("/api/current-user/whoami").json()
        self.recorder.known |= {form["email"]: "<email>", name: "<name>"}
        token = browser.get("/api/current-user/token").json()["token"]
        http = Http(self.client, self.url, {"authorization": f"Token {token}"})
        return Person(who["id"], form["email"], token, http, self.connect(token))

    def once(self, make: Callable[[World], Any]) -> Any:
        """What ``make`` makes, the same at each call: for steps that only look at it."""
        if make not in self._kept:
            self._kept[make] = make(self)
        return self._kept[make]

    @contextmanager
    def given(self, make: Callable[[World], Any]) -> Iterator[tuple[Any, list[Exchange]]]:
        """What ``make`` makes, and the list of what is exchanged while the block lasts.

        What was only looked at, or refused to change, the next one who wants such a thing gets.
        """
        given = self._untouched.pop(make) if make in self._untouched else make(self)
        with self.recorder.listening() as exchanges:
            yield given, exchanges
        if all(is_refusal(one) or one.get("request", "").startswith("GET ") for one in exchanges):
            self._untouched[make] = given

    def forget_later(self, project: int) -> None:
        """A step has made this project itself."""
        self._made.append(project)

    def clean(self) -> None:
        """Take away what was made, one by one."""
        for project in self._made:
            self.http.delete(f"/api/projects/{project}/")
        self._made.clear()
        self._kept.clear()
        self._untouched.clear()


@dataclass
class Person:
    id: int
    email: str
    token: str
    http: Http
    sdk: Any


@dataclass
class Http:
    """Requests as somebody, with paths instead of addresses."""

    client: httpx.Client
    url: str
    headers: dict[str, str] = field(default_factory=dict)

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        options["headers"] = self.headers | options.get("headers", {})
        options.setdefault("follow_redirects", False)
        return self.client.request(method, self.url + path, **options)

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self.request("POST", path, **options)

    def put(self, path: str, **options: Any) -> httpx.Response:
        return self.request("PUT", path, **options)

    def patch(self, path: str, **options: Any) -> httpx.Response:
        return self.request("PATCH", path, **options)

    def delete(self, path: str, **options: Any) -> httpx.Response:
        return self.request("DELETE", path, **options)


@dataclass(frozen=True)
class Step:
    """One thing to do to a server.

    :param name: an SDK method's name, or a noun; after a colon, what is particular.
    :param prepare: makes what ``act`` needs; not recorded.
    :param only_shape: compare types alone, where a list holds what others made or words are the server's own.
    """

    name: str
    act: Callable[[World, Any], Any]
    prepare: Callable[[World], Any] = lambda _world: None
    only_shape: bool = False

    @property
    def method(self) -> str:
        return self.name.partition(":")[0]

    def run(self, world: World) -> list[Exchange]:
        """Do it, and say what the server answered."""
        with world.given(self.prepare) as (given, exchanges):
            try:
                answer = self.act(world, given)
                if isinstance(answer, Iterator):
                    list(answer)
            except Exception as error:
                if not exchanges:
                    raise
                if not is_refusal(exchanges[-1]):
                    exchanges.append({"client": type(error).__name__})
        exchanges = _without_retries(exchanges)
        if self.only_shape:
            return [{**one, "answer": shape(one["answer"])} if "answer" in one else one for one in exchanges]
        return exchanges


def _without_retries(exchanges: list[Exchange]) -> list[Exchange]:
    """The client asks again after a 409 or a 5xx."""
    kept: list[Exchange] = []
    for one in exchanges:
        is_again = (
            kept
            and (one.get("status", 0) >= 500 or one.get("status") == 409)
            and kept[-1].get("request") == one["request"]
        )
        if not is_again:
            kept.append(one)
    return kept


def is_refusal(exchange: Exchange) -> bool:
    return bool(exchange.get("status", 0) >= 400)


@dataclass
class Catalogue:
    """Steps in the order in which they run."""

    steps: list[Step] = field(default_factory=list)

    def add(
        self,
        name: str,
        act: Callable[[World, Any], Any],
        prepare: Callable[[World], Any] = lambda _world: None,
        *,
        only_shape: bool = False,
    ) -> None:
        self.steps.append(Step(name, act, prepare, only_shape))


__all__ = ["CONFIG", "HOOK", "NOBODY", "NOWHERE", "Catalogue", "Http", "Person", "Step", "World", "mood"]
