"""A labeller's day on real data: pictures whose boxes are known, and texts that people wrote.

``make test`` imports all and labels some of it, ``make soak`` labels all: the same hands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.browser.pages import Labelling, Projects, Tasks
from tests.real_data import yolo
from tests.real_data.images import LABELS, Box, Picture

BOXES = """<View>
  <Image name="image" value="$image"/>
  <RectangleLabels name="box" toName="image">
    {labels}
  </RectangleLabels>
</View>""".format(labels="".join(f'<Label value="{name}" hotkey="{name[0].lower()}"/>' for name in LABELS))

SPANS = """<View>
  <Labels name="span" toName="text">
    <Label value="First" hotkey="1"/>
    <Label value="Second" hotkey="2"/>
  </Labels>
  <Text name="text" value="$text"/>
  <Choices name="kind" toName="text" choice="single">
    <Choice value="code" hotkey="c"/>
    <Choice value="prose" hotkey="p"/>
  </Choices>
</View>"""

ALIKE = 0.9
"""How much of two boxes together must be common to both, for them to be the same."""


# --- pictures -----------------------------------------------------------------------------------------------


def make_box_project(projects: Projects, folder: Path, pictures: Sequence[Picture]) -> Tasks:
    """Choose the files in the system's window, begin with a template, change its labels, try it, create."""
    create = projects.create()
    create.name("Streets")
    create.files.choose([folder / picture.name for picture in pictures])
    create.go_to_interface()
    create.choose_template("Boxes on images")
    create.paste_code(BOXES)
    create.see_valid()
    create.try_a_box(pictures[0])
    return create.create(timeout_s=240)


def label_boxes(labelling: Labelling, pictures: Sequence[Picture], count: int) -> dict[str, Picture]:
    """Draw each object of so many pictures where it is; by name, what was labelled."""
    known = {picture.name: picture for picture in pictures}
    done: dict[str, Picture] = {}
    labelling.show_task_panel()
    for _ in range(count):
        picture = known[own_name(labelling.data("image"))]
        draw_all(labelling, picture)
        labelling.submit()
        done[picture.name] = picture
    return done


def draw_all(labelling: Labelling, picture: Picture) -> None:
    surface = labelling.picture(picture.width, picture.height)
    in_hand = None
    for box in picture.boxes:
        if box.label != in_hand:
            labelling.press(box.label[0].lower())
            in_hand = box.label
        surface.drag(box.x, box.y, box.x + box.width, box.y + box.height)


def check_boxes(tasks: Tasks, done: dict[str, Picture], folder: Path) -> int:
    """Each format says what the pictures show; the JSON makes the same YOLO by label_studio_sdk as by us."""
    exported = json.loads(tasks.export("JSON").read_text())
    assert {own_name(task["data"]["image"]) for task in exported} == set(done)
    for task in exported:
        picture = done[own_name(task["data"]["image"])]
        [annotation] = task["annotations"]
        check_picture([box_of(item) for item in annotation["result"]], picture)

    brief = json.loads(tasks.export("JSON-MIN").read_text())
    for task in brief:
        boxes = [box_in(item, item["rectanglelabels"][0]) for item in task["box"]]
        check_picture(boxes, done[own_name(task["image"])])
    assert len(brief) == len(done)

    source = folder / "export.json"
    source.write_text(json.dumps(exported))
    theirs = yolo.by_their_converter(BOXES, source, folder / "theirs")
    ours = yolo.unpack(tasks.export("YOLO").read_bytes(), folder / "ours")
    assert yolo.classes(ours) == yolo.classes(theirs) == sorted(LABELS)
    files = yolo.label_files(ours)
    assert files == yolo.label_files(theirs)
    for name, picture in done.items():
        check_picture([yolo_box(line, picture) for line in files[Path(name).stem]], picture)
    return sum(len(picture.boxes) for picture in done.values())


def check_picture(boxes: Sequence[Box], picture: Picture) -> None:
    """Every object has its box, and no box is too many."""
    left = list(boxes)
    for wanted in picture.boxes:
        best = max((box for box in left if box.label == wanted.label), key=lambda box: alike(box, wanted))
        assert alike(best, wanted) > ALIKE, f"{picture.name}: {wanted} was exported as {best}"
        left.remove(best)
    assert not left, f"{picture.name}: {left} were never drawn"


