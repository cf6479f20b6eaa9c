"""Things, each with its foot at 0, 0."""

from __future__ import annotations

from scripts.template_samples.shapes import disc, line, oval, path, rect


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
    return (
        legs
        + sides
        + rect(-66, -88, 132, 18, wood, "rx='6'")
        + rect(-66, -76 - back, 14, back, wood)
        + (rect(-66, -70 - back, 30, back * 0.5, wood, "rx='8'") if back else "")
    )
