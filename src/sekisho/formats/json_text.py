"""JSON that strangers wrote: bounded, a key said twice stays visible, and a list cut short keeps its whole elements."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sekisho.formats import text

BLANKS = re.compile(r"[ \t\r\n]*")
LIMIT_DEPTH = 64
"""Deeper values count as none: whoever walks or prints them must not run out of stack."""
KEPT_VALUES = 8
"""So many different values of one key are kept; a file of nothing else must not cost the square of its length."""


class Several(tuple[Any, ...]):
    """The different values that one object gave one key, in order; JSON itself never yields a tuple."""

    __slots__ = ()


class Parsed(NamedTuple):
    """The value, None with ``malformed`` or ``wrong-type`` when there is none; ``truncated`` when only the start was read."""

    value: Any
    warnings: tuple[str, ...] = ()


def parse(body: bytes, limit: int) -> Parsed:
    """The value of ``body``; of a body over ``limit`` octets, a list of the elements that were whole."""
    octets = text.served(body[: body.rfind(b"}", 0, limit) + 1] if len(body) > limit else body, limit)
    warnings = (*octets.warnings, "truncated") if len(body) > limit else octets.warnings
    if "wrong-type" in warnings:
        return Parsed(None, warnings)
    found = list(_whole_elements(octets.text)) if "truncated" in warnings else _value(octets.text)
    return Parsed(found, warnings) if found is not None else Parsed(None, (*warnings, "malformed"))


def lines(body: bytes, limit: int) -> Iterator[tuple[int, Any]]:
    """The value of each line that is one, with its number from 1; other lines give None."""
    for number, line in enumerate(text.served(body, limit).text.split("\n"), 1):
        if line.strip():
            yield number, _value(line)


def _value(document: str) -> Any:
    """The value of ``document``, None where there is none (a bare ``null`` says as little)."""
    try:
        value = _DECODER.decode(document)
    except (ValueError, RecursionError):
        return None
    return value if _is_shallow(value) else None


def _is_shallow(value: Any) -> bool:
    layer = [value]
    for _ in range(LIMIT_DEPTH):
        layer = [inner for outer in layer if isinstance(outer, dict | list | Several) for inner in _inside(outer)]
    return not layer


def _inside(outer: dict[str, Any] | list[Any] | Several) -> Iterable[Any]:
    return outer.values() if isinstance(outer, dict) else outer


def _whole_elements(document: str) -> Iterator[Any]:
    """The elements of the list that ``document`` starts, up to the first that is not whole."""
    at = _past_blanks(document, 0)
    try:
        while document[at : at + 1] in {"[", ","}:
            value, at = _DECODER.raw_decode(document, _past_blanks(document, at + 1))
            yield value if _is_shallow(value) else None
            at = _past_blanks(document, at)
    except (ValueError, RecursionError):
        return


def _past_blanks(document: str, at: int) -> int:
    blanks = BLANKS.match(document, at)
    return blanks.end() if blanks else at


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object as a dict, in which a key said twice with different values holds ``Several``."""
    said: dict[str, list[Any]] = {}
    for key, value in pairs:
        values = said.setdefault(key, [])
        if len(values) < KEPT_VALUES and not any(type(value) is type(other) and value == other for other in values):
            values.append(value)
    return {key: values[0] if len(values) == 1 else Several(values) for key, values in said.items()}


_DECODER = json.JSONDecoder(object_pairs_hook=_object)
