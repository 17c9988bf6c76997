"""Who may ask: pages of the preview itself, by the address that it was started at. Other sites get nothing."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

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
_REFUSED = b"This address is for the preview's own page alone.\n"


def guarded(app: App, port: int) -> App:
    """Returns an application that answers requests of its own page alone.

    A name that leads here (DNS rebinding) is no name of ours, and a page of another site cannot hide that it is one.
    """
    hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if not _own(list(scope["headers"]), hosts):
            await send({"type": "http.response.start", "status": 403, "headers": _encoded({})})
            await send({"type": "http.response.body", "body": _REFUSED})
            return

        async def with_headers(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_encoded(HEADERS)]
            await send(message)

        await app(scope, receive, with_headers)

    return guard


def _own(headers: Iterable[tuple[bytes, bytes]], hosts: set[str]) -> bool:
    """Whether all that a request says of where it comes from is ours."""
    said: dict[str, list[str]] = {}
    for name, value in headers:
        said.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    origins = {f"http://{host}" for host in hosts}
    return (
        len(said.get("host", [])) == 1
        and said["host"][0].lower() in hosts
        and all(origin in origins for origin in said.get("origin", ()))
        and all(site in ("same-origin", "none") for site in said.get("sec-fetch-site", ()))
    )


def _encoded(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]
