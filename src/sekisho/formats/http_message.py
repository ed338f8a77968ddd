"""Responses saved as text: status line (it may be missing), header lines, an empty line, a body; as ``curl -i`` and ``curl -IL`` write them."""

from __future__ import annotations

import re
from typing import NamedTuple

BLOCK_END = re.compile(rb"\r?\n\r?\n")
STATUS = re.compile(rb"HTTP/[0-9.]+ +([0-9]{3})")
LIMIT_RESPONSES = 50


class Message(NamedTuple):
    """The last of the responses written: ``status`` is None where no line says it."""

    status: int | None
    headers: tuple[tuple[str, str], ...]
    body: bytes


def parse(data: bytes) -> Message:
    """The last response in ``data``; those before it are the redirections that led there. Lines that are no header are passed over."""
    for _ in range(LIMIT_RESPONSES):
        block, body = _split(data)
        if not body.startswith(b"HTTP/"):
            break
        data = body
    status = STATUS.match(block)
    return Message(int(status[1]) if status else None, tuple(_headers(block)), body)


def _split(data: bytes) -> tuple[bytes, bytes]:
    data = data.lstrip(b"\r\n")
    end = BLOCK_END.search(data)
    return (data[: end.start()], data[end.end() :]) if end else (data, b"")


def _headers(block: bytes) -> list[tuple[str, str]]:
    """The fields of ``block`` in order; a line that begins with a blank goes on with the one before (RFC 9112, 5.2)."""
    found: list[tuple[str, str]] = []
    for line in re.split(r"\r?\n", _text(block)):
        name, colon, value = line.partition(":")
        if line[:1] in {" ", "\t"} and found:
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}")
        elif colon and name.strip() and " " not in name.strip():
            found.append((name.strip(), value.strip()))
    return found


def _text(block: bytes) -> str:
    try:
        return block.decode()
    except UnicodeDecodeError:
        return block.decode("latin-1")
