"""The Chromium that tests drive: installed on the machine, never downloaded."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--default-tile-width=4096",  # the software renderer cuts wide braces where 256-pixel tiles meet
    "--default-tile-height=4096",
)


def chromium() -> str:
    """Returns the path of Chromium or Chrome; fails the test with the line that installs it."""
    for path in ("/usr/bin/chromium", *NAMES):
        if found := shutil.which(path):
            return found
    pytest.fail("This test needs Chromium: sudo apt-get install -y chromium", pytrace=False)


@contextmanager
def launched() -> Iterator[Browser]:
    """Yields a running Chromium and closes it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()
