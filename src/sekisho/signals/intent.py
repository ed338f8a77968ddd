"""What a misspelt statement means to refuse: never counted as a statement, never forgotten either."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sekisho.model import Axis

MALFORMED = ("malformed",)
DENY_INTENT = ("malformed", "deny-intent")
NO = frozenset(
    {
        "n",
        "no",
        "not",
        "none",
        "nope",
        "never",
        "false",
        "off",
        "deny",
        "denied",
        "disallow",
        "disallowed",
        "forbidden",
        "prohibited",
        "reserved",
        "block",
        "blocked",
        "refused",
        "rejected",
    }
)
HINTS = (
    (("input", "use", "infer", "ground", "rag", "output"), (Axis.AI_USE,)),
    (("train", "gen", "ml", "ai", "all", "bots"), (Axis.TRAIN,)),
    (("tdm", "mining"), (Axis.TDM,)),
    (("search", "index"), (Axis.SEARCH,)),
)
"""Parts of a label and the use that they point to; the first that is found decides."""


def means_no(value: str) -> bool:
    """Whether ``value`` begins with a word, or is a figure, that says no in some other grammar."""
    words = re.findall(r"[a-z]+|\d+", value.lower())
    return bool(words) and (words[0] in NO or value.strip(" \"'?") == "0")


def hinted(label: str) -> tuple[Axis, ...]:
    """The use that a label outside the vocabulary points to; none when it points to none we know."""
    letters = re.sub(r"[^a-z]", "", label.lower())
    return next((axes for parts, axes in HINTS if any(part in letters for part in parts)), ())


def pairs(text: str) -> Iterator[tuple[str, str]]:
    """The names and values in ``text``, however they are divided and whatever stands between a name and its value."""
    tidy = " ".join(text.replace(":", "=").split()).replace(" =", "=").replace("= ", "=")
    for piece in re.split("[,; ]", tidy):
        name, _, value = piece.partition("=")
        yield name, value
