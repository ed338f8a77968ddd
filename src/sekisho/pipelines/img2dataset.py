"""A check before img2dataset fetches anything (``pip install sekisho[img2dataset]``): ``download(**kept("laion.parquet", "cleared"), output_folder="images")``."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Any, Unpack

import pyarrow.parquet as pq

import sekisho
from sekisho.datasets import url_column
from sekisho.errors import InputError
from sekisho.settings import Choices


def kept(url_list: str | PathLike[str], out: str | PathLike[str], *, resume: bool = False, **choices: Unpack[Choices]) -> dict[str, Any]:
    """The arguments by which ``img2dataset.download`` fetches only what is allowed; the run with everything left out and why stands in ``out``.

    ``url_list`` is a file or folder that ``sekisho.clear`` reads (Parquet, CSV, TSV, JSON Lines; not bare ``txt``), ``choices`` are its choices.
    Each picture keeps its ``sekisho_id``, so that `sekisho explain` answers for it. Raises as ``sekisho.clear`` does, and InputError when
    the files of a folder name their URLs differently or nothing at all is allowed: img2dataset could not go on.
    """
    run = sekisho.clear(url_list, out, resume=resume, **choices)
    if not run.kept:
        raise InputError(
            f"Nothing in {url_list} is allowed; {out}/report.html says why.",
            f"{url_list} に使用可の行はありません。理由は {out}/report.html に。",
        )
    files = sorted(Path(out, "kept").glob("*.parquet"))
    columns = sorted({url_column(pq.read_schema(file), choices.get("url_column")) for file in files})
    if len(columns) > 1:
        named = ", ".join(columns)
        raise InputError(
            f"The files of {url_list} name their URLs differently ({named}). Clear them one by one.",
            f"{url_list} のファイルごとに URL の列名が異なります（{named}）。一つずつ処理してください。",
        )
    return {"url_list": str(out) + "/kept", "input_format": "parquet", "url_col": columns[0], "save_additional_columns": ["sekisho_id"]}
