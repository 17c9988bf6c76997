"""What travels between the parent and the worker: JSON after its length in four bytes. Both ends use this module.

JSON and not pickle, since the parent must be able to read what a worker says without believing it.
"""

from __future__ import annotations

import json
import struct
from typing import IO, Any

LENGTH = struct.Struct(">I")
JOB_LIMIT = 16 * 2**20  # bytes: a card with its longest pieces, many times over
ANSWER_LIMIT = 2**20  # bytes


class Unreadable(Exception):
    """The other end sent something that is not a frame; the message says what, in words."""


def pack(value: object) -> bytes:
    """Returns the frame of a value.

    Raises:
        ValueError: the value is no JSON, or its text is no Unicode.
        RecursionError: the value is nested too deeply.
    """
    body = json.dumps(value, ensure_ascii=False, check_circular=False, separators=(",", ":")).encode()
    return LENGTH.pack(len(body)) + body


def write(stream: IO[bytes], value: object) -> None:
    """Sends one frame."""
    stream.write(pack(value))
    stream.flush()


def read(stream: IO[bytes], limit: int) -> dict[str, Any] | None:
    """Returns the next frame, or nothing where the stream has ended.

    Raises:
        Unreadable: it is longer than limit bytes, or no JSON object.
    """
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    if length > limit:
        raise Unreadable("too large an answer")
    body = stream.read(length)
    if len(body) < length:
        return None
    try:
        value = json.loads(body)
        if b"\\u" in body:  # `pack` escapes control characters alone: anything else may be half a character
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:  # not JSON, not UTF-8, a number of 5,000 digits, 10,000 brackets
        raise Unreadable("an answer that cannot be read") from error
    if not isinstance(value, dict):
        raise Unreadable("an answer that cannot be read")
    return value
