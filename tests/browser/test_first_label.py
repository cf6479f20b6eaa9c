"""From no account to the first answer taken home."""

from __future__ import annotations

import json
from pathlib import Path

from tests.browser.conftest import Enter

TEXTS = ["The lake was calm that morning.", "Nobody answered the door.", "It rained, and they stayed in."]
CONFIG = """<View>
  <Text name="text" value="$text"/>
  <Choices name="mood" toName="text" choice="single">
    <Choice value="good" hotkey="g"/>
    <Choice value="bad" hotkey="b"/>
  </Choices>
</View>"""


def test_sign_up_create_import_label_submit_export(sign_up: Enter, tmp_path: Path) -> None:
    source = tmp_path / "texts.json"
    source.write_text(json.dumps([{"text": text} for text in TEXTS]))

    _, projects = sign_up()
    create = projects.create()
    create.name("Moods")
    create.files.drop([source])
    create.go_to_interface()
    create.write_myself()
    create.paste_code(CONFIG)
    create.see_valid()
    tasks = create.create()
    tasks.see_count(3)

    labelling = tasks.label_all()
    said = {}
    for key, mood in (("g", "good"), ("b", "bad")):
        said[labelling.task] = mood
        labelling.press(key)
        labelling.submit()

    exported = json.loads(labelling.to_tasks().export("JSON").read_text())
    assert {
        task["id"]: task["annotations"][0]["result"][0]["value"]["choices"][0] for task in exported
    } == said
    assert {task["data"]["text"] for task in exported} < set(TEXTS)
