"""Anki without its window: the real library imports packages, and its own reviewer shows their cards in Chromium."""

from __future__ import annotations

import http.server
import importlib.util
import json
import re
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anki.cards import Card  # which cannot be imported before the collection
    from anki.collection import Collection
    from playwright.sync_api import Browser, Page

# What the reviewer page of Anki's desktop program holds: its style, its script, and the places that they expect.
PAGE = """<!doctype html><html class="linux chrome{html}"><head><meta charset=utf-8><base href="/">
<meta name=viewport content="width=device-width,initial-scale=1">
<link rel=stylesheet href="/_anki/css/webview.css"><link rel=stylesheet href="/_anki/css/reviewer.css">
<script>window.pycmd=function(){{}};window.bridgeCommand=function(){{}}</script></head>
<body class="isLin{body}"><div id=_mark hidden></div><div id=_flag hidden></div><div id=qa></div>
<script src="/_anki/js/reviewer.js"></script></body></html>"""
NIGHT = {"html": " night-mode", "body": " nightMode night_mode"}
DAY = {"html": "", "body": ""}

# Shows a side, and waits for it as somebody does who reviews.
SHOW = """async given => { const qa = document.getElementById('qa'), end = performance.now() + 60_000;
  qa.style.opacity = '0';
  %s(...given);
  while (!(qa.style.opacity === '1' && qa.innerHTML && [...document.images].every(image => image.complete))) {
    if (performance.now() > end) throw new Error('the side is never there');
    await new Promise(later => setTimeout(later, 4));
  } }"""
# What Anki does where its lights change during a review.
LIGHTS = """night => { document.documentElement.classList.toggle('night-mode', night);
  for (const name of ['night_mode', 'nightMode']) document.body.classList.toggle(name, night) }"""
FAULTS = r"""() => {
  const qa = document.getElementById('qa'), words = [], faults = [];
  const outside = node => !node.parentElement.closest('mjx-container,script,style,code,pre,samp');
  const walk = document.createTreeWalker(qa, NodeFilter.SHOW_TEXT,
    {acceptNode: node => outside(node) ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_REJECT});
  while (walk.nextNode()) words.push(walk.currentNode.textContent);
  const text = words.join(' ');
  for (const error of qa.querySelectorAll('mjx-mtext[style*="red"], mjx-merror'))
    faults.push('macro: ' + (error.closest('[data-mjx-error]')?.dataset.mjxError || error.textContent));
  if (/\\[()\[\]]|\$\$|\\[a-zA-Z]{2,}/.test(text)) faults.push('unrendered maths: ' + text.slice(0, 200));
  for (const image of qa.querySelectorAll('img'))
    if (!(image.complete && image.naturalWidth)) faults.push('missing image: ' + image.getAttribute('src'));
  const page = document.documentElement;
  if (page.scrollWidth > innerWidth) faults.push('overflow: ' + page.scrollWidth);
  for (const box of qa.querySelectorAll('.shapes, .check p, .steps li, h1, .task, .plot'))
    if (box.clientWidth && box.scrollWidth > box.clientWidth + 1) faults.push('clipped: ' + box.textContent);
  return faults }"""
BY_DAY_AND_NIGHT = f"""night => [night, !night, night].flatMap((light, turn) => {{ ({LIGHTS})(light);
  return turn === 2 ? [] : ({FAULTS})().map(fault => (light ? 'by night: ' : 'by day: ') + fault) }})"""
# Every variant of a side one below the other, hints unfolded, and no script that picks one of them.
EVERYTHING = """<style>
.card .variants > .variant, .eigendeck-back ~ .eigendeck :is(.hints, .task) { display: block !important }</style>"""
ANKIS_OWN = "No version information available for component"  # MathJax, of Anki's own extensions
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff": "font/woff"}


@cache
def web_assets() -> Path:
    """The pages, scripts and styles of Anki's desktop program."""
    found = importlib.util.find_spec("_aqt")
    assert found is not None, "pip install --no-deps aqt: its reviewer is what shows the cards"
    assert found.submodule_search_locations
    return Path(next(iter(found.submodule_search_locations))) / "data" / "web"


