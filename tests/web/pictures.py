"""A small picture."""

from __future__ import annotations

import io

import pytest


@pytest.fixture(scope="session")
def picture() -> bytes:
    """A PNG of 40 by 30 pixels."""
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "PNG")
    return out.getvalue()
