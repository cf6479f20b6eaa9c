"""The parts of a drawing, as SVG."""

from __future__ import annotations

from xml.sax.saxutils import escape

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
    return (
        f"<text x='{x:g}' y='{y:g}' font-size='{size:g}' fill='{fill}' {FONT} {more}>{escape(words)}</text>"
    )


def at(x: float, y: float, *parts: str, scale: float = 1) -> str:
    return f"<g transform='translate({x:g} {y:g}) scale({scale:g})'>" + "".join(parts) + "</g>"
