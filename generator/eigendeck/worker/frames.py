"""What travels between the parent and the worker: JSON after its length in four bytes. Both ends use this module.

JSON and not pickle, since the parent must be able to read what a worker says without believing it.
"""

import json
import struct
from functools import lru_cache
from typing import IO, Any

LENGTH = struct.Struct(">I")
PLACE, NAMES, LETTERS = 4096, 3, 200  # bytes in which a worker says where it is, names in them, characters of a name


class Unreadable(Exception):
    """The other end sent something that is not a frame; the message says what, in words."""


def pack(value: object) -> bytes:
    """Returns the frame of a value. Raises: as `body`."""
    return packed(body(value))


def packed(text: bytes) -> bytes:
    """Returns the frame of JSON."""
    return LENGTH.pack(len(text)) + text


def body(value: object) -> bytes:
    """Returns a value as JSON. It may hold dataclasses and complex numbers: both become tables.

    Raises:
        TypeError: the value holds something else.
        ValueError: its text is no Unicode.
        RecursionError: the value is nested too deeply.
    """
    return _encoded(value).encode()


def write(stream: IO[bytes], value: object) -> None:
    stream.write(pack(value))
    stream.flush()


def read(stream: IO[bytes], limit: int) -> dict[str, Any] | None:
    """Returns the next frame, or nothing where the stream has ended.

    Raises Unreadable where it is longer than limit bytes, or no JSON object.
    """
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    if length > limit:
        raise Unreadable("too large an answer")
    text = stream.read(length)
    if len(text) < length:
        return None
    try:
        value = json.loads(text, object_hook=number_or_table)
        if b"\\u" in text:  # `pack` escapes control characters alone: anything else may be half a character
            body(value)
    except (ValueError, RecursionError) as error:  # not JSON, not UTF-8, a number of 5,000 digits, 10,000 brackets
        raise Unreadable("an answer that cannot be read") from error
    if not isinstance(value, dict):
        raise Unreadable("an answer that cannot be read")
    return value


@lru_cache(100)
def place(at: tuple[str, ...]) -> bytes:
    """Returns the bytes that say at which key of a card the worker is."""
    names = b"\0".join(name[:LETTERS].encode("utf-8", "replace") for name in at[:NAMES])
    return names.ljust(PLACE, b"\0")


def read_place(said: bytes) -> tuple[str, ...]:
    """Returns the key that bytes say, whoever wrote them."""
    names = said[:PLACE].split(b"\0")[:NAMES]
    return tuple(name.decode("utf-8", "replace")[:LETTERS] for name in names if name)


def _table_of(value: Any) -> dict[str, Any]:
    """JSON has no complex numbers and no classes."""
    if isinstance(value, complex):
        return {"re": value.real, "im": value.imag}
    if names := getattr(type(value), "__dataclass_fields__", None):
        return {name: getattr(value, name) for name in names}
    raise TypeError(f"a {type(value).__name__} cannot be sent")


_encoded = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, separators=(",", ":"), default=_table_of
).encode  # made once: `json.dumps` makes one for each value


def number_or_table(table: dict[str, Any]) -> dict[str, Any] | complex:
    """Returns what a table of JSON stands for: itself, or a complex number."""
    if len(table) == 2 and table.keys() == {"re", "im"} and all(isinstance(part, float) for part in table.values()):
        return complex(table["re"], table["im"])
    return table
