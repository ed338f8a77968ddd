"""The compiled loops: plain C without Python's API, built with the package and called through ctypes on whole columns.

Every kernel has a readable twin in Python elsewhere in the package; the twin is the specification, a differential test binds them.
"""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from hashlib import sha256
from pathlib import Path

from sekisho.errors import MissingPartError

SUFFIX = {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")


@cache
def library() -> ctypes.CDLL:
    """The shared library that the build laid beside this file; raises MissingPartError when it was built from other sources than lie here."""
    loaded = ctypes.CDLL(str(Path(__file__).with_name("kernels" + SUFFIX)))
    sources = sorted(Path(__file__).parent.glob("*.[ch]"))
    loaded.sekisho_kernels_sources.restype = ctypes.c_char_p
    built_from = loaded.sekisho_kernels_sources().decode()
    if sources and built_from != sha256(b"".join(path.read_bytes() for path in sources)).hexdigest():
        raise MissingPartError(
            "The compiled kernels were not built from the sources beside them. Build them again: pip install -e . (make does it by itself).",
            "コンパイル済みのカーネルが隣のソースと一致しません。pip install -e . で作り直してください（make なら自動です）。",
        )
    return loaded
