"""Data sets that lie, break off or attack: clear answers, bounded time and memory, nothing vanishes and nothing unread is allowed."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import random
import subprocess
import sys
import tarfile
import time
import zlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from worlds import WORLD, all_rows, clear, sekisho, warc

from sekisho import datasets

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
)
SHIFT_JIS = "表紙絵.png".encode("cp932").decode("utf-8", "surrogateescape")


def read(name, path):
    part = datasets.formats()[name]
    return [batch for piece in part.pieces(path) for batch in part.read(path, piece)]


def record(url, http, length=None, kind="response"):
    size = len(http) if length is None else length
    head = f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-03-01T00:00:00Z\r\n"
    head += f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\nContent-Type: application/http\r\nContent-Length: {size}\r\n\r\n"
    return head.encode() + http + b"\r\n\r\n"


PEAK = "next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM'))"
"""The peak of a process's memory in kB; ru_maxrss would count what started it, too."""
needs_proc = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc here to read the peak of memory from")


def answer(body, *headers):
    return "\r\n".join(["HTTP/1.1 200 OK", "Content-Type: text/html", *headers, "", ""]).encode() + body


def cleared(tmp_path, world, path, *words):
    clear(path, tmp_path / "out", "--observed", world, "--jurisdiction", "JP", *words)
    return all_rows(tmp_path / "out")


@pytest.mark.parametrize("length", [0, 3, 10**6, 10**15, -5], ids=str)
def test_a_warc_record_with_a_wrong_length_never_becomes_an_allow_of_what_was_not_read(tmp_path, world, length):
    good = record("http://open.example/good", answer(b"<p>good"))
    (tmp_path / "a.warc").write_bytes(good + record("http://open.example/bad", answer(b"<p>bad"), length) + good)
    found = cleared(tmp_path, world, tmp_path / "a.warc")
    assert found[0]["sekisho_verdict"] == "allow"
    assert all(row["sekisho_verdict"] != "allow" for row in found if row["url"] == "http://open.example/bad")


def test_nested_encodings_are_undone_and_a_reservation_inside_is_heard(tmp_path, world):
    page = b'<!doctype html><head><meta name="robots" content="noai"></head><p>x'
    nested = answer(gzip.compress(gzip.compress(page)), "Content-Encoding: gzip, gzip")
    chunked = answer(b"%x\r\n%b\r\n0\r\n\r\n" % (len(page), page), "Transfer-Encoding: chunked")
    broken = answer(b"\x1f\x8bnot gzip at all", "Content-Encoding: gzip")
    cases = {"nested": nested, "chunked": chunked, "broken": broken, "after": answer(b"<p>x")}
    records = [record(f"http://open.example/{name}", http) for name, http in cases.items()]
    (tmp_path / "a.warc").write_bytes(b"".join(records))
    found = {row["url"].rpartition("/")[2]: row["sekisho_verdict"] for row in cleared(tmp_path, world, tmp_path / "a.warc")}
    assert found == {"nested": "deny", "chunked": "deny", "broken": "unknown", "after": "allow"}


@needs_proc
def test_a_page_that_unpacks_to_a_gigabyte_stays_bounded_and_what_follows_is_read(tmp_path, world):
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join([*(packer.compress(bytes(1 << 20)) for _ in range(1_000)), packer.flush()])
    after = record("http://open.example/after", answer(b"<p>x"))
    (tmp_path / "a.warc").write_bytes(record("http://open.example/bomb", answer(bomb, "Content-Encoding: gzip")) + after)
    program = (
        "import sys; from pathlib import Path; from sekisho.datasets import warc; rows = list(warc.read(Path(sys.argv[1]), None));"
        f"print(sum(batch.table.num_rows for batch in rows), {PEAK})"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path / "a.warc")], capture_output=True, text=True, check=True)
    rows, kilobytes = map(int, done.stdout.split())
    assert rows == 2
    assert kilobytes < 500_000
    assert [row["sekisho_verdict"] for row in cleared(tmp_path, world, tmp_path / "a.warc")] == ["unknown", "allow"]


def tar(path, members, mode="w"):
    with tarfile.open(path, mode) as archive:
        for name, body in members:
            info = tarfile.TarInfo(name)
            info.size = len(body)
            archive.addfile(info, io.BytesIO(body))


