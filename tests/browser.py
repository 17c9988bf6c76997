"""The Chromium that tests drive: installed on the machine, never downloaded."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# The first is the same engine without a window's frame, which takes as much time as the pages do.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--font-render-hinting=slight",  # as behind a frame: its own makes letters wider, and lines break elsewhere
    "--default-tile-width=4096",  # the software renderer cuts wide braces where 256-pixel tiles meet
    "--default-tile-height=4096",
)


def chromium() -> str:
    """Returns the path of Chromium or Chrome; fails the test with the line that installs it."""
    for name in NAMES:
        if found := shutil.which(name, path=f"/usr/bin{os.pathsep}{os.environ.get('PATH', '')}"):
            return found
    pytest.fail("This test needs Chromium: sudo apt-get install -y chromium", pytrace=False)


@contextmanager
def launched() -> Iterator[Browser]:
    """Yields a running Chromium and closes it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()
