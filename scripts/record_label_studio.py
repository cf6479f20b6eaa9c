"""Write down how a running Label Studio answers: ``tests/sdk/facts/*.json``, which the tests compare ours with.

    python -m scripts.record_label_studio --url http://localhost:8080 --token <legacy token> [--only projects]

It makes projects and people of its own and deletes the projects again. Use a server that nobody else needs, and one
whose organisation allows legacy tokens. It must run beside, with ``ML_BLOCK_LOCAL_IP=false`` and
``SSRF_PROTECTION_ENABLED=false``: the ML backend that it is connected to is here.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from tests.plugins.ml_backend.model import serving
from tests.sdk import labels, legacy, methods, surface, wire
from tests.sdk.world import Step, World, a_mood_model

FACTS = Path(__file__).parents[1] / "tests" / "sdk" / "facts"
PARTS = {"methods": methods, "wire": wire, "labels": labels, "legacy": legacy}


def record(world: World, steps: list[Step], path: Path, only: str) -> None:
    known = json.loads(path.read_text()) if path.exists() and only else {}
    for step in steps:
        if step.name.startswith(only):
            known[step.name] = step.run(world)
            print(step.name, [one.get("status") for one in known[step.name]])
            world.clean()
            keep(path, known)


def keep(path: Path, facts: dict[str, Any]) -> None:
    """A line for each name."""
    rows = [f"{json.dumps(name)}: {_plain(facts[name])}" for name in sorted(facts)]
    path.write_text("{\n" + ",\n".join(rows) + "\n}\n")


def _plain(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def record_unserved(world: World, path: Path) -> None:
    """The methods whose address Label Studio does not know."""
    called = {step.method for step in methods.CATALOGUE.steps}
    unserved = []
    for name, method in surface.methods(world.sdk).items():
        if name in called or name.startswith(tuple(methods.LATER)):
            continue
        with world.recorder.listening() as exchanges:
            surface.call_blindly(method)
        if not exchanges or exchanges[-1]["status"] != 404 or exchanges[-1]["type"] != "text/html":
            raise SystemExit(f"{name} is served: {exchanges}. Give it a step.")
        unserved.append(name)
    path.write_text(json.dumps(sorted(unserved), indent=1) + "\n")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--url", required=True)
    options.add_argument("--token", required=True)
    options.add_argument("--only", default="", help="only steps whose name begins so")
    options.add_argument("--part", default="", choices=["", *PARTS, "unserved"])
    given = options.parse_args()
    with serving(a_mood_model()) as model:
        world = World(given.url, given.token, model)
        for part, module in PARTS.items():
            if given.part in ("", part):
                record(world, module.CATALOGUE.steps, FACTS / f"{part}.json", given.only)
        if given.part in ("", "unserved"):
            record_unserved(world, FACTS / "unserved.json")


if __name__ == "__main__":
    main()
