"""The frames between key frames: a sequence says where something is in some frames, an export may want it in each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import orjson

MOST_FRAMES = 216_000
"""An hour at 60 a second. A longer sequence keeps its key frames alone: a result must fit into memory."""
FIXED = frozenset({"frame", "time"})
"""What is counted, rather than moved."""
_items = msgspec.json.Decoder(list[msgspec.Raw])


def filled(result: str) -> str:
    """The result with a value for each frame in which something is shown.

    Between two key frames numbers move evenly; after the last one they stay, to the end of the film if it is known. A
    key frame with ``enabled`` false ends what is shown. Added frames say ``auto``.
    """
    if '"sequence"' not in result:
        return result
    return msgspec.json.encode([_filled_item(item) for item in _items.decode(result)]).decode()


def _filled_item(text: msgspec.Raw) -> msgspec.Raw:
    item = orjson.loads(bytes(text))
    value = item.get("value") if isinstance(item, dict) else None
    if not isinstance(value, dict) or not _is_sequence(value.get("sequence")):
        return text
    value["sequence"] = _filled(value)
    return msgspec.Raw(orjson.dumps(item))


def _is_sequence(frames: Any) -> bool:
    return (
        isinstance(frames, list)
        and bool(frames)
        and all(isinstance(frame, dict) and type(frame.get("frame")) is int for frame in frames)
    )


def _filled(value: dict[str, Any]) -> list[dict[str, Any]]:
    keys = sorted(value["sequence"], key=lambda frame: frame["frame"])
    end = value.get("framesCount")
    last = end if type(end) is int else keys[-1]["frame"]
    if last - keys[0]["frame"] > MOST_FRAMES or keys[-1]["frame"] - keys[0]["frame"] > MOST_FRAMES:
        return list(value["sequence"])
    frames: list[dict[str, Any]] = []
    for key, following in zip(keys, keys[1:], strict=False):
        frames.append(key)
        if key.get("enabled", True):
            frames += _between(key, following)
    frames.append(keys[-1])
    if keys[-1].get("enabled", True):
        frames += _after(keys[-1], last, _seconds_a_frame(value, keys))
    return frames


def _between(key: dict[str, Any], following: dict[str, Any]) -> Iterator[dict[str, Any]]:
    count = following["frame"] - key["frame"]
    moving = [name for name in key if name not in FIXED and _is_number(key[name], following.get(name))]
    has_time = _is_number(key.get("time"), following.get("time"))
    for number in range(1, count):
        part = number / count
        frame = dict(key)
        for name in moving:
            way = following[name] - key[name]
            frame[name] = key[name] + way * part if way else key[name]
        time = key["time"] + (following["time"] - key["time"]) * part if has_time else None
        yield _added(frame, key["frame"] + number, time)


def _after(key: dict[str, Any], last: int, seconds: float | None) -> Iterator[dict[str, Any]]:
    begin = key.get("time")
    for number in range(key["frame"] + 1, last + 1):
        known = seconds is not None and _is_number(begin)
        yield _added(dict(key), number, begin + (number - key["frame"]) * seconds if known else None)


def _added(frame: dict[str, Any], number: int, time: float | None) -> dict[str, Any]:
    frame["frame"] = number
    if time is None:
        frame.pop("time", None)
    else:
        frame["time"] = round(time, 2)
    frame["auto"] = True
    return frame


def _seconds_a_frame(value: dict[str, Any], keys: list[dict[str, Any]]) -> float | None:
    count, duration = value.get("framesCount"), value.get("duration")
    if _is_number(count, duration) and count:
        return float(duration / count)
    first, last = keys[0], keys[-1]
    if _is_number(first.get("time"), last.get("time")) and first["frame"] != last["frame"]:
        return float((last["time"] - first["time"]) / (last["frame"] - first["frame"]))
    return None


def _is_number(*values: Any) -> bool:
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
