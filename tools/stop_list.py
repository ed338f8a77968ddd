"""Writes src/sekisho/fingerprints/boilerplate.bin, the fingerprints of what everybody carries: ``python tools/stop_list.py FOLDER...``.

The texts of ``notices.txt`` and of the files in the folders: licences as SPDX lists them (``licenseText`` of a ``.json`` file) and plain text. The
list that is shipped was made from /usr/share/common-licenses of Debian, those of the npm package spdx-license-list that are named in ``LICENCES``,
and the header and footer (``pg-*.rst``, ``TemplateStrings.py``) of Project Gutenberg's own ebookmaker. Only hashes are kept, of one seed in four.
"""

from __future__ import annotations

import json
import re
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from sekisho.fingerprints import boilerplate
from sekisho.fingerprints.folding import fold
from sekisho.kernels import passages

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "src/sekisho/fingerprints/boilerplate.bin"
LICENCES = re.compile(
    r"(?:Apache-[12]\.[01]|MIT(?:-0|NFA)?|ISC|0BSD|BSD-[1234]-Clause(?:-Clear|-Patent)?|BSL-1\.0|Zlib|Unlicense|WTFPL|X11|NCSA|PostgreSQL"
    r"|[AL]?GPL-[123]\.[01]|GFDL-1\.[123]|MPL-[12]\.[01]|EPL-[12]\.0|CDDL-1\.[01]|EUPL-1\.[12]|Artistic-[12]\.0|OFL-1\.[01]|Python-2\.0|PSF-2\.0"
    r"|CC0-1\.0|CC-BY(?:-NC)?(?:-SA|-ND)?-[1234]\.[05]|CC-BY-SA-2\.1-JP|ODbL-1\.0|ODC-By-1\.0|PDDL-1\.0|OGL-UK-[123]\.0|CDLA-\w+-[12]\.0"
    r"|MS-[PR]L|OSL-3\.0|AFL-3\.0|SSPL-1\.0|BUSL-1\.1|Elastic-2\.0|W3C|OpenSSL|IPA|MulanPSL-2\.0)"
)
TAG = re.compile(r"<[^<>]{1,200}>")


def texts(folder: Path) -> Iterator[str]:
    """The texts of the files in ``folder``."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        raw = path.read_text("utf-8", "replace")
        if path.suffix != ".json":
            yield TAG.sub(" ", raw)
        elif LICENCES.fullmatch(path.stem):
            yield json.loads(raw)["licenseText"]


def main() -> None:
    sources = [(HERE / "notices.txt").read_text("utf-8"), *(text for name in sys.argv[1:] for text in texts(Path(name)))]
    hashes = np.concatenate([passages.seeds(fold(text).framed, 1) for text in sources])
    kept = np.unique(boilerplate.sampled(hashes))
    TARGET.write_bytes(zlib.compress(np.diff(kept, prepend=np.uint32(0)).astype("<u4").tobytes(), 9))
    print(f"{len(sources)} texts, {len(kept)} hashes, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
