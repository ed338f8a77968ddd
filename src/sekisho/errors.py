"""One root error and one subclass for each thing a caller can act on.

A caller's mistake raises; dirty data never does: it becomes a value with a reason.
Every message says what happened, to what, and what to do next, in English and in Japanese.
"""

from __future__ import annotations


class SekishoError(Exception):
    """The root of everything Sekisho raises on purpose; ``str(error)`` is the English message, ``error.ja`` the Japanese one."""

    def __init__(self, en: str, ja: str) -> None:
        super().__init__(en)
        self.en = en
        self.ja = ja

    def __reduce__(self) -> tuple[type[SekishoError], tuple[str, str]]:
        return type(self), (self.en, self.ja)


class UsageError(SekishoError):
    """The call itself is wrong: an unknown option, word, country, fact or date."""


class InputError(SekishoError):
    """A file or folder given by the caller cannot be read as what it should be."""


class LawError(SekishoError):
    """A law file breaks its own rules: names the file, the rule and the word."""


class RunError(SekishoError):
    """An output folder cannot be used or continued: another run, other input, in use, full disk."""


class MissingPartError(SekishoError):
    """An optional part is not installed; the message names the extra that brings it."""
