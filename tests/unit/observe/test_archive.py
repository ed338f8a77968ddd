"""The file a run writes: other tools read it, and a kill at any byte leaves one that can be gone on with."""

import gzip
import io
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

pytest.importorskip("aiohttp", reason="the extra `observe` is not installed")

from hostile_site import hostile_site

from sekisho.errors import InputError, RunError
from sekisho.observe import load
from sekisho.observe.archive import BATCH_RECORDS, Archive
from sekisho.observe.client import Answer

AT = datetime(2026, 11, 22, 8, tzinfo=UTC)
HEADERS = ((b"Content-Type", b"text/plain"), (b"Transfer-Encoding", b"chunked"))


def answer(number, body=b"User-agent: *\nDisallow: /\n"):
    return Answer(f"http://h{number}.test/robots.txt", AT, 200, "OK", HEADERS, body, "127.0.0.1")


def written(path, count=3):
    with Archive(path, {"software": "a test"}) as archive:
        for number in range(count):
            archive.add(answer(number))
        archive.add_failure("http://dead.test/robots.txt", AT, "timeout: no answer in 20 s")
    return path.read_bytes()


@pytest.mark.parametrize("name", ["o.warc.gz", "o.warc"])
def test_warcio_reads_every_record_and_finds_every_digest_right(tmp_path, name):
    archiveiterator = pytest.importorskip("warcio.archiveiterator", reason="warcio is not installed")
    data = written(tmp_path / name)
    kinds, statuses = [], []
    for record in archiveiterator.ArchiveIterator(io.BytesIO(data), check_digests="raise"):
        kinds.append(record.rec_type)
        statuses += [record.http_headers.get_statuscode()] if record.http_headers else []
        body = record.content_stream().read()
        assert record.digest_checker.passed is not False
        assert record.rec_type != "response" or body == b"User-agent: *\nDisallow: /\n"
    assert kinds == ["warcinfo", "response", "response", "response", "metadata"]
    assert statuses == ["200"] * 3


@pytest.mark.parametrize("name", ["o.warc.gz", "o.warc"])
def test_never_asked_asked_and_silent_asked_and_failed_are_three_things(tmp_path, name):
    written(tmp_path / name)
    found = {record.url: record for record in load([tmp_path / name]).records}
    assert "http://never.test/robots.txt" not in found
    assert (found["http://h0.test/robots.txt"].status, found["http://h0.test/robots.txt"].failure) == (200, None)
    assert found["http://dead.test/robots.txt"].failure == "timeout: no answer in 20 s"
    assert found["http://dead.test/robots.txt"].status is None


@pytest.mark.parametrize("name", ["o.warc.gz", "o.warc"])
def test_a_file_cut_at_any_byte_is_cut_back_to_its_last_whole_record_and_gone_on_with(tmp_path, name):
    path = tmp_path / name
    whole = written(path)
    for end in range(0, len(whole), 7):
        path.write_bytes(whole[:end])
        with Archive(path, {}) as archive:
            held = [archive.earlier(f"http://h{number}.test/robots.txt") for number in range(3)]
            for number, earlier in enumerate(held):
                assert earlier is None or archive.read(earlier).body == answer(number).body
                if earlier is None:
                    archive.add(answer(number))
        loaded = load([path])
        assert loaded.problems == []
        assert {f"http://h{number}.test/robots.txt" for number in range(3)} <= {record.url for record in loaded.records}


@pytest.mark.parametrize("content", [b"my thesis", gzip.compress(b"my thesis"), b"PK\x03\x04" + b"x" * 5000])
def test_a_file_that_is_no_warc_is_left_alone(tmp_path, content):
    path = tmp_path / "o.warc.gz"
    path.write_bytes(content)
    with pytest.raises(InputError):
        Archive(path, {})
    assert path.read_bytes() == content


def test_two_runs_do_not_write_one_file(tmp_path):
    with Archive(tmp_path / "o.warc.gz", {}), pytest.raises(RunError):
        Archive(tmp_path / "o.warc.gz", {})


RUN = """
import sys
from hostile_site import loopback
from pathlib import Path
from sekisho.observe.crawl import observe
from sekisho.observe.manners import Manners
from sekisho.observe.visits import Site
sites = [Site(f"http://s{i}-slow.test:{sys.argv[1]}") for i in range(40)]
observe(sites, Path(sys.argv[2]), Manners("a@b.org", pause_s=0, private=True, hosts_at_once=5), look_up=loopback)
"""


def test_a_run_killed_again_and_again_ends_with_everything_once(tmp_path):
    out = tmp_path / "o.warc.gz"
    command = [sys.executable, "-c", RUN]
    environment = {**os.environ, "PYTHONPATH": "tests"}
    with hostile_site() as site:
        for delay in (0.9, 1.3, 1.7):
            process = subprocess.Popen([*command, str(site.port), str(out)], env=environment)
            time.sleep(delay)
            process.send_signal(signal.SIGKILL)
            process.wait()
        subprocess.run([*command, str(site.port), str(out)], env=environment, check=True, timeout=60)
        loaded = load([out])
    assert loaded.problems == []
    assert len(loaded.records) == 40 * 8
    asked = [(host, path) for host, path, _ in site.requests]
    assert len(asked) - len(set(asked)) <= 3 * (BATCH_RECORDS + 5)
