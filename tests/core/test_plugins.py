"""Plugins are found, chosen, started and fenced."""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from labelwright import config, hookspecs, plugins
from labelwright.errors import PluginError
from labelwright.manifest import API_VERSION
from labelwright.plugins import Choice
from tests.core.plugin_site import STARS, PluginSite, plugin_site

OUR_AUTHOR = "The Labelwright authors"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[PluginSite]:
    with plugin_site(tmp_path) as made:
        yield made


def state_of(site: PluginSite, name: str, **choice: object) -> tuple[str, str]:
    """State, and why: the code and the sentence in one text."""
    plugin = site.load(**choice)[name]
    return plugin.state, f"{plugin.reason.code}: {plugin.reason}" if plugin.reason else ""


def test_an_installed_plugin_is_loaded(site):
    site.install("tag_stars")
    assert state_of(site, "tag_stars") == ("loaded", "")


def test_plugins_are_discovered_from_the_installed_distributions(site):
    site.install("tag_discovered", STARS.replace("Stars", "Discovered").replace('"stars"', '"discovered"'))
    loaded = plugins.load(Choice(enabled=frozenset({"tag_discovered"})))
    assert [plugin.name for plugin in loaded.working()] == ["tag_discovered"]


def test_a_plugin_carries_the_facts_of_its_distribution(site):
    site.install("tag_stars")
    plugin = site.load()["tag_stars"]
    assert (plugin.distribution, plugin.version, plugin.kind, plugin.third_party) == (
        "made-tag_stars",
        "1.2",
        "tag",
        True,
    )


def test_a_plugin_by_the_authors_of_the_core_is_no_third_party(site):
    site.install("tag_stars", author=OUR_AUTHOR)
    assert not site.load()["tag_stars"].third_party


def test_each_application_has_plugins_of_its_own(site):
    site.install("tag_stars")
    first, second = site.load(), site.load(disabled=frozenset({"tag_stars"}))
    assert first["tag_stars"].state == "loaded"
    assert second["tag_stars"].state == "disabled"
    assert first.manager is not second.manager


# what is known without running its code


def test_a_manifest_is_read_without_importing_the_package(site):
    package = site.install("tag_bomb", "raise SystemExit('imported')", manifest={"title": "Bomb"})
    plugin = site.load(disabled=frozenset({"tag_bomb"}))["tag_bomb"]
    assert plugin.manifest.title == "Bomb"
    assert package not in sys.modules


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        ("{", "is not JSON"),
        ("[]", "one JSON object"),
        ({"colour": "red"}, "unknown field 'colour'"),
        ({"title": 3}, "'title' must be a text"),
        ({"hooks": "register_tags"}, "'hooks' must be a list"),
        ({"provides": ["rectangle"]}, "'rectangle' is not a capability"),
        ({"api": "one"}, "'api' must be a range"),
        ({"name": "../tag_stars"}, "'name' must be lower case words"),
        ({"name": "tag_moon"}, "called 'tag_stars', but its manifest says 'tag_moon'"),
    ],
)
def test_a_broken_manifest_refuses_the_plugin_in_words(site, manifest, words):
    package = site.install("tag_stars", manifest=manifest)
    state, reason = state_of(site, "tag_stars")
    assert state == "refused"
    assert words in reason
    assert package not in sys.modules


def test_a_missing_manifest_is_refused_with_the_command_that_writes_it(site):
    package = site.install("tag_stars")
    (site.root / package / "labelwright-plugin.json").unlink()
    assert state_of(site, "tag_stars")[1].endswith(f"labelwright plugin manifest {package}")


def test_an_entry_point_to_nothing_is_refused_by_name():
    point = importlib.metadata.EntryPoint("tag_gone", "no_such_package_anywhere", "labelwright")
    assert "'no_such_package_anywhere' is not a package" in str(
        plugins.load(None, [point])["tag_gone"].reason
    )


def test_a_manifest_older_than_the_code_is_told_of(site):
    site.install("tag_stars", manifest={"hooks": ["register_tags"], "provides": ["tag:Moons"]})
    state, reason = state_of(site, "tag_stars")
    assert state == "loaded"
    assert reason.startswith("stale-manifest")


def test_two_distributions_with_one_plugin_name_start_neither(site):
    site.install("tag_stars", distribution="first")
    site.install("tag_stars", STARS.replace("Stars", "Moons"), distribution="second")
    state, reason = state_of(site, "tag_stars")
    assert state == "refused"
    assert "first" in reason
    assert "second" in reason


# what the configuration says


def test_a_disabled_plugin_is_not_imported(site):
    package = site.install("tag_stars")
    assert state_of(site, "tag_stars", disabled=frozenset({"tag_stars"}))[0] == "disabled"
    assert package not in sys.modules


