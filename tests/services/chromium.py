"""Debian's Chromium in its form without windows, driven by Playwright. It does the same with half the work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from tests.services.processes import find_program

FLAGS = [
    "--no-sandbox",  # root may not use the sandbox, and the pages are our own
    "--disable-gpu",
    "--disable-software-rasterizer",
    "--in-process-gpu",
    # The first saves a process with each page; the others stand for those of Playwright, whose list this one replaces.
    "--disable-features=SpareRendererForSitePerProcess,AvoidUnnecessaryBeforeUnloadCheckSync,"
    "DestroyProfileOnBrowserClose,HttpsUpgrades,MediaRouter,OptimizationHints,PaintHolding,"
    "ThirdPartyStoragePartitioning",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """Start a browser without a window, and close it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_program("chromium-headless-shell"), args=FLAGS
        )
        try:
            yield browser
        finally:
            browser.close()
