"""Data where people have it: WARC, WebDataset tar, folders of files, Arrow files, Croissant pointers; and broken ones."""

from __future__ import annotations

import gzip
import io
import json
import pickle
import tarfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from worlds import WORLD, all_rows, clear, sekisho, warc

from sekisho.errors import InputError

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
)
PAGES = [
    *WORLD,
    ("http://open.example/page", 200, {"Content-Type": "text/html"}, b"<!doctype html><p>hello"),
    ("https://no.example/page", 200, {"Content-Type": "text/html"}, b"<!doctype html><p>hello"),
    ("http://open.example/closed", 403, {"Content-Type": "text/html"}, b"<!doctype html><p>no"),
]


def by_url(out):
    return {row["url"]: row for row in all_rows(out)}


def test_a_warc_is_a_data_set_and_brings_its_own_robots_records(tmp_path):
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(warc(PAGES))
    clear(path, tmp_path / "out", "--jurisdiction", "JP")
    found = by_url(tmp_path / "out")
    assert found["http://open.example/page"]["sekisho_verdict"] == "allow"
    assert found["https://no.example/page"]["sekisho_verdict"] == "deny"
    assert "read-the-file" not in found["http://open.example/page"]["sekisho_conditions"]


def test_a_refused_answer_in_a_warc_is_no_lawful_access(tmp_path):
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(warc(PAGES))
    clear(path, tmp_path / "out", "--jurisdiction", "EU", "--policy", "law")
    found = by_url(tmp_path / "out")
    assert (found["http://open.example/closed"]["sekisho_verdict"], found["http://open.example/closed"]["sekisho_reason"]) == (
        "licence",
        "EU-02",
    )


def test_a_warc_that_breaks_off_keeps_what_stands_before_and_says_where(tmp_path):
    path = tmp_path / "crawl.warc.gz"
    whole = warc(PAGES)
    path.write_bytes(whole[:-40])
    clear(path, tmp_path / "out", "--jurisdiction", "JP")
    found = all_rows(tmp_path / "out")
    assert {row["url"]: row["sekisho_verdict"] for row in found}["http://open.example/page"] == "allow"
    assert len(found) >= len(PAGES) - 1


def tar(path, members):
    with tarfile.open(path, "w") as archive:
        for name, body in members:
            info = tarfile.TarInfo(name)
            info.size = len(body)
            archive.addfile(info, io.BytesIO(body))


def test_a_webdataset_tar_takes_addresses_from_its_json_and_reads_its_files(tmp_path, world):
    path = tmp_path / "00000.tar"
    told = [json.dumps({"url": url, "caption": "x"}).encode() for url in ("http://open.example/a.png", "https://no.example/b.png")]
    tar(path, [("000.json", told[0]), ("000.png", PNG), ("001.json", told[1]), ("001.png", PNG), ("002.png", PNG), ("003.json", b"{")])
    clear(path, tmp_path / "out", "--observed", world, "--jurisdiction", "JP")
    found = {row["key"]: row for row in all_rows(tmp_path / "out")}
    assert [found[key]["sekisho_verdict"] for key in ("000", "001", "002", "003")] == ["allow", "deny", "allow", "unknown"]
    assert found["000"]["media"] == "image/png"
    assert len(found["000"]["digest"]) == 64


def test_path_tricks_and_links_in_a_tar_stay_names(tmp_path, world):
    path = tmp_path / "tricks.tar"
    with tarfile.open(path, "w") as archive:
        for name in ("../../escape.png", "/etc/passwd.png"):
            info = tarfile.TarInfo(name)
            info.size = len(PNG)
            archive.addfile(info, io.BytesIO(PNG))
        link = tarfile.TarInfo("link.png")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    clear(path, tmp_path / "out", "--observed", world)
    assert not (tmp_path.parent / "escape.png").exists()
    assert [row["sekisho_reason"] for row in all_rows(tmp_path / "out")][2].startswith("unreadable row: not a file")


def test_a_tar_cut_short_keeps_the_samples_before(tmp_path, world):
    path = tmp_path / "cut.tar"
    tar(path, [(f"{i:03d}.png", PNG * 50) for i in range(10)])
    path.write_bytes(path.read_bytes()[:9_000])
    clear(path, tmp_path / "out", "--observed", world, "--jurisdiction", "JP")
    found = all_rows(tmp_path / "out")
    assert found[0]["sekisho_verdict"] == "allow"
    assert "breaks off" in found[-1]["sekisho_reason"]


