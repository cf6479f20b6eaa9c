from __future__ import annotations

from typing import Any

from labelwright.api import Attribute, Node, String, Tag

PARTS = ("date", "time", "month", "year")


class DateTime(Tag):
    """Ask for a date, a time, or parts of them.

    The result is one text in ``datetime``: as ``format`` writes it, by default as ISO 8601 does, to the minute and
    without a time zone: ``2026-01-31T13:30``, ``2026-01-31``, ``13:30``, ``2026-01``, ``2026``.
    """

    name = "DateTime"
    ui = "date_time.js"
    result_type = "datetime"
    per_region = True
    strict = ("name", "toName")
    value = {"datetime": String(sample="2026-01-31", help="The date, the time, or both.")}
    attributes = {
        "only": Attribute(
            type="list",
            help="What is asked for, comma-separated: date, time, month, year. Date and time by default.",
        ),
        "format": Attribute(
            help="How it is stored: %Y year, %m month, %d day, %H hour, %M minute, %S second."
        ),
        "min": Attribute(help="The earliest date that is allowed, or year."),
        "max": Attribute(help="The latest date that is allowed, or year."),
        "step": Attribute(type="number", help="How many minutes, or years, the arrow keys go on."),
        "defaultValue": Attribute(help="What the field shows before an answer is given."),
        "hotkey": Attribute(type="hotkey", help="The key that goes to the field."),
    }

    def sample(self, node: Node) -> dict[str, Any]:
        only = {part.lower() for part in node.get("only") or ()}
        if only == {"time"}:
            return {"datetime": "13:30"}
        if only and not only & {"date", "time"}:
            return {"datetime": {True: "2026-01", False: "2026"}["month" in only]}
        return {"datetime": "2026-01-31" if only == {"date"} else "2026-01-31T13:30"}
