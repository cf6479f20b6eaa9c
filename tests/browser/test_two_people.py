"""Two people label one project at once."""

from __future__ import annotations

from tests.browser.conftest import MOODS, Enter, make_project, tasks_of
from tests.browser.pages import Labelling
from tests.services.labelwright import LiveServer


def test_two_browsers_never_get_the_same_task(site: LiveServer, enter: Enter, sign_up: Enter) -> None:
    project = make_project(site, MOODS, [{"text": f"Letter number {n}"} for n in range(8)])
    people = []
    for person in (enter, sign_up):
        page, _ = person()
        page.goto(f"{site.url}/projects/{project}/label")
        people.append(Labelling(page).wait())

    seen: list[list[int]] = [[], []]
    while any(person.is_at_work for person in people):
        for person, mine in zip(people, seen, strict=True):
            if person.is_at_work:
                mine.append(person.task)
        for person in people:
            if person.is_at_work:
                person.press("g")
                person.press("Control+Enter")  # the other one presses before this answer has come
        for person, mine in zip(people, seen, strict=True):
            person.wait_for_another(mine[-1])

    assert not set(seen[0]) & set(seen[1])
    assert len(seen[0]) + len(seen[1]) == 8
    assert all(len(task["annotations"]) == 1 for task in tasks_of(site.client(), project))