def test_only_enabled_plugins_start_where_some_are_named(site):
    site.install("tag_stars")
    site.install("tag_moons", STARS.replace("Stars", "Moons"))
    loaded = site.load(enabled=frozenset({"tag_moons"}))
    assert [plugin.name for plugin in loaded.working()] == ["tag_moons"]


def test_safe_mode_leaves_third_parties_out(site):
    site.install("tag_stars")
    site.install("tag_moons", STARS.replace("Stars", "Moons"), author=OUR_AUTHOR)
    loaded = site.load(safe_mode=True)
    assert loaded["tag_stars"].state == "disabled"
    assert loaded["tag_moons"].state == "loaded"


def test_safe_mode_keeps_guards(site):
    site.install("guard_door", GUARD)
    assert site.load(safe_mode=True)["guard_door"].state == "loaded"


@pytest.mark.parametrize("range_", [">=2", "<1", "==0.9"])
def test_a_wrong_api_range_is_refused_without_importing(site, range_):
    package = site.install("tag_stars", manifest={"api": range_})
    state, reason = state_of(site, "tag_stars")
    assert state == "refused"
    assert reason.startswith(f"api-range: made for labelwright.api {range_}, and this is {API_VERSION}")
    assert package not in sys.modules


def test_the_choice_is_read_from_the_settings(tmp_path):
    given = {
        "LABELWRIGHT_TRACE_HOOKS": "1",
        "LABELWRIGHT_DISABLED_PLUGINS": "tag_a, tag_b",
        "LABELWRIGHT_HOOK_SLOW": "3s",
    }
    choice = Choice.of(config.load(tmp_path, environ=given))
    assert choice.trace
    assert choice.disabled == {"tag_a", "tag_b"}
    assert (choice.enabled, choice.required, choice.safe_mode) == (None, frozenset(), False)
    assert (choice.failures, choice.slow_s) == (5, 3)


# what plugins need of one another


def test_a_plugin_starts_after_the_one_whose_capability_it_requires(site):
    site.install("tag_a", NEEDS.format(name="Aaa", requires='("space:9d",)'))
    site.install("tag_z", GIVES.format(name="Zzz", space="9d"))
    assert [plugin.name for plugin in site.load().working()] == ["tag_z", "tag_a"]


def test_a_missing_requirement_is_refused_by_its_name(site):
    package = site.install("tag_a", NEEDS.format(name="Aaa", requires='("region:rectangle", "job:webhook")'))
    assert state_of(site, "tag_a") == (
        "refused",
        "missing-requirement: needs job:webhook, region:rectangle, which no plugin here offers",
    )
    assert package not in sys.modules


def test_a_requirement_whose_giver_broke_names_the_giver(site):
    site.install("tag_a", NEEDS.format(name="Aaa", requires='("space:9d",)'))
    site.install("tag_z", "1 / 0", manifest={"provides": ["space:9d"]})
    assert "which tag_z would offer, but it is failed" in state_of(site, "tag_a")[1]


def test_two_plugins_that_wait_for_each_other_are_both_refused(site):
    site.install("tag_a", manifest={"provides": ["space:a"], "requires": ["space:b"]})
    site.install("tag_b", manifest={"provides": ["space:b"], "requires": ["space:a"]})
    assert [plugin.state for plugin in site.load().plugins] == ["refused", "refused"]


# what its code does

