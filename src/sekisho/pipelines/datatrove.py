"""A step for datatrove (``pip install sekisho[datatrove]``): documents that may be used go on, the others leave with the reason."""

from __future__ import annotations

from typing import Any, Unpack

import sekisho
from sekisho.errors import MissingPartError
from sekisho.model import Verdict
from sekisho.settings import Choices

try:
    from datatrove.data import Document
    from datatrove.pipeline.filters.base_filter import BaseFilter
    from datatrove.pipeline.writers.disk_base import DiskWriter
except ImportError as error:
    raise MissingPartError(
        "This step needs datatrove: pip install sekisho[datatrove].",
        "このステップには datatrove が必要です：pip install sekisho[datatrove]",
    ) from error

BATCH = 4_096


class SekishoFilter(BaseFilter):  # type: ignore[misc]  # the library gives no types
    """Keeps documents that are allowed in every jurisdiction asked, judged by the URL and the other columns of their metadata.

    Every document gets the verdict columns into its metadata, so what goes on carries its conditions, and what the ``exclusion_writer``
    writes carries its reason. ``choices`` are those of ``sekisho.judge``. Raises UsageError or InputError for a choice that cannot be meant.
    """

    name = "関 Sekisho"

    def __init__(self, exclusion_writer: DiskWriter | None = None, batch_size: int = BATCH, **choices: Unpack[Choices]) -> None:
        super().__init__(exclusion_writer, batch_size)
        self.judge = sekisho.judge(**choices)

    def filter(self, doc: Document) -> bool | tuple[bool, str]:
        """Whether one document may be used, else the verdict as the reason for dropping it."""
        return self.filter_batch([doc])[0]

    def filter_batch(self, batch: list[Document]) -> list[bool | tuple[bool, str]]:
        """The same for many documents at once."""
        found = self.judge(_columns(batch)).to_pylist()
        for doc, answer in zip(batch, found, strict=True):
            doc.metadata.update(answer)
        return [answer["sekisho_verdict"] == Verdict.ALLOW or (False, f"sekisho_{answer['sekisho_verdict']}") for answer in found]


def _columns(batch: list[Document]) -> dict[str, list[Any]]:
    """The metadata as columns; a document without a URL has none."""
    names = dict.fromkeys(["url", *(name for doc in batch for name in doc.metadata)])
    return {name: [doc.metadata.get(name) for doc in batch] for name in names}
