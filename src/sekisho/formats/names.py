"""Names of files as text, whatever bytes they were written in."""

from __future__ import annotations


def as_text(raw: bytes) -> str:
    """The name as UTF-8, else as Shift_JIS (cp932), else with its odd bytes escaped."""
    for encoding in ("utf-8", "cp932"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "backslashreplace")
