"""Draw the pictures that the templates' sample tasks show: small SVG files, ours, the same at every run.

    python -m scripts.template_samples

They lie below ui/public of the plugins that show them, from where the build takes them into the static folders.
"""

from __future__ import annotations

from pathlib import Path

from scripts.template_samples.papers import invoice, page, poster, receipt
from scripts.template_samples.scenes import boat, breast, chest, fox, kitchen, park, shelf, street, thing
from scripts.template_samples.shapes import disc, line, path, rect
from scripts.template_samples.things import chair, lamp

PLUGINS = Path(__file__).parents[2] / "plugins"
OTHERS = {"tag_choice": ("kitchen", "street"), "tag_image": ("street", "park")}
"""Plugins with a template of their own, and the drawings that it shows: no plugin borrows from another."""


def scenes() -> dict[str, str]:
    nodule = disc(265, 250, 22, "#d5dbe2", "opacity='0.8'")
    fluid = path("M505 500C560 440 610 450 605 520 580 545 530 545 505 520Z", "#d5dbe2", "opacity='0.75'")
    device = rect(300, 90, 60, 40, "#eef2f6", "rx='8'") + line("M330 130Q350 300 430 420", "#eef2f6", 4)
    return {
        "street": street(),
        "kitchen": kitchen(),
        "park": park(),
        "shelf-1": shelf(3),
        "shelf-2": shelf(11),
        "chest-1": chest(nodule),
        "chest-2": chest(fluid + device),
        "breast-left-1": breast("left", 1),
        "breast-right-1": breast("right", 2, mass=(210, 330)),
        "breast-left-2": breast("left", 5),
        "breast-right-2": breast("right", 6),
    }


def papers() -> dict[str, str]:
    en = {"title": "Invoice", "number": "No.", "date": "Date", "total": "To pay"}
    zh = {"title": "账单", "number": "编号", "date": "日期", "total": "应付"}
    binder_en = (("Binding, 2 volumes", "64.00"), ("Paper, 1 ream", "18.50"))
    binder_zh = (("装订两册", "640.00"), ("纸张一令", "185.00"))
    tools_en = (("Drill, 3 days", "45.00"), ("Cleaning", "9.00"), ("Deposit", "20.00"))
    tools_zh = (("电钻三天", "135.00"), ("清洁", "30.00"), ("押金", "200.00"))
    shop_en = (("Bread", "3.20"), ("Milk", "1.15"), ("Apples", "2.40"))
    shop_zh = (("面包", "8.50"), ("牛奶", "6.00"), ("苹果", "9.80"))
    return {
        **{f"page-{kind}": page(kind) for kind in (1, 2, 3)},
        "poster-en": poster("SOUP DAY", ("Town hall, ground floor", "Friday from noon"), "5.50"),
        "poster-zh": poster("热汤日", ("市政厅一楼", "周五中午起"), "12 元"),
        "receipt-en": receipt("Corner Shop", shop_en, ("Total", "6.75")),
        "receipt-zh": receipt("街角小店", shop_zh, ("合计", "24.30")),
        "invoice-1-en": invoice("Fern & Daughter", en, "2031-77", "14 March 2031", binder_en, "EUR 82.50"),
        "invoice-1-zh": invoice("芳与女儿装订坊", zh, "2031-77", "2031年3月14日", binder_zh, "CNY 825.00"),
        "invoice-2-en": invoice("Harbour Tools", en, "A-0419", "2 July 2030", tools_en, "USD 74.00"),
        "invoice-2-zh": invoice("港口工具租赁", zh, "A-0419", "2030年7月2日", tools_zh, "CNY 365.00"),
    }


def alike() -> dict[str, str]:
    """Pictures to be compared with each other."""
    return {
        "lamp": thing(lamp()),
        "lamp-side": thing(lamp("#e0a93b", 110, 60), "#e9ede6"),
        "lamp-blue": thing(lamp("#3a6be0")),
        "lamp-floor": thing(lamp("#efe2c0", 210, 38)),
        "chair": thing(chair()),
        "chair-red": thing(chair("#b5513f")),
        "chair-arm": thing(chair("#6b4a36", 140, arms=True)),
        "stool": thing(chair("#a9743f", 0)),
        "fox-a": fox(book=False),
        "fox-b": fox(),
        "fox-c": fox(night=False),
        "fox-d": fox(leaves=False, coat="#8d9197"),
        "boat-a": boat(sail="#f2f2f2"),
        "boat-b": boat(hills=1),
        "boat-c": boat(),
        "boat-d": boat(hills=3, water="#7a8f5c"),
    }


def main() -> None:
    found = scenes() | papers() | alike()
    for plugin, names in {"templates_basic": tuple(found), **OTHERS}.items():
        folder = PLUGINS / plugin / "ui/public/samples"
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            (folder / f"{name}.svg").write_text(found[name], "utf-8")


if __name__ == "__main__":
    main()
