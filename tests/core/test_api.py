"""The one module that plugins import: whole, documented, and not changed by accident."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

from labelwright import api, errors

THINGS = {name: getattr(api, name) for name in api.__all__}
CLASSES = sorted(name for name, thing in THINGS.items() if inspect.isclass(thing))


def test_everything_that_is_listed_is_there():
    here = {name for name in vars(api) if not name.startswith("__")} - {"TYPE_CHECKING", "Any"}
    late = {"Id", "RawJSON", "UTCDateTime", "now", "tasks"}
    assert set(api.__all__) == here | late


@pytest.mark.parametrize("name", CLASSES)
def test_every_class_is_documented(name):
    """Errors are, by the tree at the head of their module."""
    assert THINGS[name].__doc__ or f"- {name} " in errors.__doc__ or f"+ {name} " in errors.__doc__


@pytest.mark.parametrize("name", CLASSES)
def test_every_public_method_says_what_it_does(name):
    for method, function in vars(THINGS[name]).items():
        if (
            inspect.isfunction(function)
            and not method.startswith("_")
            and issubclass(THINGS[name], Documented)
        ):
            assert inspect.getdoc(function), f"{name}.{method}"


Documented = (api.Tag, api.Exporter, api.Importer, api.JobKind, api.Queue, api.Row)


def test_the_version_is_two_numbers():
    assert [part.isdigit() for part in api.API_VERSION.split(".")] == [True, True]


def test_importing_the_api_brings_no_database_engine_or_vendor():
    """Plugins are imported by their authors' tests, by the editor and by tools: that must stay quick."""
    heavy = (
        "boto3",
        "celery",
        "psycopg2",
        "redis",
        "alembic",
        "PIL",
        "labelwright.models",
        "labelwright.web",
    )
    code = f"import sys, labelwright.api; print([name for name in {heavy!r} if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