def test_a_folder_of_files_is_judged_file_by_file_whatever_their_names(tmp_path):
    data = tmp_path / "data"
    (data / "sub").mkdir(parents=True)
    (data / "a.png").write_bytes(PNG)
    (data / "sub" / "b.txt").write_text("hello")
    (data / "empty.png").write_bytes(b"")
    (data / "link.png").symlink_to("/etc/passwd")
    (tmp_path / "data" / bytes("絵.png", "cp932").decode("utf-8", "surrogateescape")).write_bytes(PNG)
    clear(data, tmp_path / "out", "--jurisdiction", "JP")
    found = {row["locator"]: row for row in all_rows(tmp_path / "out")}
    assert found["a.png"]["sekisho_verdict"] == "allow"
    assert found["絵.png"]["sekisho_verdict"] == "allow"
    assert "link" in found["link.png"]["sekisho_reason"]
    assert found["sub/b.txt"]["sekisho_conditions"] == []


def test_a_hugging_face_folder_of_arrow_files_is_one_data_set(tmp_path, world):
    data = tmp_path / "data"
    data.mkdir()
    table = pa.table({"image_url": ["http://open.example/1", "https://no.example/2"], "n": [1, 2]})
    with pa.OSFile(str(data / "data-00000-of-00001.arrow"), "wb") as sink, pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    (data / "dataset_info.json").write_text("{}")
    clear(data, tmp_path / "out", "--observed", world)
    assert [row["sekisho_verdict"] for row in all_rows(tmp_path / "out")] == ["allow", "deny"]


def test_a_croissant_file_points_to_its_files_and_to_nothing_outside(tmp_path, rows, world):
    data = tmp_path / "data"
    data.mkdir()
    rows.rename(data / "rows.parquet")
    pointer = data / "croissant.json"
    pointer.write_text(json.dumps({"distribution": [{"@type": "cr:FileObject", "contentUrl": "rows.parquet"}]}))
    assert clear(pointer, tmp_path / "out", "--observed", world)["rows"] == 10
    assert clear(data, tmp_path / "out2", "--observed", world)["rows"] == 10
    for bad in ("../rows.parquet", "/etc/passwd", "https://elsewhere.example/x.parquet", "gone.parquet"):
        pointer.write_text(json.dumps({"distribution": [{"@type": "cr:FileObject", "contentUrl": bad}]}))
        done = sekisho("clear", pointer, tmp_path / "bad", "--observed", world)
        assert done.returncode == 2
        assert bad in done.stderr


def test_authors_long_dead_make_a_row_free_country_by_country(tmp_path, world):
    path = tmp_path / "books.parquet"
    pq.write_table(
        pa.table({"url": ["http://open.example/1"] * 3, "death_year": ["1948", "1970", "185X"], "first_publication": ["1948", "1956", ""]}),
        path,
    )
    clear(path, tmp_path / "out", "--observed", world, "--policy", "consent", "--jurisdiction", "JP,US")
    assert [(row["sekisho_JP"], row["sekisho_US"]) for row in all_rows(tmp_path / "out")][:2] == [
        ("allow", "licence"),
        ("licence", "licence"),
    ]


@pytest.mark.parametrize("name", ["a.docx", "b"])
def test_what_is_no_data_set_is_refused_with_the_known_formats(tmp_path, name):
    (tmp_path / name).write_bytes(b"x")
    done = sekisho("clear", tmp_path / name, tmp_path / "out")
    assert done.returncode == 2
    assert "parquet" in done.stderr


def test_mixed_schemas_in_one_folder_each_keep_their_columns(tmp_path, world):
    data = tmp_path / "data"
    data.mkdir()
    pq.write_table(pa.table({"url": ["http://open.example/1"], "a": [1]}), data / "1.parquet")
    pq.write_table(pa.table({"b": ["x"], "URL": ["http://open.example/2"]}), data / "2.parquet")
    (data / "3.csv").write_text("url,c\nhttp://open.example/3,z\n")
    assert clear(data, tmp_path / "out", "--observed", world)["kept"] == 3
    assert pq.read_schema(tmp_path / "out" / "kept" / "00001-00000.parquet").names[:2] == ["b", "URL"]


