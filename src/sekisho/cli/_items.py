"""What a command line names, one item at a time: files, folders, @lists of paths, lines of JSON Lines, standard input."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from sekisho.errors import InputError
from sekisho.model import Text

TEXT_FIELDS = ("text", "output", "completion", "response", "generated_text", "content")
NAME_FIELDS = ("id", "item", "key")
LONGEST_LINE = 1 << 26
NO_JSON = Text("the line is no JSON object", "この行は JSON オブジェクトではありません")
NO_TEXT = Text(
    f"the line has none of the fields {', '.join(TEXT_FIELDS)} with a text", f"この行には文章の項目（{'、'.join(TEXT_FIELDS)}）がありません"
)
TOO_LONG = Text("the line is longer than 64 MiB", "この行は 64 MiB を超えています")


class Item(NamedTuple):
    """One item to look at: a file, a text, or a line that holds none, with the reason."""

    name: str
    content: Path | str | Text


def items(words: Iterable[str]) -> Iterator[Item]:
    """The items behind ``words`` in order; raises InputError for a file, folder or list that is not there."""
    for word in words:
        if word == "-":
            yield from of_input(sys.stdin.buffer)
        elif word.startswith("@"):
            yield from (found for line in lines_of(Path(word[1:])) if line.strip() for found in of_path(Path(line)))
        elif Path(word).exists():
            yield from of_path(Path(word))
        else:
            raise InputError(f"{word} does not exist.", f"{word} がありません。")


def of_input(stream: BinaryIO) -> Iterator[Item]:
    """What comes in by a pipe, laid by while it is looked at: of any length, and in any encoding or format."""
    with tempfile.NamedTemporaryFile(prefix="sekisho-") as file:
        shutil.copyfileobj(stream, file)
        file.flush()
        yield Item("-", Path(file.name))


def lines_of(path: Path) -> Iterator[str]:
    """The lines of a list of paths."""
    try:
        yield from path.read_text("utf-8").splitlines()
    except OSError as error:
        raise InputError(f"{path} cannot be opened: {error.strerror}.", f"{path} を開けません：{error.strerror}。") from error


def of_path(path: Path) -> Iterator[Item]:
    """The files in ``path``; of a ``.jsonl`` file each line with a text."""
    from sekisho.works.folders import files_in  # noqa: PLC0415

    for file in files_in(path):
        if file.suffix.lower() in {".jsonl", ".ndjson"} and file.exists():
            with file.open("rb") as stream:
                yield from rows(stream, str(file))
        else:
            yield Item(str(file), file)


def rows(stream: BinaryIO, name: str) -> Iterator[Item]:
    """Each line of JSON Lines as an item, named by its own id or by its number; empty lines are passed over."""
    number = 0
    while raw := stream.readline(LONGEST_LINE):
        number += 1
        if len(raw) == LONGEST_LINE and not raw.endswith(b"\n"):
            while (rest := stream.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                pass
            yield Item(f"{name}:{number}", TOO_LONG)
        elif raw.strip():
            yield of_row(raw, f"{name}:{number}")


def of_row(raw: bytes, name: str) -> Item:
    """One line of JSON Lines."""
    try:
        row = json.loads(raw)
    except (ValueError, RecursionError):
        return Item(name, NO_JSON)
    if not isinstance(row, dict):
        return Item(name, NO_JSON)
    text = next((row[field] for field in TEXT_FIELDS if isinstance(row.get(field), str)), None)
    own = next((str(row[field]) for field in NAME_FIELDS if isinstance(row.get(field), str | int)), name)
    return Item(own, NO_TEXT if text is None else text)
