"""Strict reading of one table of a TOML file: every key is asked for by name and kind, and nothing may be left over."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import NoReturn, TypeVar

from sekisho.errors import LawError
from sekisho.model import Text

Kind = TypeVar("Kind")
Word = TypeVar("Word", bound=StrEnum)


class Section:
    """A table of a file that forgets what was read from it; ``where`` names file and rule in every error."""

    def __init__(self, table: dict[str, object], where: str) -> None:
        self._left = dict(table)
        self.where = where

    @classmethod
    def of_file(cls, path: Path) -> Section:
        """The top table of a file; raises LawError when it is not TOML in UTF-8."""
        try:
            return cls(tomllib.loads(path.read_text("utf-8")), path.name)
        except (OSError, ValueError, RecursionError) as error:
            raise LawError(f"{path}: cannot be read as TOML: {error}", f"{path}: TOML として読めません: {error}") from error

    def fail(self, en: str, ja: str) -> NoReturn:
        """Raises LawError saying where."""
        raise LawError(f"{self.where}: {en}", f"{self.where}: {ja}")

    def __contains__(self, key: str) -> bool:
        return key in self._left

    def string(self, key: str) -> str:
        """A text that is not empty."""
        value = self._take(key, str)
        return value if value.strip() else self.fail(f"{key} is empty", f"{key} が空です")

    def number(self, key: str) -> int:
        """A whole number."""
        return self._take(key, int)

    def day(self, key: str) -> date:
        """A date without a time."""
        value = self._take(key, date)
        if isinstance(value, datetime):
            self.fail(f"{key} must be a date without a time", f"{key} は時刻のない日付にしてください")
        return value

    def optional_day(self, key: str) -> date | None:
        """A date, or None when the key is absent."""
        return self.day(key) if key in self else None

    def flag(self, key: str) -> bool:
        """A true or false that is false when absent."""
        return key in self and self._take(key, bool)

    def strings(self, key: str) -> tuple[str, ...]:
        """A list of texts, or one text; empty when absent."""
        value = self._left.pop(key, [])
        texts = [value] if isinstance(value, str) else value
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            self.fail(f"{key} must be a text or a list of texts", f"{key} は文字列または文字列の配列にしてください")
        return tuple(texts)

    def word(self, key: str, kind: type[Word]) -> Word:
        """One word of a closed list."""
        value = self.string(key)
        if value not in list(kind):
            self.unknown_word(key, value, kind)
        return kind(value)

    def unknown_word(self, key: str, value: str, known: Iterable[str]) -> NoReturn:
        """Raises LawError with the words that are known."""
        words = ", ".join(known)
        self.fail(f"{key} has the unknown word {value!r}; known: {words}", f"{key} の語 {value!r} は使えません。使える語: {words}")

    def text(self, key: str) -> Text:
        """English and Japanese, both required."""
        both = self.section(key)
        text = Text(both.string("en"), both.string("ja"))
        both.close()
        return text

    def section(self, key: str) -> Section:
        """A table inside this one."""
        return Section(self._take(key, dict), f"{self.where}, {key}")

    def sections(self, key: str) -> list[Section]:
        """A list of tables, in order; none when absent. Each is named by its ``id`` or its place."""
        tables = self._take(key, list) if key in self else []
        if not all(isinstance(table, dict) for table in tables):
            self.fail(f"{key} must be a list of tables", f"{key} はテーブルの配列にしてください")
        return [Section(table, f"{self.where}, {table.get('id', f'{key} {place}')}") for place, table in enumerate(tables, 1)]

    def named(self, key: str) -> Iterator[tuple[str, Section]]:
        """The tables inside a table, with their names; none when absent."""
        inside = self.section(key) if key in self else Section({}, self.where)
        names = list(inside._left)  # noqa: SLF001 - the same class
        return ((name, inside.section(name)) for name in names)

    def unread(self) -> tuple[str, ...]:
        """What was not read yet."""
        return tuple(self._left)

    def close(self) -> None:
        """Raises LawError when a key was written that nobody asked for."""
        if self._left:
            unknown = ", ".join(self._left)
            self.fail(f"unknown key: {unknown}", f"未知のキーがあります: {unknown}")

    def _take(self, key: str, kind: type[Kind]) -> Kind:
        if key not in self._left:
            self.fail(f"{key} is missing", f"{key} がありません")
        value = self._left.pop(key)
        if not isinstance(value, kind):
            self.fail(f"{key} is of the wrong kind", f"{key} の型が違います")
        return value
