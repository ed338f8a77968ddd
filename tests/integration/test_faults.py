"""What happens to a run from outside: kills, folders that go away. ``python tests/kills.py 200`` does many more kills."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import kills
import pytest

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="no /proc here to find workers in")


@pytest.mark.slow
def test_runs_and_workers_killed_at_random_moments_end_in_the_same_bytes():
    assert sum(kills.killed(4).values()) >= 4


def worked(folder, out):
    """A run once it has workers."""
    run = kills.start(folder, out)
    while run.poll() is None and not (kills.workers(run) and list(out.rglob("*.part"))):
        time.sleep(0.01)
    return run


def test_a_worker_that_is_killed_is_told_in_a_sentence(tmp_path):
    kills.data(tmp_path)
    run = worked(tmp_path, tmp_path / "out")
    os.kill(kills.workers(run)[-1], signal.SIGKILL)
    told = run.communicate(timeout=120)[1].decode()
    assert run.returncode == 2
    assert "--resume" in told
    assert "Traceback" not in told


def test_an_output_folder_that_is_removed_is_told_and_nothing_is_called_whole(tmp_path):
    kills.data(tmp_path)
    run = worked(tmp_path, tmp_path / "out")
    shutil.rmtree(tmp_path / "out", ignore_errors=True)
    subprocess.run(["rm", "-rf", str(tmp_path / "out")], check=True)
    told = run.communicate(timeout=120)[1].decode()
    assert run.returncode == 2, told
    assert "Traceback" not in told
    assert not (tmp_path / "out" / "run.json").exists()
