"""Every variant of every card on every phone, in Anki's own reviewer: nothing is wider than the screen."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageChops

from anki_reviewer import Reviewer, describe, reviewing
from eigendeck.rehearsal import import_package, open_collection

if TYPE_CHECKING:
    from anki.collection import Collection
    from playwright.sync_api import Browser, Frame, Page

pytestmark = pytest.mark.anki

WIDTHS = (320, 360, 393, 420, 500)

# The reviewer stands in a frame, which is as wide as each phone in turn: all are measured at one go. It is beside the
# window: what is measured need not be painted.
FRAMED = """async width => {
  const place = 'border: 0; position: absolute; left: -9999px; height: 740px';
  document.body.innerHTML = `<iframe src="/" style="${place}; width: ${width}px">`;
  await new Promise(loaded => { document.querySelector('iframe').onload = loaded }) }"""

# What may be wider than its place so that it matters: text, and what cuts or scrolls. Of the thousands of boxes in
# formulas hardly one does. MathJax's second, hidden copy of a formula is one pixel wide and meant for screen readers.
BOXES = r"""() => [...document.querySelectorAll('#qa *')].filter(box => (box.matches('p, li, div')
  || getComputedStyle(box).overflowX !== 'visible') && !box.closest('mjx-assistive-mml, svg'))"""

# What is wider than its place: the page; a picture than the card; a box whose content is cut, or scrolls and does not
# show it by a shadow.
WIDE = r"""boxes => {
  const qa = document.getElementById('qa'), page = document.documentElement, faults = [];
  const say = (what, element) => faults.push(`${innerWidth} px: ${what}: ${(element.className || element.tagName)} `
    + (element.textContent || element.getAttribute('src')).trim().slice(0, 60));
  if (page.scrollWidth > innerWidth) say(`the page is ${page.scrollWidth} px wide`, qa);
  const style = getComputedStyle(qa), text = qa.getBoundingClientRect();
  for (const image of qa.querySelectorAll('img')) {
    const box = image.getBoundingClientRect();
    if (!box.width || box.left < text.left - 1 || box.right > text.right + 1) say('a picture', image);
  }
  for (const element of boxes) {
    const over = element.scrollWidth - element.clientWidth;
    if (over <= 1 || !element.clientWidth) continue;
    const {overflowX, backgroundImage} = getComputedStyle(element);
    if (overflowX === 'visible' && element.matches('p, li, div')) say(`out of reach by ${over} px`, element);
    const formulas = element.querySelectorAll('mjx-container').length;
    if (overflowX !== 'visible' && formulas > 1) say('scrolls with its neighbours', element);
    if (overflowX === 'hidden' || overflowX === 'clip') say('cut', element);
    else if (overflowX !== 'visible' && !backgroundImage.includes('gradient')) say(`scrolls by ${over} px`, element);
  }
  return faults }"""

# The width at which the side was laid out comes first.
ON_EACH = f"""widths => {{ const boxes = ({BOXES})(), faults = [];
  for (const width of parseInt(frameElement.style.width) === widths[0] ? widths : widths.toReversed()) {{
    frameElement.style.width = `${{width}}px`;
    faults.push(...({WIDE})(boxes));
  }}
  if (({BOXES})().length !== boxes.length) faults.push('what scrolls depends on the width');
  return faults }}"""


@contextmanager
def phones(collection: Collection, browser: Browser) -> Iterator[Reviewer]:
    """Yields the reviewer of a collection, which shows all that there is of a side, in a frame."""
    with reviewing(collection, browser, width=max(WIDTHS) + 50, everything=True) as reviewer:
        reviewer.page.evaluate(FRAMED, WIDTHS[0])
        _, frame = reviewer.page.frames
        yield replace(reviewer, page=frame)


def too_wide(page: Frame) -> list[str]:
    """What the side that is shown makes wider than its place, on any of the phones."""
    return page.evaluate(ON_EACH, WIDTHS)


def faults(reviewer: Reviewer) -> list[str]:
    """What is too wide on either side of any card. A back has its front above it: what is wide on one is so on both."""
    found = []
    for card_id in reviewer.collection.find_cards(""):
        card = reviewer.collection.get_card(card_id)
        assert card.note()[f"{card.template()['name']} Front"] in card.answer()
        reviewer.show_answer(card_id)
        found += [f"{describe(reviewer.collection, card_id)} {fault}" for fault in too_wide(reviewer.page)]
    return found


PLANTED = {
    "the page is": '<p style="width: 900px">wide</p>',
    "a picture": '<div style="overflow-x: auto; background: linear-gradient(red, red)"><div style="width: 600px">'
    '<img src="data:image/svg+xml,<svg xmlns=%22http://www.w3.org/2000/svg%22/>" style="width: 600px"></div></div>',
    "cut": '<div style="overflow: hidden"><p style="width: 900px">wide</p></div>',
    "scrolls by": '<div style="overflow-x: auto"><p style="width: 900px">wide</p></div>',
}


@pytest.mark.parametrize(("fault", "html"), PLANTED.items(), ids=PLANTED)
def test_what_is_too_wide_is_seen(tmp_path: Path, browser: Browser, fault: str, html: str) -> None:
    collection = open_collection(tmp_path / "user")
    with phones(collection, browser) as reviewer:
        reviewer.page.evaluate("html => { document.getElementById('qa').innerHTML = html }", f"<div>{html}</div>")
        found = too_wide(reviewer.page)
    collection.close()
    for width in WIDTHS:
        assert any(one.startswith(f"{width} px: {fault}") for one in found), found


@pytest.mark.parametrize("deck", ["refresher", "german", "arabic", "chinese"])
def test_no_variant_of_any_card_is_wider_than_a_phone(
    deck: str, request: pytest.FixtureRequest, tmp_path: Path, browser: Browser
) -> None:
    if deck == "refresher":
        package = request.getfixturevalue("package")
    else:
        package = request.getfixturevalue("spoken")(deck) / f"{deck}.apkg"
    collection = open_collection(tmp_path / "user")
    import_package(collection, package)
    with phones(collection, browser) as reviewer:
        found = faults(reviewer)
    collection.close()
    assert found == []


def test_maths_that_fits_shows_no_trace_of_a_shadow(
    spoken: Callable[[str], Path], tmp_path: Path, browser: Browser
) -> None:
    """On a night card, where a line of a pixel is seen: with and without the shadows the side is the same."""
    collection = open_collection(tmp_path / "user")
    import_package(collection, spoken("german") / "german.apkg")
    with reviewing(collection, browser, night=True, everything=True) as reviewer:
        reviewer.show_answer(collection.find_cards("card:Work")[0])
        reviewer.page.evaluate("document.fonts.ready.then(() => 1)")
        wide = "[...document.querySelectorAll('#qa .part')].filter(part => part.scrollWidth > part.clientWidth + 1)"
        assert (
            reviewer.page.evaluate(f"{wide}.map(part => part.style.background = 'none').length")
            < reviewer.page.locator("#qa .part").count()
        )
        shown = _seen(reviewer.page)
        reviewer.page.add_style_tag(content="#qa :is(.part, mjx-container) { background: none !important }")
        assert _differing(shown, _seen(reviewer.page)) == 0
        line = "linear-gradient(red, red) right / 1px 100% no-repeat"
        reviewer.page.add_style_tag(content=f"#qa .variant .part {{ background: {line} !important }}")
        assert _differing(shown, _seen(reviewer.page)) > 20
    collection.close()


def _seen(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")


def _differing(image: Image.Image, other: Image.Image) -> int:
    """How many pixels of two pictures differ so that somebody may see it."""
    return sum(ImageChops.difference(image, other).convert("L").histogram()[13:])
