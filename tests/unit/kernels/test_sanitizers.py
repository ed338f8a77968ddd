"""The kernels of the row path stay inside their memory and within what C defines, on random files and addresses."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[2]
KERNELS = TESTS.parent / "src/sekisho/kernels"
FLAGS = [
    "-std=c11",
    "-g",
    "-O1",
    "-shared",
    "-fPIC",
    "-fno-omit-frame-pointer",
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=all",
]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("gcc") is None, reason="no gcc here to build the sanitized kernels with")
def test_the_row_path_runs_under_sanitizers(tmp_path):
    library = tmp_path / "kernels.so"
    subprocess.run(["gcc", *FLAGS, "-o", str(library), *sorted(map(str, KERNELS.glob("*.c"))), "-lm"], check=True)
    runtime = subprocess.run(["gcc", "-print-file-name=libasan.so"], capture_output=True, text=True, check=True).stdout.strip()
    environment = os.environ | {"LD_PRELOAD": runtime, "ASAN_OPTIONS": "detect_leaks=0", "PYTHONPATH": str(TESTS)}
    words = [sys.executable, str(TESTS / "sanitized.py"), str(library), "5000", "10"]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