def alike(one: Box, other: Box) -> float:
    """The common part of two boxes, as a share of both together."""
    common = one.overlap(other)
    return common / (one.width * one.height + other.width * other.height - common)


def box_of(item: dict) -> Box:
    return box_in(
        item["value"] | {key: item[key] for key in ("original_width", "original_height")},
        item["value"]["rectanglelabels"][0],
    )


def box_in(value: dict, label: str) -> Box:
    across, down = value["original_width"] / 100, value["original_height"] / 100
    left, top = value["x"] * across, value["y"] * down
    return Box(label, round(left), round(top), round(value["width"] * across), round(value["height"] * down))


def yolo_box(line: yolo.Line, picture: Picture) -> Box:
    number, middle_x, middle_y, width, height = line
    return Box(
        sorted(LABELS)[int(number)],
        round((middle_x - width / 2) * picture.width),
        round((middle_y - height / 2) * picture.height),
        round(width * picture.width),
        round(height * picture.height),
    )


def own_name(address: str) -> str:
    """``/data/upload/1/8f3e2a10-street-0001.jpg`` was ``street-0001.jpg``."""
    return address.rsplit("/", 1)[-1].split("-", 1)[-1]


# --- texts --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """What was said of a text: spans in code points, with their words and labels, and the choice."""

    spans: frozenset[tuple[int, int, str, str]]
    kind: str


def make_text_project(projects: Projects, source: Path, texts: Sequence[str]) -> Tasks:
    """Drop one JSON file, write the interface oneself, create."""
    source.write_text(json.dumps([{"text": text} for text in texts]))
    create = projects.create()
    create.name("Documentation")
    create.files.drop([source])
    create.go_to_interface()
    create.write_myself()
    create.paste_code(SPANS)
    create.see_valid()
    return create.create(timeout_s=120)


def label_texts(labelling: Labelling, texts: Sequence[str], first: int, count: int) -> dict[int, Said]:
    """Mark words with the mouse and say of what kind each text is; by its place among the texts."""
    said: dict[int, Said] = {}
    for _ in range(count):
        number = labelling.task - first
        said[number] = mark_words(labelling, texts[number])
        labelling.submit()
    return said


def mark_words(labelling: Labelling, text: str) -> Said:
    place = labelling.text()
    spans = set()
    for label, key, (start, end) in zip(("First", "Second"), "12", words_of(text), strict=False):
        labelling.press(key)
        place.mark(start, end)
        spans.add((start, end, text[start:end], label))
    kind = "code" if re.search(r">>>|::|\(\)", text) else "prose"
    labelling.press(kind[0])
    return Said(frozenset(spans), kind)


def words_of(text: str) -> list[tuple[int, int]]:
    """A word from the beginning and one from the end, behind all that is not one unit of JavaScript."""
    found = [match.span() for match in re.finditer(r"[A-Za-z]{4,14}|[\u4e00-\u9fff]{2,6}", text)]
    return [found[0], found[-1]] if len(found) > 1 else found


def check_texts(tasks: Tasks, texts: Sequence[str], first: int, said: dict[int, Said]) -> int:
    """The long and the short export hold each span and each choice, letter by letter."""
    exported = {task["id"] - first: task for task in json.loads(tasks.export("JSON").read_text("utf-8"))}
    assert set(exported) == set(said)
    for number, task in exported.items():
        assert task["data"]["text"] == texts[number]
        [annotation] = task["annotations"]
        found = said_in(annotation["result"], task["data"]["text"])
        assert found == said[number], f"text {number}: {found} instead of {said[number]}"

    brief = {task["id"] - first: task for task in json.loads(tasks.export("JSON-MIN").read_text("utf-8"))}
    for number, task in brief.items():
        assert task["kind"] == said[number].kind
        found = {
            (span["start"], span["end"], span["text"], span["labels"][0]) for span in task.get("span", [])
        }
        assert found == said[number].spans
    assert set(brief) == set(said)
    return sum(len(one.spans) for one in said.values())


def said_in(result: list[dict], text: str) -> Said:
    spans = set()
    [choice] = [item["value"]["choices"][0] for item in result if item["type"] == "choices"]
    for value in (item["value"] for item in result if item["type"] == "labels"):
        assert value["text"] == text[value["start"] : value["end"]]
        spans.add((value["start"], value["end"], value["text"], value["labels"][0]))
    return Said(frozenset(spans), choice)