def test_licence_columns_count_by_purpose_and_do_not_lift_reservations(tmp_path, world):
    path = tmp_path / "books.parquet"
    licences = ["CC-BY-4.0", "https://creativecommons.org/licenses/by-nc/4.0/", "CC0-1.0", "who knows", None]
    urls = [*(f"http://open.example/{i}" for i in range(5)), "https://no.example/5"]
    pq.write_table(pa.table({"url": urls, "license": [*licences, "CC-BY-4.0"]}), path)
    for purpose, wanted in (("commercial", ["allow", "licence", "allow"]), ("noncommercial", ["allow", "allow", "allow"])):
        out = tmp_path / purpose
        clear(path, out, "--observed", world, "--policy", "consent", "--jurisdiction", "AU", "--purpose", purpose)
        found = all_rows(out)
        assert [row["sekisho_verdict"] for row in found][:3] == wanted
        assert all(row["sekisho_verdict"] != "allow" for row in found[3:])
    assert "attribution" in all_rows(out)[0]["sekisho_conditions"]
    run = json.loads((out / "run.json").read_text())
    assert run["declared"] == {str(path): {"licence_covers": {"licence": "license"}}}


def test_a_record_that_declares_more_than_it_holds_is_not_allowed(tmp_path):
    path = tmp_path / "crawl.warc.gz"
    record = ("http://open.example/page", 200, {"Content-Type": "text/html"}, b"<!doctype html><p>hello")
    raw = gzip.decompress(warc([record]))
    length = raw[raw.index(b"Content-Length: ") + 16 :].split(b"\r\n")[0]
    path.write_bytes(warc(WORLD[:1]) + gzip.compress(raw.replace(b"Content-Length: " + length, b"Content-Length: 90000", 1)))
    clear(path, tmp_path / "out", "--jurisdiction", "JP")
    assert [row["sekisho_verdict"] for row in all_rows(tmp_path / "out") if row["url"] == "http://open.example/page"] != ["allow"]


def test_a_broken_encoding_in_one_answer_costs_no_other(tmp_path):
    path = tmp_path / "crawl.warc.gz"
    broken = ("http://open.example/broken", 200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, b"\x1f\x8b\x08 not gzip at all")
    path.write_bytes(warc([WORLD[0], broken, PAGES[-3]]))
    clear(path, tmp_path / "out", "--jurisdiction", "JP")
    assert by_url(tmp_path / "out")["http://open.example/page"]["sekisho_verdict"] == "allow"


def test_a_run_without_a_readable_row_still_ends_in_a_report(tmp_path, world):
    path = tmp_path / "rows.csv"
    path.write_text("url\nnot a url\n")
    assert clear(path, tmp_path / "out", "--observed", world)["kept"] == 0
    assert (tmp_path / "out" / "report.html").exists()


def test_errors_cross_from_workers_whole():
    error = pickle.loads(pickle.dumps(InputError("what", "何が")))
    assert (type(error), error.en, error.ja) == (InputError, "what", "何が")


FINEWEB = {
    "id": "<urn:uuid:1>",
    "dump": "CC-MAIN-2025-05",
    "date": "2025-01-17T05:11:21Z",
    "file_path": "s3://x/y.warc.gz",
    "language": "en",
}
TEXT_SETS = {
    "fineweb": lambda url: {"text": "words", **FINEWEB, "url": url, "language_score": 0.9, "token_count": 2},
    "mc4": lambda url: {"text": "words", "timestamp": "2019-04-25T12:57:54Z", "url": url},
    "dolma": lambda url: {
        "id": url[-1],
        "text": "words",
        "source": "common-crawl",
        "added": "2023-04-11T09:57:03.044571+00:00",
        "metadata": {"url": url, "length": 5},
    },
    "redpajama": lambda url: {"text": "words", "meta": {"source": "c4", "url": url}},
}


@pytest.mark.parametrize("name", TEXT_SETS)
@pytest.mark.parametrize("suffix", [".jsonl.gz", ".parquet"])
def test_text_data_sets_are_read_with_the_columns_they_are_published_with(tmp_path, world, name, suffix):
    rows = [TEXT_SETS[name](url) for url in ("http://open.example/1", "https://no.example/2")]
    path = tmp_path / f"{name}{suffix}"
    if suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    else:
        path.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode()))
    clear(path, tmp_path / "out", "--observed", world, "--jurisdiction", "JP", "--keys", tmp_path / "keys")
    found = all_rows(tmp_path / "out")
    assert [row["sekisho_verdict"] for row in found] == ["allow", "deny"]
    assert [row["text"] for row in found] == ["words", "words"]
    assert json.loads(sekisho("explain", tmp_path / "out", "https://no.example/2", "--json").stdout)["row"]["sekisho_verdict"] == "deny"


def test_a_field_of_a_record_is_named_with_a_dot(tmp_path, world):
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps({"page": {"where": "https://no.example/2"}}) + "\n")
    clear(path, tmp_path / "out", "--observed", world, "--jurisdiction", "JP", "--url-column", "page.where")
    assert [row["sekisho_verdict"] for row in all_rows(tmp_path / "out")] == ["deny"]