def test_a_sample_without_its_picture_stays_a_row_and_asks_for_the_file(tmp_path, world):
    tar(tmp_path / "a.tar", [("1.json", b'{"url": "http://open.example/1"}'), ("2.png", PNG), ("3.txt", b"a caption alone")])
    found = {row["key"]: row for row in cleared(tmp_path, world, tmp_path / "a.tar")}
    assert (found["1"]["sekisho_verdict"], "read-the-file" in found["1"]["sekisho_conditions"]) == ("allow", True)
    assert found["2"]["media"] == "image/png"
    assert set(found) == {"1", "2", "3"}


def test_keys_that_come_twice_in_a_tar_are_two_rows(tmp_path, world):
    tar(tmp_path / "a.tar", [("1.png", PNG), ("2.png", PNG), ("1.png", PNG)])
    assert [row["key"] for row in cleared(tmp_path, world, tmp_path / "a.tar")] == ["1", "2", "1"]


def test_a_tar_that_is_garbage_in_the_middle_says_where_instead_of_ending(tmp_path, world):
    tar(tmp_path / "a.tar", [(f"{number}.png", PNG) for number in range(4)])
    raw = bytearray((tmp_path / "a.tar").read_bytes())
    raw[2 * 1024 : 2 * 1024 + 512] = b"\xff" * 512
    (tmp_path / "a.tar").write_bytes(raw)
    found = cleared(tmp_path, world, tmp_path / "a.tar")
    assert [row["key"] for row in found][:2] == ["0", "1"]
    assert "breaks off after 1" in found[-1]["sekisho_reason"]


def test_a_tar_whose_end_is_missing_says_so(tmp_path, world):
    tar(tmp_path / "a.tar", [(f"{number}.png", PNG) for number in range(4)])
    (tmp_path / "a.tar").write_bytes((tmp_path / "a.tar").read_bytes()[: 2 * 1024])
    found = cleared(tmp_path, world, tmp_path / "a.tar")
    assert [row["key"] for row in found] == ["0", "1", "1"]
    assert "no end mark" in found[-1]["sekisho_reason"]


PACKERS = {"gz": gzip.compress, "bz2": bz2.compress, "zst": lambda raw: pa.compress(raw, "zstd", asbytes=True)}


