"""The differential run on kernels built with sanitizers; started by ``tests/unit/kernels/test_sanitizers.py`` with the sanitizer's library preloaded."""

import ctypes
import sys

from sekisho import kernels

if __name__ == "__main__":
    library, first, worlds = ctypes.CDLL(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    kernels.library = lambda: library

    from differential import differences

    for seed in range(first, first + worlds):
        assert differences(seed, 500) == [], seed
    print(f"{worlds} worlds, nothing found")  # noqa: T201 - a tool
