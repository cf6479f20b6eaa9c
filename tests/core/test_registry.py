"""The registry merges what plugins gave, and asks and tells them behind a fence."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from labelwright import hookspecs
from labelwright.errors import InvalidRegion, NotAllowed, NotFound
from labelwright.events import TasksCreated
from labelwright.job_kinds import JobKind, JobSpec
from labelwright.testing import make_registry
from tests.core.plugin_site import STARS, PluginSite, plugin_site

hookimpl = hookspecs.hookimpl
EVENT = TasksCreated(project=1, tasks=(7, 8))
PERMISSION = {"user": 1, "permission": "tasks.delete", "organization": 1, "project": 2}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[PluginSite]:
    with plugin_site(tmp_path) as made:
        yield made


class Part:
    """An object with hooks, as a test's plugin; ``name`` is the plugin's."""

    def __init__(self, name: str, **hooks: object) -> None:
        self.name = name
        self.__doc__ = f"{name}: part of a test."
        for hook, function in hooks.items():
            setattr(self, hook, hookimpl(function))


def raising(error: BaseException):
    def hook(event):
        raise error

    return hook


# telling


def test_every_plugin_is_told(caplog):
    heard = []
    registry = make_registry(
        Part("one", on_tasks_created=lambda event: heard.append(("one", event.tasks))),
        Part("two", on_tasks_created=lambda: heard.append(("two", None))),
    )
    registry.tell("on_tasks_created", event=EVENT)
    assert heard == [("one", (7, 8)), ("two", None)]


@pytest.mark.parametrize("error", [ZeroDivisionError("x"), SystemExit(1)], ids=["exception", "exit"])
def test_a_plugin_that_fails_is_named_counted_and_stops_nobody(caplog, error):
    heard = []
    registry = make_registry(
        Part("bad", on_tasks_created=raising(error)),
        Part("good", on_tasks_created=lambda event: heard.append(event)),
    )
    registry.tell("on_tasks_created", event=EVENT)
    assert heard == [EVENT]
    assert "plugin bad failed in on_tasks_created" in caplog.text
    assert registry.report()[0].hook_errors == 1
    assert "Traceback" in registry.report()[0].traceback


def test_after_failures_in_a_row_a_plugin_is_switched_off_and_says_so():
    calls = []

    def hook(event):
        calls.append(event)
        raise OSError("no disk")

    registry = make_registry(Part("bad", on_tasks_created=hook), failures=3)
    for _ in range(5):
        registry.tell("on_tasks_created", event=EVENT)
    (report,) = registry.report()
    assert len(calls) == 3
    assert report.code == "hook-failures"
    assert "3 failures in a row; the last was in on_tasks_created: OSError: no disk" in report.reason


def test_a_success_begins_the_count_anew():
    outcomes = iter([OSError(), OSError(), None, OSError(), OSError()])

    def hook(event):
        if error := next(outcomes):
            raise error

    registry = make_registry(Part("moody", on_tasks_created=hook), failures=3)
    for _ in range(5):
        registry.tell("on_tasks_created", event=EVENT)
    assert registry.report()[0].reason == ""
    assert registry.report()[0].hook_errors == 4


def test_a_guard_is_never_switched_off():
    registry = make_registry(
        Part("guard", on_tasks_created=raising(OSError()), check_permission=lambda: None), failures=2
    )
    for _ in range(4):
        registry.tell("on_tasks_created", event=EVENT)
    assert registry.report()[0].hook_errors == 4


def test_a_slow_hook_counts_as_a_failure(caplog):
    registry = make_registry(Part("slow", on_tasks_created=lambda event: None), slow_s=-1.0)
    registry.tell("on_tasks_created", event=EVENT)
    assert registry.report()[0].hook_errors == 1
    assert "TimeoutError" in caplog.text


def test_tryfirst_comes_before_the_order_of_starting():
    heard = []
    late = Part("late")
    late.on_tasks_created = hookimpl(tryfirst=True)(lambda event: heard.append("late"))
    registry = make_registry(Part("early", on_tasks_created=lambda event: heard.append("early")), late)
    registry.tell("on_tasks_created", event=EVENT)
    assert heard == ["late", "early"]


def test_hooks_are_traced_when_asked(caplog):
    caplog.set_level(logging.INFO)
    registry = make_registry(Part("one", on_tasks_created=lambda event: None), trace=True)
    registry.tell("on_tasks_created", event=EVENT)
    assert "one on_tasks_created(TasksCreated(project=1, tasks=(7, 8))) -> None in" in caplog.text


def test_an_unknown_hook_is_our_own_mistake():
    with pytest.raises(KeyError):
        make_registry().tell("on_tasks_painted")


# planning


class Paint(JobKind):
    kind = "paint"

    def run(self, context, **params):
        return None


def test_jobs_of_all_plugins_are_collected():
    registry = make_registry(
        Part("one", register_jobs=lambda: [Paint], plan_tasks_created=lambda: [JobSpec("paint", {"n": 1})]),
        Part("two", plan_tasks_created=lambda event: [JobSpec("paint", {"n": len(event.tasks)})]),
    )
    assert [job.params["n"] for job in registry.plan("plan_tasks_created", None, None, event=EVENT)] == [1, 2]


@pytest.mark.parametrize(
    ("answer", "words"),
    [(["paint"], "must return JobSpecs"), ([JobSpec("polish")], "no kind of job 'polish'; known are paint")],
)
def test_a_plan_that_cannot_be_kept_costs_its_own_jobs_only(caplog, answer, words):
    registry = make_registry(
        Part("bad", plan_tasks_created=lambda: answer),
        Part("good", register_jobs=lambda: [Paint], plan_tasks_created=lambda: [JobSpec("paint")]),
    )
    assert registry.plan("plan_tasks_created", None, None, event=EVENT) == [JobSpec("paint")]
    assert words in caplog.text


def test_a_plugin_with_nothing_to_plan_may_answer_none():
    assert (
        make_registry(Part("one", plan_tasks_created=lambda: None)).plan(
            "plan_tasks_created", None, None, event=EVENT
        )
        == []
    )


# asking


def refusing(error: Exception):
    def hook(permission):
        raise error

    return hook


def test_without_objections_it_may_be_done():
    make_registry(Part("one", check_permission=lambda: None)).check("check_permission", **PERMISSION)


def test_all_are_asked_and_the_first_refusal_is_raised():
    asked = []
    registry = make_registry(
        Part("one", check_permission=lambda: asked.append(1)),
        Part("two", check_permission=refusing(NotAllowed("not today"))),
        Part("three", check_permission=refusing(NotAllowed("never"))),
        Part("four", check_permission=lambda: asked.append(4)),
    )
    with pytest.raises(NotAllowed, match="not today"):
        registry.check("check_permission", **PERMISSION)
    assert asked == [1, 4]


def test_a_refusal_keeps_its_path():
    def check_annotations(results):
        raise InvalidRegion("too small", field="result.0.value.width")

    registry = make_registry(Part("one", check_annotations=check_annotations))
    with pytest.raises(InvalidRegion) as refusal:
        registry.check("check_annotations", project=1, task=1, user=None, results=[[{}]])
    assert refusal.value.field == "result.0.value.width"


@pytest.mark.parametrize("fails", [refusing(ZeroDivisionError()), lambda: False, lambda: True])
def test_a_guard_that_fails_or_mumbles_denies(fails, caplog):
    with pytest.raises(NotAllowed) as refusal:
        make_registry(Part("odd", check_permission=fails)).check("check_permission", **PERMISSION)
    assert refusal.value.code == "guard-failed"
    assert refusal.value.params == {"plugin": "odd"}


GUARD = """
from labelwright.api import NotAllowed, hookimpl