@dataclass
class Reviewer:
    """Anki's reviewer page, showing the cards of a collection."""

    collection: Collection
    page: Page
    night: bool
    console: list[str]
    everything: bool = False  # every variant of a side, and its hints unfolded

    def show_question(self, card_id: int) -> None:
        """Shows the front of a card, as a review does."""
        card = self.collection.get_card(card_id)
        self._show("_showQuestion", self._side(card.question()), card.answer(), self._classes(card))

    def show_answer(self, card_id: int) -> None:
        """Flips the card."""
        card = self.collection.get_card(card_id)
        self._show("_showAnswer", self._side(card.answer()), self._classes(card))

    def faults(self) -> list[str]:
        """What a learner would see go wrong on the side that is shown, by day and by night."""
        return list(self.page.evaluate(BY_DAY_AND_NIGHT, self.night)) + self.console

    def all_faults(self) -> list[str]:
        """What a learner would see go wrong on any side of any card."""
        found = []
        self.page.add_style_tag(content="html { visibility: hidden }")  # all is laid out, and nothing painted
        for card_id in self.collection.find_cards(""):
            for side in (self.show_question, self.show_answer):
                side(card_id)
                found += [f"{describe(self.collection, card_id)} {side.__name__}: {fault}" for fault in self.faults()]
                self.console.clear()
        return found

    def _side(self, html: str) -> str:
        if not self.everything:
            return html
        unpicked = re.sub(r"<script>.*?</script>", "", html, flags=re.DOTALL)
        return EVERYTHING + unpicked.replace("<details>", "<details open>")

    def _classes(self, card: Card) -> str:
        extra = NIGHT["body"] if self.night else ""
        return f"card card{card.ord + 1} isLin{extra}"

    def _show(self, function: str, *arguments: str) -> None:
        self.page.evaluate(SHOW % function, list(arguments))


class _Desk(http.server.ThreadingHTTPServer):
    """What serves Anki's pages, and the window that shows them: the next reviewer finds its scripts loaded."""

    def __init__(self, browser: Browser) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()
        self.window = browser.new_context(device_scale_factor=2).new_page()
        self.media, self.page = Path(), b""

    def open(self, media: Path, night: bool, width: int) -> Page:
        """Loads the reviewer's page, of somebody who has reviewed nothing yet."""
        self.media, self.page = media, PAGE.format(**(NIGHT if night else DAY)).encode()
        self.window.set_viewport_size({"width": width, "height": 740})
        self.window.goto(f"http://127.0.0.1:{self.server_address[1]}/")
        self.window.evaluate("() => { sessionStorage.clear(); localStorage.clear(); window.name = '' }")
        return self.window

    def close(self) -> None:
        """Ends the server and closes the window."""
        self.window.context.close()
        self.shutdown()
        self.server_close()


_free: dict[Browser, list[_Desk]] = {}


@contextmanager
def reviewing(
    collection: Collection, browser: Browser, *, night: bool = False, width: int = 360, everything: bool = False
) -> Iterator[Reviewer]:
    """Yields the reviewer of a collection in a window of that width. everything: all variants, one below another."""
    free = _free.setdefault(browser, [])
    desk = free.pop() if free else _Desk(browser)
    console: list[str] = []
    listeners = {
        "console": lambda message: ANKIS_OWN in message.text or console.append(f"console: {message.text}"),
        "pageerror": lambda error: console.append(f"script: {error}"),
    }
    for event, listener in listeners.items():
        desk.window.on(event, listener)
    try:
        page = desk.open(Path(collection.media.dir()), night, width)
        yield Reviewer(collection, page, night, console, everything)
    except BaseException:
        desk.close()
        raise
    for event, listener in listeners.items():
        desk.window.remove_listener(event, listener)
    desk.window.goto("about:blank")
    free.append(desk)


class _Handler(http.server.BaseHTTPRequestHandler):
    server: _Desk

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        path = urllib.parse.unquote(urllib.parse.urlparse(self.path).path)
        own = path.startswith("/_anki/")  # Anki's files stay as they are
        file = web_assets() / path.removeprefix("/_anki/") if own else self.server.media / path.lstrip("/")
        if path == "/":
            self._send(self.server.page, "text/html; charset=utf-8")
        elif path == "/favicon.ico":
            self._send(b"", "image/x-icon")
        elif file.is_file():
            self._send(file.read_bytes(), TYPES.get(file.suffix, "application/octet-stream"), lasts=own)
        else:
            self.send_error(404)

    def _send(self, body: bytes, kind: str, *, lasts: bool = False) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=86400" if lasts else "no-store")
        self.end_headers()
        self.wfile.write(body)


def describe(collection: Collection, card_id: int) -> str:
    """A card in words, for messages: its note's id and its template."""
    card = collection.get_card(card_id)
    return json.dumps([card.note().fields[0], card.template()["name"]])
