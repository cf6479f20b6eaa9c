"""Pictures of what is printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from scripts.template_samples.shapes import disc, path, rect, svg, text


def sheet() -> list[str]:
    return [rect(0, 0, 620, 877, "#fff"), rect(0.5, 0.5, 619, 876, "none", "stroke='#c6ccd5'")]


def page(kind: int) -> str:
    """Grey lines instead of words: of no language."""
    parts = sheet()

    def lines(y: float, count: int, x: float = 70, width: float = 480) -> Iterable[str]:
        for n in range(count):
            yield rect(x, y + 22 * n, width * (0.6 if n == count - 1 else 1), 9, "#aab2bc", "rx='4'")

    if kind == 1:
        parts += [
            rect(110, 210, 400, 34, "#3b4149"),
            rect(160, 262, 300, 20, "#8b939d"),
            disc(310, 480, 90, "#3a6be0"),
        ]
        parts += [path("M250 520 300 430 340 490 365 455 400 520Z", "#fff"), *lines(760, 2, 210, 200)]
    elif kind == 2:
        parts += [
            rect(70, 80, 300, 24, "#3b4149"),
            *lines(140, 9),
            *lines(370, 7),
            rect(70, 560, 480, 190, "#dfe8f5"),
        ]
        parts += [path("M90 730 180 640 270 690 380 600 530 700V730Z", "#3a6be0"), *lines(770, 2, 70, 320)]
    else:
        parts += [rect(70, 80, 240, 24, "#3b4149"), *lines(140, 4)]
        for row in range(8):
            for column in range(4):
                fill = "#dfe3e9" if row == 0 else "#fff"
                box = rect(70 + 120 * column, 260 + 42 * row, 120, 42, fill, "stroke='#8b939d'")
                width = 40 + 12 * ((row * 7 + column * 3) % 4)
                parts += [box, rect(84 + 120 * column, 277 + 42 * row, width, 8, "#aab2bc")]
        parts += list(lines(640, 6))
    return svg(620, 877, *parts)


def poster(heading: str, lines: Iterable[str], number: str) -> str:
    parts = [
        rect(0, 0, 640, 800, "#f3ead7"),
        rect(30, 30, 580, 740, "none", "stroke='#7a3b2e' stroke-width='6'"),
    ]
    parts += [text(320, 170, heading, 64, "#7a3b2e", "font-weight='700' text-anchor='middle'")]
    parts += [disc(320, 350, 96, "#d9822b"), path("M240 380Q320 260 400 380Z", "#fff3dc")]
    for n, words in enumerate(lines):
        parts.append(text(320, 540 + 56 * n, words, 34, "#3b2a22", "text-anchor='middle'"))
    return svg(
        640, 800, *parts, text(320, 730, number, 44, "#7a3b2e", "font-weight='700' text-anchor='middle'")
    )


def receipt(shop: str, rows: Iterable[tuple[str, str]], total: tuple[str, str]) -> str:
    parts = [rect(0, 0, 460, 640, "#e4e7eb"), rect(40, 20, 380, 600, "#fffef8")]
    parts.append(text(230, 90, shop, 32, "#222", "font-weight='700' text-anchor='middle'"))
    y = 170
    for words, price in (*rows, total):
        bold = "font-weight='700'" if (words, price) == total else ""
        y += 30 if bold else 0
        parts += [
            text(70, y, words, 24, "#222", bold),
            text(390, y, price, 24, "#222", f"text-anchor='end' {bold}"),
        ]
        y += 52
    return svg(460, 640, *parts)


def invoice(
    seller: str, words: Mapping[str, str], number: str, date: str, rows: Iterable[tuple[str, str]], total: str
) -> str:
    bold = "font-weight='700'"
    parts = [*sheet(), rect(0, 0, 620, 14, "#2b6e5c")]
    parts += [text(60, 100, seller, 30, "#2b6e5c", bold), text(60, 200, words["title"], 40, "#222", bold)]
    parts += [text(60, 250, f"{words['number']} {number}", 20), text(60, 282, f"{words['date']} {date}", 20)]
    y = 370
    for name, price in rows:
        parts += [
            text(60, y, name, 20),
            text(560, y, price, 20, "#222", "text-anchor='end'"),
            rect(60, y + 14, 500, 1, "#c6ccd5"),
        ]
        y += 46
    parts += [text(60, y + 40, words["total"], 26, "#222", bold)]
    return svg(620, 877, *parts, text(560, y + 40, total, 26, "#222", f"{bold} text-anchor='end'"))