EXPORTER = """
from labelwright.api import Exporter, hookimpl

class Lines(Exporter):
    name = "LINES"
    suffix = "{suffix}"

@hookimpl
def register_exporters():
    return [Lines]
"""
IMPORTER = """
from labelwright.api import Importer, hookimpl

class Lines(Importer):
    name = "lines"
    suffixes = {suffixes}

    def read(self, stream, context):
        return iter(())

@hookimpl
def register_importers():
    return [Lines]
"""


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("import no_such_module", "No module named 'no_such_module'"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("def broken(:", "SyntaxError"),
    ],
)
def test_a_plugin_that_breaks_at_import_is_named_and_the_rest_works(site, code, words):
    site.install("tag_broken", code, manifest={})
    site.install("tag_stars")
    loaded = site.load()
    assert loaded["tag_broken"].state == "failed"
    assert words in str(loaded["tag_broken"].reason)
    assert "Traceback" in loaded["tag_broken"].traceback
    assert loaded["tag_stars"].state == "loaded"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("raise OSError('no disk')", "register_tags failed: OSError: no disk"),
        ("return None", "must return a list, not None"),
        ("return [int]", "must return subclasses of Tag"),
        ("return [Tag]", "AttributeError"),
        ("raise SystemExit", "register_tags failed: SystemExit"),
    ],
)
def test_a_register_hook_that_fails_takes_its_plugin_out(site, body, words):
    code = f"from labelwright.api import Tag, hookimpl\n@hookimpl\ndef register_tags():\n    {body}\n"
    site.install("tag_broken", code, manifest={})
    state, reason = state_of(site, "tag_broken")
    assert state == "failed"
    assert words in reason


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (STARS + "\nStars.info = lambda self: 1 / 0", "ZeroDivisionError"),
        (STARS + "\nStars.attributes = {'max': {1, 2}}", "not JSON serializable"),
        (STARS + "\nStars.requires = ('rectangle',)", "'rectangle' is not a capability"),
        (STARS + "\nfrom labelwright.api import About\nabout = About(requires=[3])", "3 is not a capability"),
        (STARS + "\n__doc__ = 3", "AttributeError"),
        (EXPORTER.format(suffix="jsonl"), "must begin with a dot"),
        (IMPORTER.format(suffixes="'.csv'"), "must be a tuple such as"),
        (IMPORTER.format(suffixes="('.CSV',)"), "must be a tuple such as"),
    ],
)
def test_what_would_break_every_list_is_found_at_the_start(site, code, words):
    site.install("odd_part", code, manifest={})
    state, reason = state_of(site, "odd_part")
    assert state == "failed"
    assert words in reason


def test_a_plugin_is_taken_in_whole_or_not_at_all(site):
    code = STARS + "\n@hookimpl\ndef register_exporters():\n    raise OSError('no disk')\n"
    site.install("tag_stars", code, manifest={})
    assert "Stars" not in site.registry().tags


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("@hookimpl\ndef register_stars(): return []", "implements register_stars, which is no hook"),
        ("@hookimpl\ndef on_tasks_created(tasks): ...", "tasks"),
        ("@hookimpl(wrapper=True)\ndef on_tasks_created(): yield", "plugins do not wrap one another"),
    ],
)
def test_a_hook_that_is_not_ours_refuses_the_plugin(site, code, words):
    site.install("tag_odd", f"from labelwright.api import hookimpl\n{code}\n", manifest={})
    state, reason = state_of(site, "tag_odd")
    assert state == "refused"
    assert words in reason


def test_of_two_plugins_with_one_tag_the_second_is_refused_with_both_names(site):
    site.install("tag_first")
    site.install("tag_second")
    loaded = site.load()
    assert loaded["tag_first"].state == "loaded"
    assert loaded["tag_second"].state == "refused"
    assert str(loaded["tag_second"].reason) == "the tag 'Stars' is already given by tag_first"


def test_tags_that_differ_in_case_only_clash(site):
    site.install("tag_first")
    site.install("tag_second", STARS.replace("Stars", "STARS"))
    assert site.load()["tag_second"].state == "refused"


def test_of_ours_and_a_guest_the_guest_gives_way(site):
    site.install("tag_a_guest")
    site.install("tag_ours", author=OUR_AUTHOR)
    loaded = site.load()
    assert loaded["tag_ours"].state == "loaded"
    assert loaded["tag_a_guest"].state == "refused"


def test_plugins_may_share_the_class_of_their_labels(site):
    labels = STARS.replace("Number, Tag", "Label, Number, Tag").replace('ui = "stars.js"', "labels = Label")
    site.install("tag_first", labels)
    site.install("tag_second", labels.replace("Stars", "Moons"))
    assert set(site.registry().tags) == {"Stars", "Moons", "Label"}


def test_a_plugin_may_not_give_one_name_twice(site):
    code = STARS.replace("return [Stars]", "return [Stars, type('Moons', (Stars,), {})]")
    site.install("tag_stars", code, manifest={})
    assert state_of(site, "tag_stars")[1].startswith("duplicate")


# plugins of the caller


def test_a_broken_builtin_stops_the_start():
    with pytest.raises(PluginError, match="core"):
        plugins.load(None, [], {"core": type("Core", (), {"register_tags": hookspecs.hookimpl(lambda: 3)})})


NEEDS = """
from labelwright.api import Tag, hookimpl

class {name}(Tag):
    "Needs something."
    name = "{name}"
    requires = {requires}

@hookimpl
def register_tags():
    return [{name}]
"""
GIVES = """
from labelwright.api import Tag, hookimpl

class {name}(Tag):
    "Gives a space."
    name = "{name}"
    kind = "object"
    space = "{space}"

@hookimpl
def register_tags():
    return [{name}]
"""
GUARD = """
from labelwright.api import NotAllowed, hookimpl

@hookimpl
def check_permission(permission):
    if permission == "tasks.delete":
        raise NotAllowed("not today")
"""
