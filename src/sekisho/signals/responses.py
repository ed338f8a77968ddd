"""Responses as a source: which observations have headers that speak for what was asked, and how long a header may be."""

from __future__ import annotations

from sekisho.model import Observation, Source

SOURCES = (Source.PAGE, Source.IMAGE, Source.AUDIO_VIDEO, Source.PDF, Source.EPUB, Source.FEED, Source.HEADERS)
"""What a response can be; whatever it is, its headers speak for it."""
VALUE_LENGTH = 64 * 1024
"""So much of one header value is read."""


def speaks(observation: Observation) -> bool:
    """Whether a response speaks for what was asked: one that failed or found nothing speaks for itself only."""
    return not observation.failed and observation.status not in {404, 410}
