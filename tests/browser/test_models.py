"""A model is connected by its form, tried, asked for all tasks; a labeller finds its prediction filled in."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter, make_project, tasks_of
from tests.browser.looking import axe_complaints
from tests.browser.pages import Labelling
from tests.plugins.ml_backend.model import Model, serving
from tests.services.labelwright import LiveServer
from tests.web.application import SENTIMENT


def shoot(page: Page, name: str) -> None:
    if folder := os.environ.get("ML_SHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def test_a_model_is_connected_and_its_prediction_is_what_a_labeller_begins_with(
    site: LiveServer, enter: Enter
) -> None:
    project = make_project(
        site, SENTIMENT, [{"text": f"text {n}"} for n in range(3)], show_collab_predictions=True
    )
    page, _ = enter()
    page.goto(f"{site.url}/projects/{project}/settings/ml")
    with serving(Model()) as model:
        page.get_by_role("button", name="Connect a model").click()
        expect(page.get_by_label("Name")).to_be_focused()
        page.keyboard.type("Moods")
        page.get_by_label("Address").fill("http://127.0.0.1:9")
        page.get_by_role("button", name="Test the connection").click()
        expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
        page.get_by_label("Sign-in").select_option("BASIC_AUTH")
        expect(page.get_by_label("Password")).to_be_visible()
        shoot(page, "form")
        page.get_by_label("Sign-in").select_option("NONE")
        page.get_by_label("Extra parameters").fill('{"threshold": 0.5}')
        page.get_by_label("Address").fill(model.url)
        page.get_by_role("button", name="Test the connection").click()
        expect(page.get_by_text("The model is there")).to_be_visible()
        page.get_by_label("Address").press("Enter")
        expect(page.get_by_text("Connected", exact=True)).to_be_visible()
        assert model.bodies("/setup")[-1]["extra_params"] == {"threshold": 0.5}
        page.get_by_role("button", name="Try on a task").click()
        expect(page.get_by_text("1 prediction", exact=False)).to_be_visible()
        page.get_by_role("button", name="Predict all tasks").click()
        expect(page.get_by_text("All tasks have been predicted.")).to_be_visible()
        shoot(page, "models")
        assert axe_complaints(page) == []
        assert [len(task["predictions"]) for task in tasks_of(site.client(), project)] == [1, 1, 1]

    page.reload()
    expect(page.get_by_text("Not reached")).to_be_visible()
    expect(page.get_by_text("health check failed")).to_be_visible()
    shoot(page, "gone")
    page.goto(f"{site.url}/projects/{project}/label")
    labelling = Labelling(page).wait()
    expect(page.get_by_role("checkbox", name="Good")).to_be_checked()
    shoot(page, "label")
    labelling.submit()
    answered = [task for task in tasks_of(site.client(), project) if task["annotations"]]
    assert answered[0]["annotations"][0]["result"][0]["value"] == {"choices": ["Good"]}

    page.goto(f"{site.url}/projects/{project}/settings/ml")
    page.get_by_role("button", name="Forget Moods").click()
    page.get_by_role("dialog").get_by_role("button", name="Forget").click()
    expect(page.get_by_text("No model yet.")).to_be_visible()
