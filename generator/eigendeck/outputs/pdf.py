"""Pages as PDFs: printed by an installed Chromium or Chrome, as its own dialog would, without the time of day."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from eigendeck import errors
from eigendeck.errors import MissingPart

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Paper = Literal["a4", "letter"]

# The first is the same engine without a window's frame: it makes the same pages in two thirds of the time.
_BARE = "chromium-headless-shell"
_NAMES = (_BARE, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
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


class Printer(AbstractContextManager["Printer"]):
    """A browser that prints pages. It starts with the first, stays for the next, and starts anew after a fault."""

    def __init__(self) -> None:
        self._running = ExitStack()
        self._browser: Browser | None = None

    def __exit__(self, *_: object) -> None:
        self.close()

    def emit(
        self, pages: dict[str, str], cut: dict[str, str], paper: Paper, date: str
    ) -> tuple[dict[str, bytes], dict[str, float]]:
        """Returns printed pages as PDFs, by the names of their files, their fonts embedded.

        And of the paper cards on which hardly anybody can read the text, by id, its size in points.

        pages: tagged, so that a reader that speaks finds its way, and with bookmarks. cut: paper cards, without, so
        that their files are half as large. date: ISO; stands in them for the time of printing, so that the same page
        gives the same bytes from the same browser.

        Raises:
            MissingPart: there is no playwright, or no browser.
        """
        small: dict[str, float] = {}
        try:
            printed = {
                name: self._print(page, paper, small, tagged=name in pages) for name, page in (pages | cut).items()
            }
        except BaseException:  # the browser may have ended, or hang
            self.close()
            raise
        return {f"{name}.pdf": _dated(document, date) for name, document in printed.items()}, small

    def close(self) -> None:
        """Ends the browser; the next page starts another."""
        self._browser = None
        self._running.close()

    def _print(self, page: str, paper: Paper, small: dict[str, float], *, tagged: bool) -> bytes:
        own = True  # where a page says of what size it is, that goes before the paper
        with self._started().new_context(offline=True) as context:
            leaf = context.new_page()
            leaf.emulate_media(media="print")  # or it would be laid out for a screen first
            leaf.set_content(page, timeout=PATIENCE)
            leaf.evaluate("() => document.fonts.ready.then(() => 1)")  # and then the script of cards has set them, too
            small |= json.loads(leaf.evaluate("() => document.documentElement.dataset.small || '{}'"))
            return leaf.pdf(
                format=paper, prefer_css_page_size=own, print_background=True, tagged=tagged, outline=tagged
            )

    def _started(self) -> Browser:
        if self._browser:
            return self._browser
        require()
        executable = Path(_executable())
        from playwright.sync_api import sync_playwright

        # Chromium refuses to run its sandbox as root, which is who builds in containers; no page has a foreign script.
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        playwright = self._running.enter_context(sync_playwright())
        # Its own letters are wider than behind a frame, and lines break elsewhere.
        arguments = ["--font-render-hinting=slight"] if executable.name == _BARE else []
        browser = playwright.chromium.launch(executable_path=executable, chromium_sandbox=not root, args=arguments)
        self._browser = self._running.enter_context(browser)
        return browser


def require() -> None:
    """Returns when everything that a printer needs is there.

    Raises:
        MissingPart: it is not; says what to install.
    """
    errors.require("--pdf", "pdf", "playwright.sync_api", called="playwright")
    _executable()


def _executable() -> str:
    for place in (*_NAMES, *_PATHS.get(sys.platform, ())):
        if (found := shutil.which(place)) is not None:
            return str(found)
    install = _INSTALL_BROWSER.get(sys.platform, _INSTALL_BROWSER["linux"])
    raise MissingPart(f"--pdf needs Chromium or Chrome: {install}")


def _dated(data: bytes, date: str) -> bytes:
    """Returns the PDF with its dates replaced, each by one of the same length: places in the file stay true."""
    stamp = f"(D:{date.replace('-', '')}000000+00'00')".encode()
    return _DATE.sub(stamp, data)
