"""Pictures of places, of goods, of bodies, and those that a machine might have painted."""

from __future__ import annotations

import random

from scripts.template_samples.shapes import at, disc, line, oval, path, rect, svg
from scripts.template_samples.things import bench, car, cup, dog, house, person, tree


def street() -> str:
    ground = (
        rect(0, 0, 960, 420, "#9fd0ee") + disc(800, 100, 54, "#ffd75e") + rect(0, 400, 960, 240, "#7fb069")
    )
    road = rect(0, 500, 960, 140, "#5b6770") + "".join(
        rect(x, 566, 80, 8, "#e9edf0") for x in range(20, 960, 160)
    )
    return svg(
        960,
        640,
        ground,
        road,
        at(230, 470, house()),
        at(480, 466, tree()),
        at(250, 585, car()),
        at(690, 480, house("#d9e2d0", "#5a6d86"), scale=0.9),
        at(850, 505, person()),
        at(780, 515, dog(), scale=0.8),
    )


def kitchen() -> str:
    wall = (
        rect(0, 0, 960, 640, "#efe6d8") + rect(560, 70, 260, 220, "#9fd0ee") + rect(684, 70, 10, 220, "#fff")
    )
    shelf = rect(90, 180, 320, 16, "#a9743f") + "".join(
        at(130 + 70 * n, 180, rect(-20, -52, 40, 52, colour, "rx='8'"))
        for n, colour in enumerate(("#2b9a66", "#b3478f", "#3a6be0", "#d9822b"))
    )
    table = (
        rect(60, 450, 840, 26, "#8a5a33")
        + rect(110, 470, 26, 170, "#8a5a33")
        + rect(824, 470, 26, 170, "#8a5a33")
    )
    bowl = path("M-92-58H92Q80 0 40 0H-40Q-80 0-92-58Z", "#5a6d86") + "".join(
        disc(x, -66, 30, c) for x, c in ((-44, "#c0392b"), (0, "#e0a93b"), (46, "#7fb069"))
    )
    return svg(
        960,
        640,
        wall,
        shelf,
        table,
        at(250, 450, cup("#c0392b")),
        at(360, 450, cup("#3a6be0")),
        at(470, 450, cup("#2b9a66")),
        at(690, 450, bowl),
    )


def park() -> str:
    meadow = rect(0, 0, 960, 330, "#bfe0f2") + rect(0, 310, 960, 330, "#84b86d")
    way = path("M360 640Q430 430 620 330H690Q560 450 600 640Z", "#d8c7a3")
    pond = oval(160, 560, 170, 52, "#6aa9cf")
    return svg(
        960,
        640,
        meadow,
        way,
        pond,
        at(170, 380, tree()),
        at(800, 390, tree("#5c8f3f"), scale=1.2),
        at(310, 500, bench()),
        at(660, 560, person("#3a6be0", "#54402f"), scale=1.25),
        at(750, 575, dog()),
    )


def shelf(seed: int) -> str:
    dice = random.Random(seed)
    makers = [
        lambda c: (
            rect(-22, -110, 44, 110, c, "rx='9'")
            + rect(-10, -140, 20, 34, c)
            + rect(-22, -76, 44, 34, "#fff")
        ),
        lambda c: rect(-28, -84, 56, 84, c, "rx='6'") + rect(-28, -56, 56, 20, "#fff"),
        lambda c: rect(-34, -74, 68, 74, c, "rx='14'") + rect(-28, -88, 56, 18, "#4d5259", "rx='4'"),
        lambda c: rect(-34, -120, 68, 120, c) + rect(-22, -96, 44, 30, "#fff"),
    ]
    colours = ("#2b9a66", "#3a6be0", "#b3478f", "#d9822b", "#c0392b")
    parts = [rect(0, 0, 960, 640, "#e4e7eb")]
    for board in range(3):
        y = 200 + 195 * board
        parts.append(rect(0, y, 960, 22, "#8f98a3"))
        x = 70.0
        while x < 900:
            kind, colour = dice.randrange(4), dice.choice(colours)
            for _ in range(dice.randint(2, 3)):
                if x < 900 and dice.random() > 0.12:
                    parts.append(at(x, y, makers[kind](colour)))
                x += 80
            parts.append(rect(x - 150, y + 3, 60, 16, "#ffe9a8"))
            x += 26
    return svg(960, 640, *parts)


