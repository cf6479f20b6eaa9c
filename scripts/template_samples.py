"""Draw the pictures that the templates' sample tasks show: small SVG files, ours, the same at every run.

    python -m scripts.template_samples

They lie below ui/public of the plugins that show them, from where the build takes them into the static folders.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import escape

PLUGINS = Path(__file__).parents[1] / "plugins"
OTHERS = {"tag_choice": ("kitchen", "street"), "tag_image": ("street", "park")}
"""Plugins with a template of their own, and the drawings that it shows: no plugin borrows from another."""
FONT = "font-family='Noto Sans CJK SC, Microsoft YaHei, PingFang SC, Helvetica, Arial, sans-serif'"


def svg(width: int, height: int, *parts: str) -> str:
    size = f"width='{width}' height='{height}' viewBox='0 0 {width} {height}'"
    return f"<svg xmlns='http://www.w3.org/2000/svg' {size}>\n" + "\n".join(parts) + "\n</svg>\n"


def rect(x: float, y: float, w: float, h: float, fill: str, more: str = "") -> str:
    return f"<rect x='{x:g}' y='{y:g}' width='{w:g}' height='{h:g}' fill='{fill}' {more}/>"


def disc(x: float, y: float, r: float, fill: str, more: str = "") -> str:
    return f"<circle cx='{x:g}' cy='{y:g}' r='{r:g}' fill='{fill}' {more}/>"


def oval(x: float, y: float, rx: float, ry: float, fill: str, more: str = "") -> str:
    return f"<ellipse cx='{x:g}' cy='{y:g}' rx='{rx:g}' ry='{ry:g}' fill='{fill}' {more}/>"


def path(d: str, fill: str = "none", more: str = "") -> str:
    return f"<path d='{d}' fill='{fill}' {more}/>"


def line(d: str, colour: str, width: float) -> str:
    return path(d, "none", f"stroke='{colour}' stroke-width='{width:g}' stroke-linecap='round'")


def text(x: float, y: float, words: str, size: float, fill: str = "#222", more: str = "") -> str:
    return f"<text x='{x:g}' y='{y:g}' font-size='{size:g}' fill='{fill}' {FONT} {more}>{escape(words)}</text>"


def at(x: float, y: float, *parts: str, scale: float = 1) -> str:
    return f"<g transform='translate({x:g} {y:g}) scale({scale:g})'>" + "".join(parts) + "</g>"


# --- things, each with its foot at 0, 0 ----------------------------------------------------------------------------


def tree(leaves: str = "#3f7d4e") -> str:
    return (
        rect(-9, -90, 18, 90, "#6b4a36")
        + disc(0, -130, 62, leaves)
        + disc(-38, -100, 40, leaves)
        + disc(38, -100, 42, leaves)
    )


def house(wall: str = "#e8d8c3", roof: str = "#b5513f") -> str:
    windows = rect(-80, -130, 44, 44, "#8fb7d6") + rect(36, -130, 44, 44, "#8fb7d6")
    return (
        rect(-110, -180, 220, 180, wall)
        + path("M-135-175 0-275 135-175Z", roof)
        + windows
        + rect(-24, -88, 48, 88, "#6b4a36")
    )


def car(paint: str = "#c0392b") -> str:
    wheels = "".join(disc(x, 0, 22, "#22262b") + disc(x, 0, 9, "#aab2ba") for x in (-62, 62))
    return path("M-70-52-38-96H44L78-52Z", "#cfe0ea") + rect(-120, -58, 240, 54, paint, "rx='18'") + wheels


def person(shirt: str = "#d9822b", trousers: str = "#35507a") -> str:
    legs = rect(-16, -62, 13, 62, trousers) + rect(3, -62, 13, 62, trousers)
    arms = line("M-20-112-34-70", shirt, 11) + line("M20-112 36-74", shirt, 11)
    return legs + arms + rect(-21, -124, 42, 66, shirt, "rx='12'") + disc(0, -146, 21, "#e3b48f")


def dog(coat: str = "#8a6240") -> str:
    legs = "".join(rect(x, -26, 9, 26, coat) for x in (-40, -24, 20, 34))
    return legs + oval(0, -40, 50, 22, coat) + disc(54, -60, 19, coat) + line("M-46-48-68-70", coat, 8)


def bench() -> str:
    return (
        rect(-80, -48, 160, 12, "#8a5a33")
        + rect(-80, -86, 160, 10, "#8a5a33")
        + "".join(rect(x, -86, 9, 86, "#4d5259") for x in (-66, 57))
    )


def cup(colour: str) -> str:
    handle = path("M24-44q22 0 18 20t-24 12", "none", f"stroke='{colour}' stroke-width='8'")
    return handle + path("M-28-54H28L20 0H-20Z", colour)


def lamp(shade: str = "#e0a93b", stem: float = 120, base: float = 46) -> str:
    return (
        rect(-base, -10, 2 * base, 10, "#4d5259", "rx='5'")
        + rect(-5, -stem, 10, stem, "#4d5259")
        + path(f"M-36 {-stem - 76}H36L70 {-stem}H-70Z", shade)
    )


def chair(wood: str = "#a9743f", back: float = 150, arms: bool = False) -> str:
    legs = "".join(rect(x, -76, 12, 76, wood) for x in (-60, 48))
    sides = "".join(rect(x, -128, 14, 52, wood) for x in (-66, 52)) if arms else ""
    return legs + sides + rect(-66, -88, 132, 18, wood, "rx='6'") + rect(-66, -76 - back, 14, back, wood) + (
        rect(-66, -70 - back, 30, back * 0.5, wood, "rx='8'") if back else ""
    )  # fmt: skip


# --- scenes ----------------------------------------------------------------------------------------------------------


def street() -> str:
    ground = rect(0, 0, 960, 420, "#9fd0ee") + disc(800, 100, 54, "#ffd75e") + rect(0, 400, 960, 240, "#7fb069")
    road = rect(0, 500, 960, 140, "#5b6770") + "".join(rect(x, 566, 80, 8, "#e9edf0") for x in range(20, 960, 160))
    return svg(
        960, 640, ground, road, at(230, 470, house()), at(480, 466, tree()), at(250, 585, car()),
        at(690, 480, house("#d9e2d0", "#5a6d86"), scale=0.9), at(850, 505, person()), at(780, 515, dog(), scale=0.8),
    )  # fmt: skip


def kitchen() -> str:
    wall = rect(0, 0, 960, 640, "#efe6d8") + rect(560, 70, 260, 220, "#9fd0ee") + rect(684, 70, 10, 220, "#fff")
    shelf = rect(90, 180, 320, 16, "#a9743f") + "".join(
        at(130 + 70 * n, 180, rect(-20, -52, 40, 52, colour, "rx='8'"))
        for n, colour in enumerate(("#2b9a66", "#b3478f", "#3a6be0", "#d9822b"))
    )
    table = rect(60, 450, 840, 26, "#8a5a33") + rect(110, 470, 26, 170, "#8a5a33") + rect(824, 470, 26, 170, "#8a5a33")
    bowl = path("M-92-58H92Q80 0 40 0H-40Q-80 0-92-58Z", "#5a6d86") + "".join(
        disc(x, -66, 30, c) for x, c in ((-44, "#c0392b"), (0, "#e0a93b"), (46, "#7fb069"))
    )
    return svg(
        960, 640, wall, shelf, table, at(250, 450, cup("#c0392b")), at(360, 450, cup("#3a6be0")),
        at(470, 450, cup("#2b9a66")), at(690, 450, bowl),
    )  # fmt: skip


def park() -> str:
    meadow = rect(0, 0, 960, 330, "#bfe0f2") + rect(0, 310, 960, 330, "#84b86d")
    way = path("M360 640Q430 430 620 330H690Q560 450 600 640Z", "#d8c7a3")
    pond = oval(160, 560, 170, 52, "#6aa9cf")
    return svg(
        960, 640, meadow, way, pond, at(170, 380, tree()), at(800, 390, tree("#5c8f3f"), scale=1.2),
        at(310, 500, bench()), at(660, 560, person("#3a6be0", "#54402f"), scale=1.25), at(750, 575, dog()),
    )  # fmt: skip


def shelf(seed: int) -> str:
    dice = random.Random(seed)
    makers = [
        lambda c: rect(-22, -110, 44, 110, c, "rx='9'") + rect(-10, -140, 20, 34, c) + rect(-22, -76, 44, 34, "#fff"),
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
    lungs = "".join(
        path(f"M{x} 150C{x - s * 150} 170 {x - s * 190} 430 {x - s * 150} 520 {x - s * 90} 540 {x} 520 {x} 440Z", "#2c3138")
        for x, s in ((345, 1), (455, -1))
    )
    ribs = "".join(
        line(f"M{400 - s * 40} {y}Q{400 - s * 190} {y - 20} {400 - s * 235} {y + 70}", "rgb(235 240 245 / 0.22)", 13)
        for y in range(170, 500, 56) for s in (1, -1)
    )  # fmt: skip
    spine = rect(384, 60, 32, 560, "#b9c0c8", "opacity='0.75'") + oval(450, 440, 92, 84, "#9ba3ad", "opacity='0.85'")
    return svg(
        800, 680, rect(0, 0, 800, 680, "#0c0e11"), oval(400, 380, 300, 320, "#525a64"), lungs, ribs, spine, finding
    )


def breast(side: str, seed: int, *, mass: tuple[float, float] | None = None) -> str:
    dice = random.Random(seed)
    threads = "".join(
        line(
            f"M{x:.0f} {y:.0f}q{dice.uniform(20, 70):.0f} {dice.uniform(-30, 30):.0f} {dice.uniform(60, 130):.0f} "
            f"{dice.uniform(-30, 30):.0f}",
            "rgb(235 240 245 / 0.28)", dice.uniform(2, 6),
        )
        for x, y in ((dice.uniform(10, 150), dice.uniform(190, 560)) for _ in range(34))
    )  # fmt: skip
    lump = f"{disc(*mass, 24, '#e6ebf0')}{disc(mass[0] - 8, mass[1] - 6, 12, '#fff')}" if mass else ""
    picture = path("M0 70Q330 130 330 390T0 690Z", "#666e78") + threads + lump
    turned = picture if side == "left" else f"<g transform='translate(400 0) scale(-1 1)'>{picture}</g>"
    return svg(400, 760, rect(0, 0, 400, 760, "#0c0e11"), turned)


def page(kind: int) -> str:
    """Grey lines instead of words: of no language."""
    parts = [rect(0, 0, 620, 877, "#fff"), rect(0.5, 0.5, 619, 876, "none", "stroke='#c6ccd5'")]

    def lines(y: float, count: int, x: float = 70, width: float = 480) -> Iterable[str]:
        for n in range(count):
            yield rect(x, y + 22 * n, width * (0.6 if n == count - 1 else 1), 9, "#aab2bc", "rx='4'")

    if kind == 1:
        parts += [rect(110, 210, 400, 34, "#3b4149"), rect(160, 262, 300, 20, "#8b939d"), disc(310, 480, 90, "#3a6be0")]
        parts += [path("M250 520 300 430 340 490 365 455 400 520Z", "#fff"), *lines(760, 2, 210, 200)]
    elif kind == 2:
        parts += [rect(70, 80, 300, 24, "#3b4149"), *lines(140, 9), *lines(370, 7), rect(70, 560, 480, 190, "#dfe8f5")]
        parts += [path("M90 730 180 640 270 690 380 600 530 700V730Z", "#3a6be0"), *lines(770, 2, 70, 320)]
    else:
        parts += [rect(70, 80, 240, 24, "#3b4149"), *lines(140, 4)]
        for row in range(8):
            for column in range(4):
                fill = "#dfe3e9" if row == 0 else "#fff"
                box = rect(70 + 120 * column, 260 + 42 * row, 120, 42, fill, "stroke='#8b939d'")
                parts += [box, rect(84 + 120 * column, 277 + 42 * row, 40 + 12 * ((row * 7 + column * 3) % 4), 8, "#aab2bc")]
        parts += list(lines(640, 6))
    return svg(620, 877, *parts)


def poster(heading: str, lines: Iterable[str], number: str) -> str:
    parts = [rect(0, 0, 640, 800, "#f3ead7"), rect(30, 30, 580, 740, "none", "stroke='#7a3b2e' stroke-width='6'")]
    parts += [text(320, 170, heading, 64, "#7a3b2e", "font-weight='700' text-anchor='middle'")]
    parts += [disc(320, 350, 96, "#d9822b"), path("M240 380Q320 260 400 380Z", "#fff3dc")]
    for n, words in enumerate(lines):
        parts.append(text(320, 540 + 56 * n, words, 34, "#3b2a22", "text-anchor='middle'"))
    return svg(640, 800, *parts, text(320, 730, number, 44, "#7a3b2e", "font-weight='700' text-anchor='middle'"))


def receipt(shop: str, rows: Iterable[tuple[str, str]], total: tuple[str, str]) -> str:
    parts = [rect(0, 0, 460, 640, "#e4e7eb"), rect(40, 20, 380, 600, "#fffef8")]
    parts.append(text(230, 90, shop, 32, "#222", "font-weight='700' text-anchor='middle'"))
    y = 170
    for words, price in (*rows, total):
        bold = "font-weight='700'" if (words, price) == total else ""
        y += 30 if bold else 0
        parts += [text(70, y, words, 24, "#222", bold), text(390, y, price, 24, "#222", f"text-anchor='end' {bold}")]
        y += 52
    return svg(460, 640, *parts)


def invoice(seller: str, words: dict[str, str], number: str, date: str, rows: Iterable[tuple[str, str]], total: str) -> str:
    parts = [rect(0, 0, 620, 877, "#fff"), rect(0.5, 0.5, 619, 876, "none", "stroke='#c6ccd5'"), rect(0, 0, 620, 14, "#2b6e5c")]
    parts += [text(60, 100, seller, 30, "#2b6e5c", "font-weight='700'"), text(60, 200, words["title"], 40, "#222", "font-weight='700'")]
    parts += [text(60, 250, f"{words['number']} {number}", 20), text(60, 282, f"{words['date']} {date}", 20)]
    y = 370
    for name, price in rows:
        parts += [text(60, y, name, 20), text(560, y, price, 20, "#222", "text-anchor='end'"), rect(60, y + 14, 500, 1, "#c6ccd5")]
        y += 46
    parts += [text(60, y + 40, words["total"], 26, "#222", "font-weight='700'")]
    return svg(620, 877, *parts, text(560, y + 40, total, 26, "#222", "font-weight='700' text-anchor='end'"))


def fox(*, night: bool = True, book: bool = True, coat: str = "#cf5b2a", leaves: bool = True) -> str:
    sky = rect(0, 0, 640, 480, "#1d2b4f" if night else "#bfe0f2") + disc(520, 90, 40, "#f6efd0" if night else "#ffd75e")
    stars = "".join(disc(60 + 97 * n % 560, 40 + 61 * n % 170, 3, "#fff") for n in range(9)) if night else ""
    ground = rect(0, 370, 640, 110, "#2f5a3d" if night else "#84b86d")
    body = path("M250 420Q240 300 330 300T420 420Z", coat) + path("M420 420Q520 400 500 320 470 380 400 390Z", coat)
    head = path("M270 230 300 290H370L400 230 375 330Q335 360 295 330Z", coat) + path("M310 320Q335 352 360 320L335 345Z", "#fff")
    eyes = disc(318, 300, 5, "#1b1b1b") + disc(354, 300, 5, "#1b1b1b")
    pages = path("M270 380 335 400 400 380V430L335 446 270 430Z", "#fff8e6") + line("M335 400V446", "#b9a98a", 3) if book else ""
    above = at(150, 400, tree("#27553a" if night else "#3f7d4e"), scale=1.7) if leaves else ""
    return svg(640, 480, sky, stars, ground, above, body, head, eyes, pages)


def boat(*, sail: str = "#e8b93c", hills: int = 2, water: str = "#3f7fae") -> str:
    sky = rect(0, 0, 640, 480, "#cfe7f3")
    peaks = "".join(path(f"M{60 + 190 * n} 320 {170 + 190 * n} {130 + 30 * (n % 2)} {300 + 190 * n} 320Z", "#73828f") for n in range(hills))
    hull = path("M210 350H440L400 400H250Z", "#7a3b2e") + rect(318, 150, 8, 200, "#4d3a2c") + path("M332 160V335H440Z", sail)
    return svg(640, 480, sky, peaks, rect(0, 318, 640, 162, water), hull, line("M120 430h70M460 440h80M290 450h60", "#e9f4fa", 5))


def thing(what: str, background: str = "#f2f4f6") -> str:
    return svg(480, 480, rect(0, 0, 480, 480, background), oval(240, 412, 130, 16, "#d4d9df"), at(240, 410, what, scale=1.3))


def drawings() -> dict[str, str]:
    found = {"street": street(), "kitchen": kitchen(), "park": park(), "shelf-1": shelf(3), "shelf-2": shelf(11)}
    found |= {
        "chest-1": chest(disc(265, 250, 22, "#d5dbe2", "opacity='0.8'")),
        "chest-2": chest(path("M505 500C560 440 610 450 605 520 580 545 530 545 505 520Z", "#d5dbe2", "opacity='0.75'")
                         + rect(300, 90, 60, 40, "#eef2f6", "rx='8'") + line("M330 130Q350 300 430 420", "#eef2f6", 4)),
        "breast-left-1": breast("left", 1), "breast-right-1": breast("right", 2, mass=(210, 330)),
        "breast-left-2": breast("left", 5), "breast-right-2": breast("right", 6),
    }  # fmt: skip
    found |= {f"page-{kind}": page(kind) for kind in (1, 2, 3)}
    found |= {
        "poster-en": poster("SOUP DAY", ("Town hall, ground floor", "Friday from noon"), "5.50"),
        "poster-zh": poster("热汤日", ("市政厅一楼", "周五中午起"), "12 元"),
        "receipt-en": receipt("Corner Shop", (("Bread", "3.20"), ("Milk", "1.15"), ("Apples", "2.40")), ("Total", "6.75")),
        "receipt-zh": receipt("街角小店", (("面包", "8.50"), ("牛奶", "6.00"), ("苹果", "9.80")), ("合计", "24.30")),
    }  # fmt: skip
    en = {"title": "Invoice", "number": "No.", "date": "Date", "total": "To pay"}
    zh = {"title": "账单", "number": "编号", "date": "日期", "total": "应付"}
    found |= {
        "invoice-1-en": invoice("Fern & Daughter", en, "2031-77", "14 March 2031", (("Binding, 2 volumes", "64.00"), ("Paper, 1 ream", "18.50")), "EUR 82.50"),
        "invoice-2-en": invoice("Harbour Tools", en, "A-0419", "2 July 2030", (("Drill, 3 days", "45.00"), ("Cleaning", "9.00"), ("Deposit", "20.00")), "USD 74.00"),
        "invoice-1-zh": invoice("芳与女儿装订坊", zh, "2031-77", "2031年3月14日", (("装订两册", "640.00"), ("纸张一令", "185.00")), "CNY 825.00"),
        "invoice-2-zh": invoice("港口工具租赁", zh, "A-0419", "2030年7月2日", (("电钻三天", "135.00"), ("清洁", "30.00"), ("押金", "200.00")), "CNY 365.00"),
    }  # fmt: skip
    found |= {
        "lamp": thing(lamp()), "lamp-side": thing(lamp("#e0a93b", 110, 60), "#e9ede6"), "lamp-blue": thing(lamp("#3a6be0")),
        "lamp-floor": thing(lamp("#efe2c0", 210, 38)), "chair": thing(chair()), "chair-red": thing(chair("#b5513f")),
        "chair-arm": thing(chair("#6b4a36", 140, arms=True)), "stool": thing(chair("#a9743f", 0)),
    }  # fmt: skip
    found |= {
        "fox-a": fox(book=False), "fox-b": fox(), "fox-c": fox(night=False), "fox-d": fox(leaves=False, coat="#8d9197"),
        "boat-a": boat(sail="#f2f2f2"), "boat-b": boat(hills=1), "boat-c": boat(), "boat-d": boat(hills=3, water="#7a8f5c"),
    }  # fmt: skip
    return found


def main() -> None:
    found = drawings()
    for plugin, names in {"templates_basic": tuple(found), **OTHERS}.items():
        folder = PLUGINS / plugin / "ui/public/samples"
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            (folder / f"{name}.svg").write_text(found[name], "utf-8")


if __name__ == "__main__":
    main()
