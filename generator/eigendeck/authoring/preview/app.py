"""The pages and answers of the preview, for pages of its own alone: other sites get nothing.

Nothing here reads a file of the deck, and nothing changes anything.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from eigendeck.authoring.preview.answers import one_card, outline
from eigendeck.authoring.preview.cards import Cards, Shown
from eigendeck.authoring.preview.sides import anki_web, frame
from eigendeck.outputs.sheet import print_style
from eigendeck.render.measures import A4, SHEET
from eigendeck.render.templates import environment, template_text

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


LOOK = 0.02  # seconds between two looks at whether something changed
ALIVE = 15.0  # seconds after which a browser is told that nothing did


class Told:
    """What the pages and the builder say to each other. wanted: the card that somebody looks at."""

    def __init__(self) -> None:
        self.started = secrets.token_hex(8)  # a page of an earlier run loads itself anew
        self.wanted = ""
        self.ending = False


def application(cards: Cards, told: Told, in_turn: Callable[..., Awaitable[Any]]) -> ASGIApp:
    """Returns the application. in_turn: runs a function where cards are worked, one after the other."""
    from starlette.applications import Starlette
    from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
    from starlette.routing import Mount, Route
    from starlette.staticfiles import StaticFiles

    async def deck(request: Request) -> Response:
        return JSONResponse(outline(cards.state))

    async def card(request: Request) -> Response:
        card_id, state = request.path_params["card"], cards.state
        if state.deck is None or all(card_id not in section.ids for section in state.sections):
            return JSONResponse({"id": card_id}, 404)
        told.wanted = card_id
        said = request.query_params.get("seed", "")
        seed = int(said) if said.isascii() and said.isdigit() and len(said) <= 18 else state.deck.meta.seed
        shown: Shown | None = state.shown.get(card_id)
        if seed != state.deck.meta.seed:
            shown = await in_turn(cards.with_seed, card_id, seed) or shown
        return JSONResponse(await asyncio.to_thread(one_card, cards.state, card_id, seed, shown))

    async def changes(request: Request) -> Response:
        return StreamingResponse(_changes(cards, told), media_type="text/event-stream")

    page, paper = (environment().get_template(f"preview/{name}.html") for name in ("page", "paper"))
    constant = {
        "/": HTMLResponse(page.render(mathjax=anki_web() is not None)),
        "/card-frame": HTMLResponse(frame()),
        "/paper-frame": HTMLResponse(paper.render(style=Markup(print_style()), width=f"{SHEET.column(A4):g}")),
        "/page.css": Response(template_text("preview/page.css"), media_type="text/css"),
        "/page.js": Response(template_text("preview/page.js"), media_type="text/javascript"),
    }
    routes: list[Any] = [
        *(Route(path, answer, methods=["GET"]) for path, answer in constant.items()),
        Route("/deck", deck),
        Route("/cards/{card}", card),
        Route("/changes", changes),
    ]
    if web := anki_web():
        routes.append(Mount("/_anki", StaticFiles(directory=web)))
    return Starlette(routes=routes)


async def _changes(cards: Cards, told: Told) -> AsyncIterator[str]:
    """Yields an event with each revision, at once and whenever there is another; ends with the server."""
    last, since = -1, 0.0
    while not told.ending:
        if cards.state.revision != last:
            last, since = cards.state.revision, 0.0
            yield f"data: {told.started} {last}\n\n"
        elif since > ALIVE:
            since = 0.0
            yield ":\n\n"
        await asyncio.sleep(LOOK)
        since += LOOK


# Pages stand in no page of another site, load nothing from elsewhere, and run no script but those served beside them.
HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; frame-src 'self'; frame-ancestors 'self'; "
    "base-uri 'none'; form-action 'none'",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
}


def guarded(app: ASGIApp, port: int) -> ASGIApp:
    """Returns an application that answers requests of its own page alone.

    A name that leads here (DNS rebinding) is no name of ours, and a page of another site cannot hide that it is one.
    """
    from starlette.datastructures import Headers, MutableHeaders
    from starlette.responses import PlainTextResponse

    hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
    refused = PlainTextResponse("This address is for the preview's own page alone.\n", 403)

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        said = Headers(scope=scope)
        is_own = len(host := said.getlist("host")) == 1 and host[0].lower() in hosts
        is_own &= {*said.getlist("origin")} <= {f"http://{host}" for host in hosts}
        if not is_own or not {*said.getlist("sec-fetch-site")} <= {"same-origin", "none"}:
            await refused(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await app(scope, receive, with_headers)

    return guard
