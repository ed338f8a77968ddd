import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from drawings import drawing, encoded

from sekisho.works import Works, scanning
from sekisho.works.registering import PAGES_A_BATCH
from sekisho.works.scanning import BROKE_OFF, Task, looked

REGISTER = [sys.executable, "-m", "sekisho", "register", "--holder", "A", "--terms", "no", "--json", "--workers", "1"]


COUNT = 60


def pictures(folder, count):
    folder.mkdir()
    for seed in range(count):
        (folder / f"p{seed:03}.png").write_bytes(encoded(drawing(seed, (120, 90))))
    return folder


@pytest.fixture
def many(tmp_path):
    """A few dozen pictures."""
    return pictures(tmp_path / "many", COUNT)


def start(store, *paths) -> subprocess.Popen:
    return subprocess.Popen([*REGISTER, "--works", store, *map(str, paths)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def told_by(process: subprocess.Popen) -> list[dict]:
    return [json.loads(line) for line in process.stdout if line.endswith("\n")]


def test_nothing_that_was_acknowledged_is_lost_by_a_kill(store, tmp_path):
    crowd = pictures(tmp_path / "crowd", PAGES_A_BATCH + 100)
    process = start(store, crowd)
    first = json.loads(process.stdout.readline())
    os.kill(process.pid, signal.SIGKILL)
    acknowledged = [first, *told_by(process)]
    process.wait()
    process.stdout.close()
    assert len(acknowledged) < len(list(crowd.iterdir()))
    works = Works.open(store)
    assert all(works.files(one["work"]) for one in acknowledged)
    again = works.register(crowd, holder="A", terms="no")
    assert {one["path"] for one in acknowledged} <= {one.path for one in again if one.already}
    assert not any(one.refused for one in again)
    assert all(works.match(crowd / f"p{place:03}.png") for place in (0, 200, 355))


def test_two_processes_register_at_once(store, many):
    pair = [start(store, many) for _ in range(2)]
    told = [told_by(process) for process in pair]
    assert [process.wait() for process in pair] == [0, 0]
    for process in pair:
        process.stdout.close()
    assert [len(lines) for lines in told] == [COUNT, COUNT]
    works = Works.open(store)
    assert sum(1 for _ in works.all()) == COUNT
    assert all(len(works.files(line["work"])) == 1 for line in told[0])
    assert all(len(matches) == 1 for matches in works.match_many(sorted(many.iterdir())[:20]))


def test_a_server_that_restarts_under_load_loses_nothing(postgresql, many, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    works = Works.open(postgresql.new_database())
    told = []

    def restart():
        time.sleep(0.5)
        postgresql.stop("immediate")
        time.sleep(1.0)
        postgresql.start()

    restarting = threading.Thread(target=restart)
    restarting.start()
    for place in range(COUNT):
        told += works.register(many / f"p{place:03}.png", holder="A", terms="no")
    restarting.join()
    assert len(told) == COUNT
    assert not any(one.refused for one in told)
    assert all(works.files(one.work) for one in told)


def test_one_bad_file_stops_nothing(store, many):
    (many / "p050.png").write_bytes(b"\x89PNG\r\n\x1a\n cut off")
    (many / "p051.png").write_bytes(b"")
    (many / "round").symlink_to(many)
    told = Works.open(store).register(many, holder="A")
    assert len(told) == COUNT
    assert sorted(one.path[-8:] for one in told if one.refused) == ["p050.png", "p051.png"]


def dies_on_some(target, task):
    """Stands in for a reader that a hostile file takes down."""
    if "050" in task.path.name:
        os.kill(os.getpid(), signal.SIGKILL)
    return scanning.look(task, scanning.store_at(target))


def test_a_file_that_takes_its_process_down_is_refused_and_the_others_go_on(tmp_path, many, monkeypatch):
    monkeypatch.setattr(scanning, "look_from", dies_on_some)
    works = Works.open(tmp_path / "store")
    tasks = [Task(path) for path in sorted(many.iterdir())[44:56]]
    found = list(looked(tasks, works.store, 2))
    assert [one.path for one in found] == [task.path for task in tasks]
    assert [one.path.name for one in found if one.pages[0].refused == BROKE_OFF] == ["p050.png"]


def test_half_a_segment_is_never_read(store, many):
    works = Works.open(store)
    works.register(many, holder="A")
    works.match(many / "p000.png")
    folder = works.store.index_folder / "image-1"
    (folder / ".0123456789").mkdir()
    [whole] = [path for path in folder.iterdir() if path.name[0] != "."]
    assert whole.name.startswith("1-")
    assert Works.open(store).match(many / "p001.png")


@pytest.mark.parametrize("harm", ["cut", "gone"])
def test_damaged_search_files_are_built_anew(store, many, harm):
    works = Works.open(store)
    works.register(many, holder="A")
    works.match(many / "p000.png")
    for path in works.store.index_folder.glob("*/1-*/*.npy"):
        path.unlink() if harm == "gone" else path.write_bytes(path.read_bytes()[:100])
    assert Works.open(store).match(many / "p001.png")