@pytest.mark.parametrize("packed", PACKERS)
def test_packed_tars_are_read_and_broken_ones_break_off(tmp_path, world, packed):
    tar(tmp_path / "plain.tar", [(f"{number}.png", PNG + random.Random(number).randbytes(4_000)) for number in range(50)])
    path = tmp_path / f"a.tar.{packed}"
    whole = PACKERS[packed]((tmp_path / "plain.tar").read_bytes())
    path.write_bytes(whole)
    assert sum(batch.table.num_rows for batch in read("webdataset", path)) == 50
    path.write_bytes(whole[: len(whole) // 2])
    found = cleared(tmp_path, world, path)
    assert "breaks off" in found[-1]["sekisho_reason"]


def test_a_name_of_a_gigabyte_in_a_tar_is_not_read(tmp_path):
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 1 << 30
    (tmp_path / "a.tar.gz").write_bytes(gzip.compress(info.tobuf() + bytes(64 << 20)))
    started = time.monotonic()
    (batch,) = read("webdataset", tmp_path / "a.tar.gz")
    assert "longer than 1 MiB" in batch.unreadable[0]
    assert time.monotonic() - started < 5


def test_names_in_shift_jis_are_read_wherever_they_stand(tmp_path, world):
    tar(tmp_path / "a.tar", [(SHIFT_JIS, PNG)])
    assert [row["locator"] for row in cleared(tmp_path, world, tmp_path / "a.tar")] == ["表紙絵.png"]
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / SHIFT_JIS).write_bytes(PNG)
    clear(folder, tmp_path / "folders", "--jurisdiction", "JP")
    assert [row["locator"] for row in all_rows(tmp_path / "folders")] == ["表紙絵.png"]


@pytest.mark.parametrize("whole", [True, False], ids=["whole", "broken"])
def test_a_data_file_named_in_shift_jis_is_read_reported_and_explained(tmp_path, world, whole):
    data = tmp_path / "data"
    data.mkdir()
    pq.write_table(pa.table({"url": ["http://open.example/1"]}), data / "a.parquet")
    strange = data / "表.parquet".encode("cp932").decode("utf-8", "surrogateescape")
    strange.write_bytes((data / "a.parquet").read_bytes()[: None if whole else -9])
    answered = clear(data, tmp_path / "out", "--observed", world, "--jurisdiction", "JP")
    assert (answered["rows"], answered["kept"]) == (2, 2 if whole else 1)
    assert sekisho("explain", tmp_path / "out", "1:0").returncode == 0
    assert sekisho("report", tmp_path / "out", "html", "-o", tmp_path / "r.html").returncode == 0
    gone = sekisho("clear", strange.with_suffix(".gone.parquet"), tmp_path / "other")
    assert (gone.returncode, "Traceback" in gone.stderr) == (2, False)


def test_columns_that_share_a_name_or_change_their_type_between_files_stay_apart(tmp_path, world):
    data = tmp_path / "data"
    data.mkdir()
    pq.write_table(pa.table({"url": ["http://open.example/1"], "n": [1]}), data / "1.parquet")
    pq.write_table(pa.table({"n": ["one"], "url": ["http://open.example/2"]}), data / "2.parquet")
    twice = pa.table([pa.array(["http://open.example/3"]), pa.array([1]), pa.array([2])], names=["url", "n", "n"])
    pq.write_table(twice, data / "3.parquet")
    (data / "4.jsonl").write_text('{"url": "http://open.example/4", "n": {"deep": [1]}}\n{"url": "http://open.example/5", "n": 7}\n')
    assert clear(data, tmp_path / "out", "--observed", world, "--jurisdiction", "JP")["kept"] == 5
    found = pq.ParquetFile(tmp_path / "out" / "kept" / "00002-00000.parquet").read()
    assert found.column_names[:3] == ["url", "n", "n"]
    assert found.column(2).to_pylist() == [2]


def test_a_file_without_a_column_of_urls_costs_only_itself(tmp_path, world):
    data = tmp_path / "data"
    data.mkdir()
    pq.write_table(pa.table({"url": ["http://open.example/1"]}), data / "1.parquet")
    pq.write_table(pa.table({"caption": ["x", "y"]}), data / "2.parquet")
    answered = clear(data, tmp_path / "out", "--observed", world, "--jurisdiction", "JP")
    assert answered["kept"] == 1
    assert any("caption" in problem and "2.parquet" in problem for problem in answered["problems"])


def test_an_arrow_stream_that_lost_its_end_says_so(tmp_path, world):
    table = pa.table({"url": ["http://open.example/1", "http://open.example/2"]})
    with pa.OSFile(str(tmp_path / "a.arrow"), "wb") as sink, pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table, max_chunksize=1)
    (tmp_path / "a.arrow").write_bytes((tmp_path / "a.arrow").read_bytes()[:-8])
    found = cleared(tmp_path, world, tmp_path / "a.arrow")
    assert [row["sekisho_verdict"] for row in found] == ["allow", "allow", "unknown"]
    assert "breaks off after row 2" in found[-1]["sekisho_reason"]


def test_an_arrow_file_that_points_outside_itself_is_refused_not_followed(tmp_path, world):
    table = pa.table({"url": ["http://open.example/1", "http://open.example/2"]})
    path = tmp_path / "a.arrow"
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    raw = path.read_bytes()
    offsets = (0).to_bytes(4, "little") + (21).to_bytes(4, "little") + (42).to_bytes(4, "little")
    assert raw.count(offsets) == 1
    path.write_bytes(raw.replace(offsets, (0).to_bytes(4, "little") + (2**30).to_bytes(4, "little") + (2**31 - 1).to_bytes(4, "little")))
    assert all(row["sekisho_verdict"] == "unknown" for row in cleared(tmp_path, world, path))


def test_lines_of_many_megabytes_come_in_small_batches(tmp_path):
    line = json.dumps({"url": "http://open.example/1", "text": "x" * (8 << 20)}) + "\n"
    (tmp_path / "a.jsonl").write_text(line * 24)
    sizes = [batch.table.num_rows for batch in read("jsonl", tmp_path / "a.jsonl")]
    assert sum(sizes) == 24
    assert max(sizes) <= 9


