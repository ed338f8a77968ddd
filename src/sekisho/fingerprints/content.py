"""One content to be fingerprinted, as all fingerprints see it."""

from __future__ import annotations

import hashlib
from functools import cached_property


class Content:
    """Bytes of a kind of media (``image``, ``text``); what several fingerprints need of them is worked out once."""

    def __init__(self, raw: bytes, media: str) -> None:
        self.raw = raw
        self.media = media

    @cached_property
    def digest(self) -> bytes:
        """SHA-256 of the bytes."""
        return hashlib.sha256(self.raw).digest()