def chest(finding: str) -> str:
    def lung(x: int, s: int) -> str:
        side = f"C{x - s * 150} 170 {x - s * 190} 430 {x - s * 150} 520"
        return path(f"M{x} 150{side} {x - s * 90} 540 {x} 520 {x} 440Z", "#2c3138")

    lungs = lung(345, 1) + lung(455, -1)
    ribs = "".join(
        line(
            f"M{400 - s * 40} {y}Q{400 - s * 190} {y - 20} {400 - s * 235} {y + 70}",
            "rgb(235 240 245 / 0.22)",
            13,
        )
        for y in range(170, 500, 56)
        for s in (1, -1)
    )
    spine = rect(384, 60, 32, 560, "#b9c0c8", "opacity='0.75'") + oval(
        450, 440, 92, 84, "#9ba3ad", "opacity='0.85'"
    )
    return svg(
        800,
        680,
        rect(0, 0, 800, 680, "#0c0e11"),
        oval(400, 380, 300, 320, "#525a64"),
        lungs,
        ribs,
        spine,
        finding,
    )


def breast(side: str, seed: int, *, mass: tuple[float, float] | None = None) -> str:
    dice = random.Random(seed)
    threads = "".join(
        line(
            f"M{x:.0f} {y:.0f}q{dice.uniform(20, 70):.0f} {dice.uniform(-30, 30):.0f} {dice.uniform(60, 130):.0f} "
            f"{dice.uniform(-30, 30):.0f}",
            "rgb(235 240 245 / 0.28)",
            dice.uniform(2, 6),
        )
        for x, y in ((dice.uniform(10, 150), dice.uniform(190, 560)) for _ in range(34))
    )
    lump = f"{disc(*mass, 24, '#e6ebf0')}{disc(mass[0] - 8, mass[1] - 6, 12, '#fff')}" if mass else ""
    picture = path("M0 70Q330 130 330 390T0 690Z", "#666e78") + threads + lump
    turned = picture if side == "left" else f"<g transform='translate(400 0) scale(-1 1)'>{picture}</g>"
    return svg(400, 760, rect(0, 0, 400, 760, "#0c0e11"), turned)


def fox(*, night: bool = True, book: bool = True, coat: str = "#cf5b2a", leaves: bool = True) -> str:
    sky = rect(0, 0, 640, 480, "#1d2b4f" if night else "#bfe0f2") + disc(
        520, 90, 40, "#f6efd0" if night else "#ffd75e"
    )
    stars = "".join(disc(60 + 97 * n % 560, 40 + 61 * n % 170, 3, "#fff") for n in range(9)) if night else ""
    ground = rect(0, 370, 640, 110, "#2f5a3d" if night else "#84b86d")
    body = path("M250 420Q240 300 330 300T420 420Z", coat) + path(
        "M420 420Q520 400 500 320 470 380 400 390Z", coat
    )
    head = path("M270 230 300 290H370L400 230 375 330Q335 360 295 330Z", coat)
    mouth = path("M310 320Q335 352 360 320L335 345Z", "#fff")
    eyes = disc(318, 300, 5, "#1b1b1b") + disc(354, 300, 5, "#1b1b1b")
    paper = path("M270 380 335 400 400 380V430L335 446 270 430Z", "#fff8e6") + line(
        "M335 400V446", "#b9a98a", 3
    )
    pages = paper if book else ""
    above = at(150, 400, tree("#27553a" if night else "#3f7d4e"), scale=1.7) if leaves else ""
    return svg(640, 480, sky, stars, ground, above, body, head, mouth, eyes, pages)


def boat(*, sail: str = "#e8b93c", hills: int = 2, water: str = "#3f7fae") -> str:
    sky = rect(0, 0, 640, 480, "#cfe7f3")
    peaks = "".join(
        path(f"M{60 + 190 * n} 320 {170 + 190 * n} {130 + 30 * (n % 2)} {300 + 190 * n} 320Z", "#73828f")
        for n in range(hills)
    )
    hull = path("M210 350H440L400 400H250Z", "#7a3b2e") + rect(318, 150, 8, 200, "#4d3a2c")
    waves = line("M120 430h70M460 440h80M290 450h60", "#e9f4fa", 5)
    return svg(
        640, 480, sky, peaks, rect(0, 318, 640, 162, water), hull, path("M332 160V335H440Z", sail), waves
    )


def thing(what: str, background: str = "#f2f4f6") -> str:
    shade = oval(240, 412, 130, 16, "#d4d9df")
    return svg(480, 480, rect(0, 0, 480, 480, background), shade, at(240, 410, what, scale=1.3))
