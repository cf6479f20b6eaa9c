"""Street scenes with objects at known places: ``python -m tests.real_data.images FOLDER [COUNT]``.

Each picture is a photograph's size, with light, noise and blur, saved as JPEG or PNG; what stands where is returned, in
pixels, so that boxes that went through the browser and an export can be held against the truth.
"""

from __future__ import annotations

import json
import math
import random
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

LABELS = ("Car", "House", "Person", "Tree")
SIZES = ((1280, 960), (1600, 900), (900, 1200), (1024, 1024))
HORIZON = 0.45


@dataclass(frozen=True)
class Box:
    """A labelled box in pixels; ``x, y`` is its top left corner."""

    label: str
    x: int
    y: int
    width: int
    height: int

    def overlap(self, other: Box) -> int:
        """Pixels that both cover."""
        across = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        down = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        return max(0, across) * max(0, down)


@dataclass(frozen=True)
class Picture:
    """A file and the truth about it."""

    name: str
    width: int
    height: int
    boxes: tuple[Box, ...]


def make_pictures(folder: Path, count: int = 200, seed: int = 1) -> list[Picture]:
    """Make pictures in a folder. The same seed makes the same pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(seed)
    return [_make_picture(folder, number, chance) for number in range(count)]


def _make_picture(folder: Path, number: int, chance: random.Random) -> Picture:
    width, height = chance.choice(SIZES)
    scene = _background(width, height, chance)
    boxes = _places(width, height, chance)
    pen = ImageDraw.Draw(scene)
    for box in boxes:
        _PAINTERS[box.label](pen, box, chance)
    scene = _as_a_camera_sees_it(scene, chance)
    name = f"street-{number:04d}.{'png' if number % 10 == 9 else 'jpg'}"
    scene.save(folder / name, quality=88)
    return Picture(name, width, height, boxes)


def _background(width: int, height: int, chance: random.Random) -> Image.Image:
    """Sky above, ground below, each going from one colour to another."""
    rows = np.linspace(0, 1, height)[:, None]
    sky = np.array([chance.randint(90, 160), chance.randint(150, 200), 235]) + rows * np.array([80, 40, 10])
    ground = np.array([chance.randint(80, 130), chance.randint(90, 130), chance.randint(70, 100)]) + rows * 25
    colours = np.where(rows < HORIZON, sky, ground).clip(0, 255)
    pixels = np.repeat(colours[:, None, :], width, axis=1).astype(np.uint8)
    return Image.fromarray(pixels, "RGB")


def _places(width: int, height: int, chance: random.Random) -> tuple[Box, ...]:
    """Up to six objects that hide nothing of each other; the nearer, the larger."""
    found: list[Box] = []
    for _ in range(60):
        label = chance.choice(LABELS)
        foot = chance.uniform(HORIZON + 0.12, 0.97)
        tall = height * foot * {"Car": 0.16, "House": 0.38, "Person": 0.24, "Tree": 0.40}[label]
        wide = tall * {"Car": 2.1, "House": 1.2, "Person": 0.42, "Tree": 0.7}[label]
        left = chance.uniform(4, max(5, width - wide - 4))
        box = Box(label, round(left), round(height * foot - tall), round(wide), round(tall))
        fits = box.x + box.width < width - 2 and box.y > 2
        if fits and not any(box.overlap(other) for other in found):
            found.append(box)
        if len(found) == 6:
            break
    return tuple(sorted(found, key=lambda box: (box.y + box.height, box.x)))


def _paint_car(pen: ImageDraw.ImageDraw, box: Box, chance: random.Random) -> None:
    x, y, w, h = box.x, box.y, box.width, box.height
    colour = _colour(chance, 60, 220)
    pen.rounded_rectangle((x, y + h * 0.35, x + w - 1, y + h * 0.82), h * 0.15, fill=colour)
    pen.polygon(
        [(x + w * 0.2, y + h * 0.4), (x + w * 0.32, y), (x + w * 0.72, y), (x + w * 0.85, y + h * 0.4)],
        fill=colour,
    )
    pen.polygon(
        [
            (x + w * 0.26, y + h * 0.36),
            (x + w * 0.35, y + h * 0.08),
            (x + w * 0.5, y + h * 0.08),
            (x + w * 0.5, y + h * 0.36),
        ],
        fill=(190, 215, 230),
    )
    for middle in (0.22, 0.78):
        radius = h * 0.2
        at = (x + w * middle, y + h - 1 - radius)
        pen.ellipse((at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius), fill=(25, 25, 28))


def _paint_house(pen: ImageDraw.ImageDraw, box: Box, chance: random.Random) -> None:
    x, y, w, h = box.x, box.y, box.width, box.height
    pen.rectangle((x + w * 0.06, y + h * 0.4, x + w * 0.94, y + h - 1), fill=_colour(chance, 150, 235))
    pen.polygon(
        [(x, y + h * 0.42), (x + w / 2, y), (x + w - 1, y + h * 0.42)], fill=(140, chance.randint(50, 80), 50)
    )
    for column in (0.2, 0.62):
        pen.rectangle(
            (x + w * column, y + h * 0.5, x + w * (column + 0.18), y + h * 0.66), fill=(90, 120, 150)
        )
    pen.rectangle((x + w * 0.42, y + h * 0.7, x + w * 0.58, y + h - 1), fill=(90, 60, 40))


def _paint_person(pen: ImageDraw.ImageDraw, box: Box, chance: random.Random) -> None:
    x, y, w, h = box.x, box.y, box.width, box.height
    head = w * 0.28
    pen.ellipse(
        (x + w / 2 - head, y, x + w / 2 + head, y + 2 * head), fill=(chance.randint(120, 230), 160, 130)
    )
    pen.rounded_rectangle((x, y + h * 0.25, x + w - 1, y + h * 0.62), w * 0.25, fill=_colour(chance, 40, 220))
    for left in (0.14, 0.54):
        pen.rectangle((x + w * left, y + h * 0.58, x + w * (left + 0.32), y + h - 1), fill=(45, 50, 80))


def _paint_tree(pen: ImageDraw.ImageDraw, box: Box, chance: random.Random) -> None:
    x, y, w, h = box.x, box.y, box.width, box.height
    pen.rectangle((x + w * 0.42, y + h * 0.55, x + w * 0.58, y + h - 1), fill=(95, 65, 40))
    for turn in range(7):
        at = (x + w * (0.5 + 0.24 * math.cos(turn)), y + h * (0.34 + 0.12 * math.sin(turn)))
        reach = (w * 0.26, h * 0.2)
        colour = (chance.randint(30, 70), chance.randint(95, 150), 50)
        pen.ellipse((at[0] - reach[0], at[1] - reach[1], at[0] + reach[0], at[1] + reach[1]), fill=colour)
    pen.ellipse((x, y, x + w - 1, y + h * 0.66), fill=(50, chance.randint(105, 145), 60))


_PAINTERS: dict[str, Callable[[ImageDraw.ImageDraw, Box, random.Random], None]] = {
    "Car": _paint_car,
    "House": _paint_house,
    "Person": _paint_person,
    "Tree": _paint_tree,
}


def _colour(chance: random.Random, darkest: int, brightest: int) -> tuple[int, int, int]:
    red, green, blue = (chance.randint(darkest, brightest) for _ in range(3))
    return red, green, blue


def _as_a_camera_sees_it(scene: Image.Image, chance: random.Random) -> Image.Image:
    pixels = np.asarray(scene.filter(ImageFilter.GaussianBlur(0.8)), dtype=np.int16)
    grain = np.random.default_rng(chance.getrandbits(32)).normal(0, 4, pixels.shape[:2])[:, :, None]
    return Image.fromarray((pixels + grain).clip(0, 255).astype(np.uint8), "RGB")


if __name__ == "__main__":
    pictures = make_pictures(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 200)
    (Path(sys.argv[1]) / "truth.json").write_text(
        json.dumps([asdict(picture) for picture in pictures], indent=1)
    )
    print(f"{len(pictures)} pictures, {sum(len(picture.boxes) for picture in pictures)} boxes")
