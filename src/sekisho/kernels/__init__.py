"""The compiled loops: plain C without Python's API, built with the package and called through ctypes on whole columns.

Every kernel has a readable twin in Python elsewhere in the package; the twin is the specification, a differential test binds them.
"""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from pathlib import Path

SUFFIX = {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")


@cache
def library() -> ctypes.CDLL:
    """The shared library that the build laid beside this file."""
    return ctypes.CDLL(str(Path(__file__).with_name("kernels" + SUFFIX)))
