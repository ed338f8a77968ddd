"""``clear --works``: registered works found in pictures, texts and lists of addresses become claims, columns, and words of ``explain``."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tarfile
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from drawings import drawing, encoded
from worlds import all_rows, clear, sekisho

from sekisho.desks.explain import _claim
from sekisho.plan import Options

DIARY = (
    "秋の終りの或る夕方、私は港の見える坂道をひとりで下りて行つた。沖には黒い汽船が一艘、煙も吐かずにとまつてゐる。"
    "坂の途中の古道具屋の店さきに、片方の耳の欠けた木彫りの兎が置いてあつて、通るたびに私の顔を見上げるのであつた。"
)
OLD = (
    "山里の雪は三月になつても消えず、炭焼の翁は朝ごとに戸口の雪を掻きながら、里へ下つた孫娘の便りを待つてゐた。"
    "ある日のこと、一羽の鴉が軒さきに降りて、赤い紐を結んだ小さな文箱を置いて飛び去つたのである。"
)
SHOP = (
    "駅前の喫茶店は昭和の終わりからずっと同じ場所にあって、マスターは毎朝五時に豆を挽く。常連の古書店主は窓際の席で、"
    "届いたばかりの目録に鉛筆で印をつけながら、冷めかけた珈琲を二口で飲みほすのが習わしだった。"
)
OTHER = "会議の議事録は翌週の月曜日までに各部署へ配布され、担当者は内容を確認したうえで修正点を事務局に連絡することになっている。"
WORKS = {
    "diary.txt": ("diary", "港書房", "own", "no", "", DIARY.encode()),
    "old.txt": ("old", "青空", "own", "ask", "翁||著者|1850-1910", OLD.encode()),
    "shop.txt": ("shop", "誰か", "claimed", "no", "", SHOP.encode()),
    "cat.png": ("cat", "絵師", "own", "offer:JPY:100", "", encoded(drawing(1))),
    "bird.png": ("bird", "鳥の絵師", "own", "credit", "", encoded(drawing(5))),
    "dog.png": ("dog", "絵師", "own", "yes", "", encoded(drawing(2))),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("works")
    lines = ["path,work,title,holder,identity,terms,creators,first_published,country,url"]
    for path, (work, holder, identity, terms, creators, body) in WORKS.items():
        (folder / path).write_bytes(body)
        published = "1900" if work == "old" else ""
        lines.append(f"{path},{work},題 {work},{holder},{identity},{terms},{creators},{published},JP,https://holder.jp/{work}")
    (folder / "catalogue.csv").write_text("\n".join(lines), "utf-8")
    done = sekisho("register", "--catalogue", folder / "catalogue.csv", "--works", folder / "store", "--on", "2026-01-05")
    assert done.returncode == 0, done.stderr
    return folder / "store"


def verdicts(out, key="url"):
    return {row[key]: (row["sekisho_verdict"], row["sekisho_works"]) for row in all_rows(out)}


TEXTS = {
    "other": (OTHER, "allow", None),
    "whole": (DIARY, "deny", ["diary"]),
    "part": (OTHER + DIARY[:70] + OTHER, "deny", ["diary"]),
    "free": (OLD, "allow", ["old"]),
    "free part": (OTHER + OLD, "allow", ["old"]),
    "claimed": (SHOP, "unknown", ["shop"]),
    "two": (DIARY + SHOP, "deny", ["diary", "shop"]),
    "short": ("短い。", "allow", None),
}


def lines(names, path, column="text", **more):
    rows = [{column: text, "id": name, **{key: value(name) for key, value in more.items()}} for name, (text, *_) in names.items()]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return path


@pytest.mark.parametrize("column", ["text", "raw_content"])
def test_texts_without_an_address_are_judged_by_the_works_in_them(tmp_path, store, column):
    clear(lines(TEXTS, tmp_path / "dolma.jsonl", column), tmp_path / "out", "--works", store, "--jurisdiction", "JP")
    assert verdicts(tmp_path / "out", "id") == {name: (verdict, works) for name, (_, verdict, works) in TEXTS.items()}


def test_a_passage_is_shown_with_its_place_in_both_texts(tmp_path, store):
    clear(lines(TEXTS, tmp_path / "a.jsonl"), tmp_path / "out", "--works", store)
    rows = {row["id"]: row for row in all_rows(tmp_path / "out")}
    (found,) = rows["part"]["sekisho_matches"]
    assert (found["work"], found["level"], found["by"]) == ("diary", "verbatim", "text-passages-2")
    start, end = map(int, found["item_region"])
    assert rows["part"]["text"][start:end] == DIARY[slice(*map(int, found["work_region"]))]
    assert rows["other"]["sekisho_matches"] is None
    assert {row["sekisho_language"] for row in rows.values()} == {"ja"}


def test_reservations_of_the_site_stay_and_public_domain_lifts_them(tmp_path, store, world):
    rows = lines(TEXTS, tmp_path / "fineweb.jsonl", url=lambda _: "https://no.example/page")
    clear(rows, tmp_path / "out", "--works", store, "--observed", world, "--jurisdiction", "JP")
    found = {row["id"]: (row["sekisho_verdict"], row["sekisho_reason"]) for row in all_rows(tmp_path / "out")}
    assert found["other"] == ("deny", "P-RESERVED")
    assert found["free"] == ("deny", "P-CRAWL")
    assert found["whole"][0] == "deny"


def page(text):
    return f"<!doctype html><html><head><title>t</title></head><body><nav>{OTHER[:10]}</nav><p>{text}</p></body></html>".encode()


def record(url, body, kind):
    http = b"HTTP/1.1 200 OK\r\nContent-Type: " + kind + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    head = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-03-01T00:00:00Z\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def test_pages_and_pictures_of_a_warc_are_matched(tmp_path, store):
    small = io.BytesIO()
    drawing(1).resize((200, 150)).convert("RGB").save(small, "JPEG", quality=60)
    answers = {
        "http://a.example/robots.txt": (b"", b"text/plain"),
        "http://a.example/diary": (page(DIARY), b"text/html"),
        "http://a.example/cat": (small.getvalue(), b"image/jpeg"),
        "http://a.example/dog": (encoded(drawing(2)), b"image/png"),
        "http://a.example/new": (encoded(drawing(3)), b"image/png"),
        "http://a.example/cut": (encoded(drawing(3))[:2000], b"image/png"),
        "http://a.example/song": (b"ID3" + bytes(200), b"audio/mpeg"),
    }
    (tmp_path / "a.warc").write_bytes(b"".join(record(url, *answer) for url, answer in answers.items()))
    clear(tmp_path / "a.warc", tmp_path / "out", "--works", store, "--jurisdiction", "JP")
    found = {url.rpartition("/")[2]: answer for url, answer in verdicts(tmp_path / "out").items()}
    assert found["diary"] == ("deny", ["diary"])
    assert found["cat"] == ("licence", ["cat"])
    assert found["dog"] == ("allow", ["dog"])
    assert found["new"] == ("allow", None)
    assert found["cut"] == ("unknown", None)
    assert found["song"] == ("allow", None)


def test_files_of_a_folder_and_of_a_tar_are_matched(tmp_path, store):
    folder, tar = tmp_path / "files", tmp_path / "a.tar"
    folder.mkdir()
    files = {"a.png": encoded(drawing(1)), "b.txt": DIARY.encode("cp932"), "c.txt": OTHER.encode()}
    with tarfile.open(tar, "w") as made:
        for name, body in files.items():
            (folder / name).write_bytes(body)
            member = tarfile.TarInfo(name)
            member.size = len(body)
            made.addfile(member, io.BytesIO(body))
    for source in (folder, tar):
        out = tmp_path / f"out-{source.name}"
        clear(source, out, "--works", store, "--jurisdiction", "JP")
        found = verdicts(out, "locator")
        assert found["a.png"] == ("licence", ["cat"])
        if source is folder:
            assert found["b.txt"] == ("deny", ["diary"])
            assert found["c.txt"] == ("allow", None)


def test_rows_with_an_address_or_a_digest_alone_are_looked_up(tmp_path, store, world):
    urls = ["https://holder.jp/diary", "https://HOLDER.jp:443/cat", "http://open.example/a"]
    table = {"url": urls, "sha256": [None, None, hashlib.sha256(encoded(drawing(2))).hexdigest()]}
    pq.write_table(pa.table(table), tmp_path / "a.parquet")
    clear(tmp_path / "a.parquet", tmp_path / "out", "--works", store, "--observed", world, "--jurisdiction", "JP")
    rows = all_rows(tmp_path / "out")
    assert [row["sekisho_works"] for row in rows] == [["diary"], ["cat"], ["dog"]]
    assert [row["sekisho_matches"][0]["by"] for row in rows] == ["url", "url", "digest"]
    assert [row["sekisho_verdict"] for row in rows] == ["deny", "licence", "allow"]


def test_terms_of_the_day_of_use_count(tmp_path, store):
    rows = lines({"whole": (DIARY,)}, tmp_path / "a.jsonl")
    for day, verdict in (("2026-01-04", "licence"), ("2026-01-05", "deny")):
        done = sekisho("clear", rows, tmp_path / day, "--works", store, "--jurisdiction", "JP", "--on", day, "--json")
        assert json.loads(done.stdout)["counts"]["verdict"] == {verdict: 1}, done.stderr


def test_a_grant_in_the_users_table_frees_a_work_wherever_it_is_found(tmp_path, store):
    (tmp_path / "grants.csv").write_text("work,fact,value\ndiary,grant,yes\n", "utf-8")
    rows = lines(TEXTS, tmp_path / "a.jsonl")
    clear(rows, tmp_path / "out", "--works", store, "--facts", tmp_path / "grants.csv", "--jurisdiction", "JP")
    found = verdicts(tmp_path / "out", "id")
    assert (found["whole"][0], found["part"][0], found["two"][0]) == ("allow", "allow", "unknown")


def test_a_holder_who_wants_to_be_named_is_named_in_the_credits(tmp_path, store):
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "a.png").write_bytes(encoded(drawing(5)))
    clear(folder, tmp_path / "out", "--works", store, "--jurisdiction", "JP")
    (row,) = all_rows(tmp_path / "out")
    assert (row["sekisho_verdict"], row["sekisho_conditions"]) == ("allow", ["attribution"])
    assert (tmp_path / "out" / "credits.csv").read_text("utf-8").splitlines()[1] == "0:0,題 bird,鳥の絵師,,"


def test_explain_names_holder_terms_and_date_in_both_languages(tmp_path, store):
    clear(lines(TEXTS, tmp_path / "a.jsonl"), tmp_path / "out", "--works", store)
    (row,) = [row for row in all_rows(tmp_path / "out") if row["id"] == "part"]
    en, ja = (sekisho("explain", tmp_path / "out", row["sekisho_id"], "--lang", lang).stdout for lang in ("en", "ja"))
    assert "題 diary" in en
    assert "港書房" in en
    assert "no use for AI" in en
    assert "2026-01-05" in en
    assert "AIへの利用を認めない" in ja
    told = json.loads(sekisho("explain", tmp_path / "out", row["sekisho_id"], "--json").stdout)
    assert told["works"][0]["holder"] == "港書房"


def test_run_json_says_which_works_and_a_replay_agrees(tmp_path, store):
    clear(lines(TEXTS, tmp_path / "a.jsonl"), tmp_path / "out", "--works", store)
    run = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    assert run["matched"] == {"works": 3, "claims": 7}
    assert len(run["works"]) == 64
    assert run["languages"]["ja"]["items"] == {"allow": 4, "deny": 3, "unknown": 1}
    assert sekisho("replay", tmp_path / "out").returncode == 0
    cases = pq.read_table(tmp_path / "out" / "cases.parquet").to_pylist()
    assert sum(case["rows"] for case in cases) == len(TEXTS)
    assert all(case["rows"] for case in cases)
    assert max(len(case["claims"]) for case in cases) == 3


def test_one_worker_and_two_give_the_same_bytes_and_a_changed_store_is_refused(tmp_path, store):
    data = tmp_path / "data"
    data.mkdir()
    for number in range(3):
        lines(TEXTS, data / f"{number}.jsonl")
    own = tmp_path / "store"
    shutil.copytree(store, own)
    for workers in ("1", "2"):
        clear(data, tmp_path / workers, "--works", own, "--workers", workers)
    names = [path.relative_to(tmp_path / "1") for path in (tmp_path / "1").rglob("*.parquet")]
    assert all((tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes() for name in names)
    done = sekisho("works", "terms", "yes", "diary", "--works", own, "--on", "2026-02-01")
    assert done.returncode == 0, done.stderr
    refused = sekisho("clear", data, tmp_path / "1", "--works", own, "--resume", "--on", "2026-11-22")
    assert refused.returncode == 2
    assert "works changed" in refused.stderr
    clear(data, tmp_path / "3", "--works", own)
    causes = json.loads(sekisho("diff", tmp_path / "1", tmp_path / "3", "--json").stdout)["causes"]
    assert causes == ["works"]


def test_a_store_that_is_not_there_is_said(tmp_path):
    rows = lines(TEXTS, tmp_path / "a.jsonl")
    done = sekisho("clear", rows, tmp_path / "out", "--works", tmp_path / "nothing")
    assert done.returncode == 2
    assert "There is no works store" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_password_in_the_address_of_a_store_is_not_written_down(tmp_path):
    options = Options(("JP",), date(2026, 1, 1), works="postgresql://me:secret@host/works")
    assert options.as_json()["works"] == "postgresql://host/works"


def test_explain_tells_the_claim_of_the_item_from_that_of_a_work_in_it():
    item, work = ({"facts": [("use_kind", "train"), ("registry_terms", value)]} for value in ("none", "offer"))
    assert list(_claim(item, [item], "en")) == []
    assert "For the item itself" in next(_claim(item, [item, work], "en"))
    assert next(_claim(work, [item, work], "ja")).startswith("\nその中の登録著作物について（権利者が登録した許諾条件")