def test_a_key_for_every_line_is_refused_in_good_time(tmp_path):
    (tmp_path / "a.jsonl").write_text("".join(json.dumps({"url": "http://open.example/1", f"k{n}": n}) + "\n" for n in range(70_000)))
    started = time.monotonic()
    done = sekisho("clear", tmp_path / "a.jsonl", tmp_path / "out")
    assert (done.returncode, "4096" in done.stderr) == (2, True)
    (tmp_path / "a.csv").write_text(",".join(f"c{n}" for n in range(70_000)) + "\n")
    assert "4096" in sekisho("clear", tmp_path / "a.csv", tmp_path / "out").stderr
    assert time.monotonic() - started < 60


def test_broken_lines_by_the_thousand_are_one_line_of_the_count(tmp_path, world):
    (tmp_path / "a.jsonl").write_text('{"url": "http://open.example/1"}\n' + "{\n" * 5_000)
    answered = clear(tmp_path / "a.jsonl", tmp_path / "out", "--observed", world, "--jurisdiction", "JP")
    assert answered["counts"]["reason"] == {"JP-13": 1, "unreadable row": 5_000}
    assert (tmp_path / "out" / "run.json").stat().st_size < 20_000


@needs_proc
def test_a_folder_of_many_files_takes_little_time_and_memory(tmp_path):
    data = tmp_path / "data"
    for number in range(5_000):
        folder = data / f"{number // 500:03d}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number:06d}.txt").write_text(f"file {number}")
    program = (
        "import sys, time; from sekisho.cli import main; started = time.process_time(); code = main(sys.argv[1:]);"
        f"print(time.process_time() - started, {PEAK}, file=sys.stderr)"
    )
    words = ["clear", str(data), str(tmp_path / "out"), "--jurisdiction", "JP", "--workers", "1", "--json"]
    done = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, text=True, check=True, timeout=300)
    seconds, kilobytes = map(float, done.stderr.split()[-2:])
    assert json.loads(done.stdout)["rows"] == 5_000
    assert seconds < 60
    assert kilobytes < 600_000


def croissant(tmp_path, entries, **more):
    data = tmp_path / "data"
    data.mkdir(exist_ok=True)
    (data / "croissant.json").write_text(json.dumps({"distribution": entries, **more}))
    return data / "croissant.json"


@pytest.mark.parametrize(
    "outside", ["../a.parquet", "/etc/passwd", "..\\a.parquet", "file:///etc/passwd", "https://x.example/a", "link.parquet"]
)
def test_a_croissant_file_leads_nowhere_but_into_its_own_folder(tmp_path, outside):
    pq.write_table(pa.table({"url": ["http://open.example/1"]}), tmp_path / "a.parquet")
    pointer = croissant(tmp_path, [{"@type": "cr:FileObject", "contentUrl": outside}])
    (pointer.parent / "link.parquet").symlink_to(tmp_path / "a.parquet")
    done = sekisho("clear", pointer, tmp_path / "out")
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert outside in done.stderr


def test_a_croissant_set_of_files_does_not_follow_links_out_of_the_folder(tmp_path, world):
    pq.write_table(pa.table({"url": ["http://open.example/1"]}), tmp_path / "outside.parquet")
    pointer = croissant(tmp_path, [{"@type": "cr:FileSet", "includes": "*.parquet"}])
    pq.write_table(pa.table({"url": ["http://open.example/2"]}), pointer.parent / "in.parquet")
    (pointer.parent / "out.parquet").symlink_to(tmp_path / "outside.parquet")
    assert [row["url"] for row in cleared(tmp_path, world, pointer)] == ["http://open.example/2"]


def test_files_and_sets_of_files_of_a_croissant_file_are_followed_and_what_lies_in_archives_is_left_to_them(tmp_path, world):
    entries = [
        {
            "@type": "cr:FileObject",
            "@id": "archive",
            "name": "archive",
            "contentUrl": "train.parquet",
            "encodingFormat": "application/x-parquet",
        },
        {"@type": "cr:FileSet", "@id": "more", "name": "more", "includes": ["more/*.csv"], "encodingFormat": "text/csv"},
        {"@type": "cr:FileSet", "@id": "in", "name": "in", "containedIn": {"@id": "archive"}, "includes": "*.jpg"},
    ]
    context = {"@context": {"@vocab": "https://schema.org/", "cr": "http://mlcommons.org/croissant/"}, "@type": "sc:Dataset"}
    pointer = croissant(tmp_path, entries, **context)
    pq.write_table(pa.table({"url": ["http://open.example/1"]}), pointer.parent / "train.parquet")
    (pointer.parent / "more").mkdir()
    (pointer.parent / "more" / "a.csv").write_text("url\nhttps://no.example/2\n")
    assert [row["sekisho_verdict"] for row in cleared(tmp_path, world, pointer)] == ["allow", "deny"]


