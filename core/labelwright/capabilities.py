"""What plugins offer one another: capabilities.

A capability is ``family:name``: ``region:rectangle``, ``space:2d``, ``job:webhook``, ``tag:Image``. A plugin that needs
something names the capability, never the plugin that happens to give it, so that anybody can give it in a better way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

CAPABILITY = re.compile(r"[a-z][a-z0-9-]*:[A-Za-z0-9][A-Za-z0-9_.-]*")


def check(capabilities: Iterable[str]) -> list[str]:
    """Sort capabilities and drop those named twice.

    :raises ValueError: if one is not of the form ``family:name``.
    """
    wanted = sorted(set(capabilities))
    for capability in wanted:
        if not isinstance(capability, str) or not CAPABILITY.fullmatch(capability):
            raise ValueError(f"{capability!r} is not a capability; write family:name, e.g. region:rectangle")
    return wanted


def missing(requires: Iterable[str], offered: Mapping[str, str]) -> list[str]:
    """The required capabilities that nobody offers.

    :param offered: capability to the name of the plugin that gives it.
    """
    return [capability for capability in requires if capability not in offered]