@hookimpl
def check_permission(permission):
    pass
"""
BROKEN_GUARD = GUARD + "\n1 / 0\n"
IS_GUARD = {"hooks": ["check_permission"]}


def assert_locked(registry, plugin: str) -> None:
    with pytest.raises(NotAllowed) as refusal:
        registry.check("check_permission", **PERMISSION)
    assert refusal.value.code == "guard-missing"
    assert plugin in refusal.value.message


def test_a_guard_that_breaks_at_import_locks_what_it_guards_and_nothing_else(site):
    site.install("guard_door", BROKEN_GUARD, manifest=IS_GUARD)
    registry = site.registry()
    assert_locked(registry, "guard_door")
    registry.check("check_annotations", project=1, task=1, user=1, results=[])


def test_a_guard_of_the_wrong_api_locks_what_it_guards(site):
    site.install("guard_door", GUARD, manifest={**IS_GUARD, "api": ">=7"})
    assert_locked(site.registry(), "guard_door")


def test_a_guard_that_the_administrator_disabled_locks_nothing(site):
    site.install("guard_door", GUARD)
    site.registry(disabled=frozenset({"guard_door"})).check("check_permission", **PERMISSION)


def test_a_guard_that_is_required_and_disabled_locks(site):
    site.install("guard_door", GUARD)
    named = frozenset({"guard_door"})
    assert_locked(site.registry(disabled=named, required=named), "guard_door")


def test_a_required_plugin_that_is_not_installed_locks_all_and_is_reported(site):
    registry = site.registry(required=frozenset({"guard_door"}))
    assert_locked(registry, "guard_door")
    with pytest.raises(NotAllowed):
        registry.check("check_annotations", project=1, task=1, user=1, results=[])
    assert [(report.name, report.code) for report in registry.report()] == [("guard_door", "not-installed")]


def test_a_required_plugin_that_guards_nothing_locks_nothing(site):
    site.install("tag_stars", "1 / 0", manifest={"hooks": ["register_tags"]})
    registry = site.registry(required=frozenset({"tag_stars"}))
    registry.check("check_permission", **PERMISSION)
    assert registry.report()[0].state == "failed"


# whose fault it is


def test_an_exception_out_of_a_plugins_code_is_laid_at_its_door(site):
    site.install("tag_stars", STARS + "\nStars.check = lambda self, value, node: len(3)\n")
    registry = site.registry()
    with pytest.raises(TypeError) as caught:
        registry.tags["Stars"].check({}, None)
    words = registry.blame(caught.value)
    assert (words.status, words.code, words.params) == (503, "plugin-failed", {"plugin": "tag_stars"})
    assert registry.report()[0].hook_errors == 1


def test_an_exception_of_our_own_is_nobodys_and_words_stay_words(site):
    site.install("tag_stars")
    registry = site.registry()
    with pytest.raises(ZeroDivisionError) as caught:
        1 / 0  # noqa: B018
    assert registry.blame(caught.value) is None
    assert registry.blame(NotAllowed("no")) is None
    assert registry.report()[0].hook_errors == 0


# what the browser gets


def test_tags_are_told_with_their_module_and_translations(site):
    files = {"static/stars.js": "export default {};", "locale/zh.json": '{"Stars": "星级"}'}
    site.install("tag_stars", files=files)
    registry = site.registry()
    (info,) = registry.taginfo("/sub")
    assert info["tag"] == "Stars"
    assert info["plugin"] == "tag_stars"
    assert info["module"] == f"/sub/plugins/tag_stars/{registry.asset_hash('tag_stars')}/stars.js"
    assert info["messages"] == {"zh": {"Stars": "星级"}}


def test_a_module_that_was_not_built_is_none(site):
    site.install("tag_stars")
    assert site.registry().taginfo()[0]["module"] is None


def test_the_hash_of_a_plugins_files_changes_with_any_of_them(site):
    package = site.install("tag_stars", files={"static/stars.js": "one", "static/more/a.css": "a"})
    before = site.registry().asset_hash("tag_stars")
    assert site.registry().asset_hash("tag_stars") == before
    (site.root / package / "static/more/a.css").write_text("b")
    assert site.registry().asset_hash("tag_stars") != before


def test_a_file_of_a_plugin_is_found(site):
    site.install("tag_stars", files={"static/more/a.css": "a"})
    assert site.registry().asset("tag_stars", "more/a.css").read_text() == "a"


@pytest.mark.parametrize(
    "name",
    ["../__init__.py", "/etc/passwd", "more/../../__init__.py", "..", "", ".", "more", "./stars.js", "stars.js\0",
     "..\\__init__.py", "%2e%2e/__init__.py", ".hidden", "more//a.css", "link.py"],
)  # fmt: skip
def test_no_name_leads_out_of_the_static_folder(site, name):
    package = site.install(
        "tag_stars", files={"static/stars.js": "", "static/more/a.css": "", "static/.hidden": "secret"}
    )
    (site.root / package / "static/link.py").symlink_to(site.root / package / "__init__.py")
    with pytest.raises(NotFound):
        site.registry().asset("tag_stars", name)


@pytest.mark.parametrize("plugin", ["tag_broken", "tag_nobody", "../tag_stars"])
def test_plugins_not_at_work_have_no_files(site, plugin):
    site.install("tag_broken", "1 / 0", manifest={}, files={"static/stars.js": ""})
    with pytest.raises(NotFound):
        site.registry().asset(plugin, "stars.js")


def test_a_catalogue_that_cannot_be_read_is_logged_and_left_out(site, caplog):
    site.install("tag_stars", files={"locale/zh.json": "[", "locale/de.json": '{"Stars": "Sterne"}'})
    assert site.registry().ui() == {"tag_stars": {"de": {"Stars": "Sterne"}}}
    assert "zh.json cannot be read" in caplog.text


# what people are told


def test_the_report_speaks_of_every_plugin_and_of_those_at_work_first(site):
    site.install("tag_broken", "1 / 0", manifest={"title": "Broken"})
    site.install("tag_stars")
    reports = site.registry().report()
    assert [(report.name, report.title, report.state) for report in reports] == [
        ("tag_stars", "Stars", "loaded"),
        ("tag_broken", "Broken", "failed"),
    ]
    assert reports[0].provides == ("tag:Stars",)


def test_tracebacks_are_for_administrators(site):
    site.install("tag_broken", "1 / 0", manifest={})
    (report,) = site.registry().report()
    assert "ZeroDivisionError" in report.to_json(is_admin=True)["traceback"]
    assert "traceback" not in report.to_json(is_admin=False)
    assert "browser_reports" not in report.to_json(is_admin=False)


def test_the_text_of_an_exception_is_for_administrators(site):
    site.install("tag_broken", "raise OSError('no route to db.internal')", manifest={})
    (report,) = site.registry().report()
    shown, brief = report.to_json(is_admin=True), report.to_json(is_admin=False)
    assert shown["reason"] == "its code cannot be imported: OSError: no route to db.internal"
    assert brief["reason"] == "its code cannot be imported: OSError"
    assert brief["messages"]["zh"][brief["reason"]] == "无法导入其代码：OSError"
    assert "db.internal" not in str(brief)


def test_the_report_carries_translations_of_its_words_only(site):
    site.install("tag_stars", files={"locale/zh.json": '{"Stars": "星级", "other": "其他"}'})
    assert site.registry().report()[0].messages == {"zh": {"Stars": "星级"}}


def test_the_reason_is_said_in_chinese_too(site):
    site.install("tag_first")
    site.install("tag_second")
    report = site.registry().report()[1]
    assert report.messages["zh"][report.reason] == "标签“Stars”已由 tag_first 提供"


def test_errors_in_browsers_are_counted_cut_and_kept(site):
    site.install("tag_stars")
    registry = site.registry()
    for number in range(30):
        registry.browser_error(
            "tag_stars", {"tag": "Stars", "message": f"{number} " + "x" * 9000, "extra": "y"}
        )
    (report,) = registry.report()
    assert report.browser_errors == 30
    assert len(report.browser_reports) == 20
    assert len(report.browser_reports[-1]["message"]) == 4000
    assert set(report.browser_reports[-1]) == {"tag", "message", "stack", "url"}


def test_errors_of_no_plugin_are_not_found():
    with pytest.raises(NotFound):
        make_registry().browser_error("tag_nobody", {})


# what was given


def test_settings_of_plugins_bear_their_names(site):
    code = """
        from labelwright.api import Setting, hookimpl

        @hookimpl
        def register_settings():
            return [Setting("max", 5, "Most.")]
    """
    site.install("tag_one", code)
    site.install("tag_two", code)
    assert [setting.name for setting in site.registry().settings] == [
        "plugin.tag_one.max",
        "plugin.tag_two.max",
    ]


def test_the_owner_of_a_tag_is_known(site):
    site.install("tag_stars", STARS)
    assert site.registry().owner("register_tags", "Stars") == "tag_stars"
    assert site.registry().capabilities == {"tag:Stars": "tag_stars"}
