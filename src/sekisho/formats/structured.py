"""Structured field dictionaries (RFC 9651 section 4.2.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, cast

import http_sf
from http_sf import DictionaryType, ItemType, StructuredFieldError, Token


class Member(NamedTuple):
    """One member: its text when it is a token, else None; any value as text; its parameters as texts by name."""

    token: str | None
    text: str
    parameters: Mapping[str, str]


def dictionary(raw: bytes) -> dict[str, Member] | None:
    """The dictionary that ``raw`` (field lines joined by commas) holds, the last of repeated keys; None when it does not parse."""
    try:
        parsed = cast("DictionaryType", http_sf.parse(raw, tltype="dictionary"))
    except StructuredFieldError:
        return None
    return {key: _member(cast("tuple[ItemType, Mapping[str, ItemType]]", value)) for key, value in parsed.items()}


def _member(item: tuple[ItemType, Mapping[str, ItemType]]) -> Member:
    value, parameters = item
    token = str(value) if isinstance(value, Token) else None
    return Member(token, str(value), {name: str(said) for name, said in parameters.items()})
