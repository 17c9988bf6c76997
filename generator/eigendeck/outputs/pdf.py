"""Pages as PDFs: printed by an installed Chromium or Chrome, as its own dialog would, without the time of day."""

from __future__ import annotations

import os
import re
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from eigendeck import errors
from eigendeck.errors import MissingPart

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from playwright.sync_api import Browser

Paper = Literal["a4", "letter"]

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_PATHS = {
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ),
    "win32": (
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    ),
}
_INSTALL_BROWSER = {
    "linux": "sudo apt-get install chromium",
    "darwin": "brew install --cask google-chrome",
    "win32": "winget install Google.Chrome",
}
_DATE = re.compile(rb"\(D:\d{14}[+-]\d{2}'\d{2}'\)")

PATIENCE = 300_000  # milliseconds for a browser to lay a page out: on a busy machine 30 seconds are few


def emit(pages: Mapping[str, str], paper: Paper, date: str, *, tagged: bool = True) -> dict[str, bytes]:
    """Returns printed pages as PDFs, by the same names, their fonts embedded, with bookmarks by headings.

    tagged: a reader that speaks finds its way, and there are bookmarks; without, a file is half as large.
    date: ISO; stands in the files for the time of printing, so that the same page gives the same bytes from the same
    browser.

    Raises MissingPart: there is no playwright, or no browser.
    """
    if not pages:
        return {}
    printed, stamp = {}, f"(D:{date.replace('-', '')}000000+00'00')".encode()
    with _browser() as browser:
        leaf = browser.new_context(offline=True).new_page()
        for name, page in pages.items():
            leaf.set_content(page, timeout=PATIENCE)
            leaf.evaluate("document.fonts.ready.then(() => 1)")
            form = "A4" if paper == "a4" else "Letter"
            own = True  # where a page says of what size it is, that goes before the paper
            data = leaf.pdf(format=form, prefer_css_page_size=own, print_background=True, tagged=tagged, outline=tagged)
            printed[name] = _DATE.sub(stamp, data)  # of the same length: places in the file stay true
    return printed


def require() -> None:
    """Returns when everything that `emit` needs is there. Raises MissingPart: it is not; says what to install."""
    errors.require("--pdf", "pdf", "playwright.sync_api", called="playwright")
    _executable()


def _executable() -> str:
    for place in (*_NAMES, *_PATHS.get(sys.platform, ())):
        if (found := shutil.which(place)) is not None:
            return str(found)
    install = _INSTALL_BROWSER.get(sys.platform, _INSTALL_BROWSER["linux"])
    raise MissingPart(f"--pdf needs Chromium or Chrome: {install}")


@contextmanager
def _browser() -> Iterator[Browser]:
    require()
    executable = Path(_executable())
    from playwright.sync_api import sync_playwright

    # Chromium refuses to run its sandbox as root, which is who builds in containers; the page holds no foreign script.
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, chromium_sandbox=not root)
        try:
            yield browser
        finally:
            browser.close()