@pytest.mark.parametrize("contained", ["repo", {"@id": "repo"}, [{"@id": "repo"}]])
def test_a_croissant_file_of_a_hub_is_read_from_the_checkout_it_lies_in(tmp_path, world, contained):
    repository = {
        "@type": "cr:FileObject",
        "@id": "repo",
        "name": "repo",
        "contentUrl": "https://hub.example/set",
        "encodingFormat": "git+https",
    }
    tables = {"@type": "cr:FileSet", "@id": "tables", "containedIn": contained, "includes": "default/*/*.parquet"}
    single = {"@type": "cr:FileObject", "@id": "one", "containedIn": contained, "contentUrl": "one.csv", "encodingFormat": "text/csv"}
    pointer = croissant(tmp_path, [repository, tables, single])
    (pointer.parent / "default" / "train").mkdir(parents=True)
    pq.write_table(pa.table({"url": ["http://open.example/1"]}), pointer.parent / "default" / "train" / "0000.parquet")
    (pointer.parent / "one.csv").write_text("url\nhttps://no.example/2\n")
    assert [row["sekisho_verdict"] for row in cleared(tmp_path, world, pointer)] == ["allow", "deny"]


def test_a_croissant_file_with_one_file_need_not_make_a_list_of_it(tmp_path, world):
    pointer = croissant(tmp_path, {"@type": "cr:FileObject", "contentUrl": "one.csv"})
    (pointer.parent / "one.csv").write_text("url\nhttps://no.example/2\n")
    assert [row["sekisho_verdict"] for row in cleared(tmp_path, world, pointer)] == ["deny"]


def test_a_croissant_file_of_nonsense_is_refused(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    for nonsense in (
        b"{",
        b"[]",
        b'{"distribution": 3}',
        b'{"distribution": [3]}',
        b"[" * 100_000,
        b'{"distribution": [{"contentUrl": 5}]}',
        b"\xff",
    ):
        (data / "croissant.json").write_bytes(nonsense)
        done = sekisho("clear", data / "croissant.json", tmp_path / "out")
        assert (done.returncode, "Traceback" in done.stderr) == (2, False), nonsense[:30]


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"
)  # the library leaves its files open
def test_a_warc_written_by_another_library_is_read_record_by_record(tmp_path, world):
    writer = pytest.importorskip("warcio.warcwriter")
    headers = pytest.importorskip("warcio.statusandheaders")
    raw = io.BytesIO()
    archive = writer.WARCWriter(raw, gzip=True)
    archive.write_record(archive.create_warcinfo_record("a.warc.gz", {"software": "x"}))
    for url, status, body in (
        ("http://open.example/a", "200 OK", b"<p>a"),
        ("https://no.example/b", "200 OK", b"<p>b"),
        ("http://open.example/c", "404 Not Found", b""),
    ):
        spoken = headers.StatusAndHeaders(status, [("Content-Type", "text/html")], protocol="HTTP/1.1")
        archive.write_record(archive.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=spoken))
        archive.write_record(archive.create_warc_record(url, "request", payload=io.BytesIO(b"GET / HTTP/1.1\r\n\r\n")))
    (tmp_path / "a.warc.gz").write_bytes(raw.getvalue())
    found = cleared(tmp_path, world, tmp_path / "a.warc.gz")
    assert [(row["url"], row["sekisho_verdict"]) for row in found][:2] == [
        ("http://open.example/a", "allow"),
        ("https://no.example/b", "deny"),
    ]
    assert len(found) == 3


def test_a_warc_next_to_nothing_else_is_one_data_set_with_its_neighbours(tmp_path, world):
    data = tmp_path / "data"
    data.mkdir()
    (data / "a.warc.gz").write_bytes(warc(WORLD))
    (data / "b.csv").write_text("url\nhttp://open.example/z\n")
    assert clear(data, tmp_path / "out", "--observed", world, "--jurisdiction", "JP")["rows"] == len(WORLD) + 1
