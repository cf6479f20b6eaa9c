"""The client's whole surface, and what goes over the wire besides, compared with what Label Studio was seen to answer.

``scripts/record_label_studio.py`` wrote the facts; what ours answers otherwise has a reason in ``justified.py``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from label_studio_sdk.client import AsyncLabelStudio

from tests.plugins.ml_backend.model import Model, serving
from tests.services.labelwright import LiveServer
from tests.services.postgres import Postgres

from . import described, justified, labels, legacy, methods, surface, wire
from .awaiting import AwaitingWorld
from .recording import differences
from .world import Step, World, a_mood_model

FACTS = Path(__file__).parent / "facts"
SETTINGS = {"LABELWRIGHT_RATE_ENABLED": "false", "LABELWRIGHT_OUTBOUND_ML": "127.0.0.0/8"}
pytestmark = pytest.mark.timeout(600)
"""The set-up takes all the steps: half a minute where nothing else is at work."""
PARTS = {
    "methods": methods.CATALOGUE,
    "wire": wire.CATALOGUE,
    "labels": labels.CATALOGUE,
    "legacy": legacy.CATALOGUE,
}


def facts(name: str) -> Any:
    return json.loads((FACTS / f"{name}.json").read_text())


@dataclass
class Run:
    """What came of all steps on one server.

    :param begin: where it begins to take each second thing, of those that no database has to do with.
    """

    world: World
    begin: int
    unexcused: dict[str, list[str]] = field(default_factory=dict)
    used: set[justified.Difference] = field(default_factory=set)
    undescribed: set[str] = field(default_factory=set)
    awaited: dict[str, list[str]] = field(default_factory=dict)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """All steps, once on each database."""
    url = None
    if request.param == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        url = postgres.url(postgres.create_database())
    data_dir = tmp_path_factory.mktemp("server")
    with LiveServer(data_dir, url, settings=SETTINGS) as server, serving(a_mood_model()) as model:
        done = Run(World(server.url, server.token, model), begin=0 if url is None else 1)
        _run_all(done)
        done.awaited = _run_half(server, model, done.begin)
        yield done


def _run_half(server: LiveServer, model: Model, begin: int) -> dict[str, list[str]]:
    """Each method of the asynchronous client once, a half of them on each database: it is the client that differs."""
    recorded = facts("methods")
    first = {step.method: step for step in reversed(methods.CATALOGUE.steps)}
    with AwaitingWorld(server.url, server.token, model) as world:
        for pinned in world.http.get("/api/projects/?filter=pinned_only&include=id").json()["results"]:
            world.http.patch(f"/api/projects/{pinned['id']}/", json={"pinned_at": None})
        return {
            step.name: _unexcused(step, recorded[step.name], step.run(world), set())
            for step in list(first.values())[begin::2]
        }


def _run_all(done: Run) -> None:
    world = done.world
    description = described.Description(world.http.get("/docs/api/schema/json").json())
    for part, catalogue in PARTS.items():
        recorded = facts(part)
        for step in catalogue.steps:
            if justified.is_pending(step.name):
                continue
            seen = step.run(world)
            done.unexcused[step.name] = _unexcused(step, recorded[step.name], seen, done.used)
            done.undescribed |= {f"{step.name}: {words}" for one in seen for words in description.gaps(one)}


def _unexcused(step: Step, recorded: Any, seen: Any, used: set[justified.Difference]) -> list[str]:
    """The differences that nothing excuses; what excuses the others is put into ``used``."""
    found = []
    for path, words in differences(recorded, seen):
        reason = justified.excuse(step.name, path, words)
        if reason is None:
            found.append(f"{path} {words}")
        else:
            used.add(reason)
    return found


def test_every_method_of_the_client_has_its_step_or_is_known_not_to_be_served(run: Run) -> None:
    stepped = {step.method for step in methods.CATALOGUE.steps}
    known = {
        name
        for name in surface.methods(run.world.sdk)
        if name in stepped or name.startswith(tuple(methods.LATER))
    }
    assert set(surface.methods(run.world.sdk)) - known == set(facts("unserved"))


@pytest.mark.parametrize("noun", methods.nouns())
def test_the_clients_methods_are_answered_as_by_label_studio(run: Run, noun: str) -> None:
    assert {
        step.name: run.unexcused[step.name] for step in methods.of(noun) if run.unexcused.get(step.name)
    } == {}


@pytest.mark.parametrize("noun", wire.nouns())
def test_the_wire_is_answered_as_by_label_studio(run: Run, noun: str) -> None:
    assert {
        step.name: run.unexcused[step.name] for step in wire.of(noun) if run.unexcused.get(step.name)
    } == {}


@pytest.mark.parametrize("noun", labels.nouns())
def test_labels_are_answered_as_by_label_studio(run: Run, noun: str) -> None:
    assert {
        step.name: run.unexcused[step.name] for step in labels.of(noun) if run.unexcused.get(step.name)
    } == {}


def test_every_method_of_the_legacy_client_has_its_step() -> None:
    assert {step.method for step in legacy.CATALOGUE.steps} == legacy.methods()


@pytest.mark.parametrize("noun", legacy.nouns())
def test_the_legacy_client_is_answered_as_by_label_studio(run: Run, noun: str) -> None:
    assert {
        step.name: run.unexcused[step.name] for step in legacy.of(noun) if run.unexcused.get(step.name)
    } == {}


def test_the_asynchronous_client_has_the_same_methods(run: Run) -> None:
    awaiting = AsyncLabelStudio(base_url=run.world.url, api_key=run.world.token)
    assert surface.methods(awaiting).keys() == surface.methods(run.world.sdk).keys()


def test_the_asynchronous_client_is_answered_as_the_plain_one(run: Run) -> None:
    assert len(run.awaited) > 30
    assert {name: found for name, found in run.awaited.items() if found} == {}


def test_each_difference_that_is_justified_is_there(run: Run) -> None:
    assert [one for one in justified.DIFFERENCES if one not in run.used] == []


def test_answers_have_the_fields_that_the_description_states(run: Run) -> None:
    assert sorted(run.undescribed) == []


SERVED_HERE = {"projects.stats.agreement_annotators"}
"""What only the paid edition of Label Studio serves, and our plugins do too."""


def test_what_the_community_edition_does_not_serve_is_404_here_too(run: Run) -> None:
    served = []
    found = surface.methods(run.world.sdk)
    for name in sorted(set(facts("unserved")) - SERVED_HERE)[run.begin :: 2]:
        with run.world.recorder.listening() as exchanges:
            surface.call_blindly(found[name])
        if exchanges[-1]["status"] != 404:
            served.append(f"{name}: {exchanges[-1]}")
    assert served == []
