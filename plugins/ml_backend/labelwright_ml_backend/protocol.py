"""The HTTP protocol of Label Studio's ML backends, from the server's side."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from labelwright.api import (
    InvalidFields,
    InvalidInput,
    LabelConfig,
    MLConnector,
    MLField,
    MLPrediction,
    Unavailable,
)

UNREACHED = frozenset({"url-failed", "url-too-slow"})
REFUSED = frozenset({401, 403})
MOST_BYTES = 256 * 1024 * 1024
"""Of an answer: masks of many tasks are large."""


class LabelStudioBackend(MLConnector):
    kind = "label_studio"
    title = "ML backend"
    description = (
        "A server with the protocol of Label Studio's ML backends, such as one made with label-studio-ml."
    )
    fields = (
        MLField("url", "Address", required=True, placeholder="https://models.example.org:9090"),
        MLField(
            "auth_method",
            "Sign-in",
            kind="choice",
            choices=("NONE", "BASIC_AUTH"),
            default="NONE",
            choice_labels=("None", "User name and password"),
        ),  # fmt: skip
        MLField("basic_auth_user", "User name", default="", only_if=("auth_method", "BASIC_AUTH")),
        MLField("basic_auth_pass", "Password", kind="secret", only_if=("auth_method", "BASIC_AUTH")),
        MLField(
            "extra_params",
            "Extra parameters",
            kind="json",
            help="JSON that the model gets when it is set up.",
        ),
    )
    batch_size = 100
    wants_token = True

    def health(self) -> None:
        self._refuse_half_sign_in()
        try:
            status, _ = self._call("GET", "health", timeout_s=self._limit("timeout_health_s"))
        except Unavailable:
            raise InvalidInput(
                f"Can't connect to ML backend {self._url}, health check failed. Make sure it is up and your firewall "
                "is properly configured.",
                code="model-unreached", params={"url": self._url},
            ) from None  # fmt: skip
        if status in REFUSED:
            raise InvalidInput(
                f"The ML backend {self._url} is there, but does not accept this user name and password.",
                code="model-sign-in-refused", params={"url": self._url},
            )  # fmt: skip
        if status != 200:
            raise InvalidInput(
                f"Can't connect to ML backend {self._url}, health check failed: it answered {status}.",
                code="model-unhealthy", params={"url": self._url, "status": status},
            )  # fmt: skip

    def setup(self, label_config: LabelConfig) -> str:
        body = {
            "project": self._project,
            "schema": label_config.xml,
            "hostname": self.context.server_url,
            "access_token": self.context.access_token,
            "extra_params": self.options.get("extra_params"),
        }
        status, said = self._call("POST", "setup", body, self._limit("timeout_setup_s"))
        if status != 200 or not isinstance(said, dict):
            raise InvalidInput(
                f"{self._url} doesn't look like a valid ML backend: /setup answered {status}.",
                code="model-no-backend", params={"url": self._url, "status": status},
            )  # fmt: skip
        return str(said.get("model_version") or "")

    def versions(self) -> Sequence[str] | None:
        status, said = self._call("GET", "versions", timeout_s=self._limit("timeout_setup_s"))
        if status not in (200, 404):
            raise self._refused(status, "its versions were")
        listed = said.get("versions") if isinstance(said, dict) else None
        if not isinstance(listed, list):  # it is older than the question
            return None
        return [str(version) for version in listed]

    def predict(
        self, tasks: Sequence[Mapping[str, Any]], label_config: LabelConfig, context: Mapping[str, Any]
    ) -> Sequence[Sequence[MLPrediction]]:
        said = self._predict(tasks, label_config, context)
        if len(said) == 1 and len(tasks) > 1:  # one that knows no batches answers for the first task only
            said += [self._predict([task], label_config, context)[0] for task in tasks[1:]]
        if len(said) != len(tasks):
            raise self._nonsense(f"{len(said)} results for {len(tasks)} tasks")
        return said

    def train(self, event: Mapping[str, Any]) -> None:
        status, _ = self._call("POST", "webhook", event, self.context.timeout_s)
        if not 200 <= status < 300:
            raise Unavailable(
                f"{self._url} did not begin to train: it answered {status}.",
                code="model-refused", params={"url": self._url, "status": status},
            )  # fmt: skip

    def _predict(
        self, tasks: Sequence[Mapping[str, Any]], label_config: LabelConfig, context: Mapping[str, Any]
    ) -> list[list[MLPrediction]]:
        body = {
            "tasks": list(tasks),
            "project": self._project,
            "label_config": label_config.xml,
            "params": {"login": None, "password": None, "context": dict(context) or None},
        }
        status, said = self._call("POST", "predict", body, self.context.timeout_s)
        if status != 200:
            raise self._refused(status, "predictions were")
        results = said.get("results") if isinstance(said, dict) else None
        if not isinstance(results, list) or (tasks and not results):
            raise self._nonsense("no results")
        return [self._of_task(one) for one in results]

    def _of_task(self, said: Any) -> list[MLPrediction]:
        """The predictions of one task: one, several, or an empty one for none."""
        return [self._one(one) for one in (said if isinstance(said, list) else [said]) if one]

    def _one(self, said: Any) -> MLPrediction:
        if not isinstance(said, dict) or "result" not in said:
            raise self._nonsense("a prediction without a result")
        return MLPrediction(said["result"], said.get("score"), str(said.get("model_version") or ""))

    def _call(
        self, method: str, name: str, body: Mapping[str, Any] | None = None, timeout_s: float | None = None
    ) -> tuple[int, Any]:
        """Ask the backend. :returns: the status, and the parsed answer; ``None`` where it is no JSON."""
        assert self.context.outbound is not None
        headers = {"Content-Type": "application/json"} | self._authorization()
        try:
            answer = self.context.outbound.send(
                method, f"{self._url}/{name}", headers=headers, body=b"" if body is None else orjson.dumps(body),
                timeout_s=timeout_s, max_bytes=MOST_BYTES,
            )  # fmt: skip
        except InvalidInput as error:
            if error.code in UNREACHED:
                words = f"The ML backend {self._url} did not answer in time, or cannot be reached."
                raise Unavailable(words, code="model-unreached", params={"url": self._url}) from error
            raise InvalidFields({"url": [error.message]}, code=error.code, params=error.params) from error
        try:
            return answer.status, orjson.loads(answer.body)
        except orjson.JSONDecodeError:
            return answer.status, None

    def _authorization(self) -> dict[str, str]:
        if self.options.get("auth_method") != "BASIC_AUTH":
            return {}
        pair = f"{self.options.get('basic_auth_user') or ''}:{self.options.get('basic_auth_pass') or ''}"
        return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}

    def _refuse_half_sign_in(self) -> None:
        wanted = self.options.get("auth_method") == "BASIC_AUTH"
        if wanted and not (self.options.get("basic_auth_user") and self.options.get("basic_auth_pass")):
            raise InvalidInput(
                "Authentication username and password is required for Basic Authentication.",
                code="model-sign-in",
            )

    def _refused(self, status: int, asked: str) -> Unavailable:
        return Unavailable(
            f"{self._url} answered {status} where {asked} asked for.",
            code="model-refused", params={"url": self._url, "status": status},
        )  # fmt: skip

    def _nonsense(self, what: str) -> InvalidInput:
        return InvalidInput(
            f"{self._url} answered something else than predictions: {what}.",
            code="model-nonsense", params={"url": self._url},
        )  # fmt: skip

    def _limit(self, setting: str) -> float:
        return float(self.context.settings.get(setting, 3))

    @property
    def _url(self) -> str:
        return str(self.options["url"]).rstrip("/")

    @property
    def _project(self) -> str:
        project = self.context.project
        return f"{project.id}.{int(project.created_at.timestamp())}" if project else ""
