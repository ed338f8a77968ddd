import hashlib
import zipfile
from datetime import UTC, datetime

from sekisho.demo import gathering, seen
from sekisho.demo.seen import Seen

AT = datetime(2026, 8, 30, 10, 4, 41, tzinfo=UTC)
RULES = b"User-agent: *\nDisallow: /\n"
HEAD = "domain,fetched_at,outcome,robots_url,robots_status,robots_sha256,robots_bytes\n"


def answers(tmp_path, line):
    with zipfile.ZipFile(tmp_path / "thing.whl", "w") as archive:
        archive.writestr("data/corpus_manifest.csv", HEAD + line)
    return list(seen.answers(tmp_path / "thing.whl", seen.by_digest([Seen("https://b.example/robots.txt", AT, 200, RULES)])))


def test_an_answer_with_the_digest_of_known_bytes_was_these_bytes(tmp_path):
    digest = hashlib.sha256(RULES).hexdigest()
    found = answers(tmp_path, f"a.example,{AT.isoformat()},scored,https://a.example/robots.txt,200,{digest},{len(RULES)}\n")
    assert found == [Seen("https://a.example/robots.txt", AT, 200, RULES)]


def test_an_answer_of_which_only_the_digest_is_known_cannot_be_read(tmp_path):
    (found,) = answers(tmp_path, f"a.example,{AT.isoformat()},scored,https://a.example/robots.txt,200,{'0' * 64},9\n")
    assert (found.status, found.body, found.failure) == (200, b"", seen.NOT_HELD)


def test_a_missing_robots_txt_was_asked_for_and_is_silent(tmp_path):
    (found,) = answers(tmp_path, f"a.example,{AT.isoformat()},scored,https://a.example/robots.txt,404,,\n")
    assert (found.status, found.failure) == (404, None)


def test_a_refused_home_page_and_an_unreached_one_are_two_things(tmp_path):
    (refused,) = answers(tmp_path, f"a.example,{AT.isoformat()},aborted: homepage returned HTTP 403,,,,\n")
    (unreached,) = answers(tmp_path, f"a.example,{AT.isoformat()},aborted: homepage unreachable: timeout,,,,\n")
    assert (refused.url, refused.status, refused.failure) == ("https://a.example/", 403, None)
    assert (unreached.status, unreached.failure) == (None, "timeout")


def test_rows_are_taken_where_something_answered_on_japanese_hosts_and_one_in_forty_elsewhere():
    heard = gathering.answers_in_hand([Seen("https://a.example/robots.txt", AT, 404, b""), Seen("https://b.example/p", AT, 200, b"x")])
    listed = ["http://a.example/1", "https://b.example/p", "https://c.jp/1", "no address", *(f"https://d.example/{n}" for n in range(81))]
    chosen = [row["url"] for row in gathering.choose([{"url": url} for url in listed], heard)]
    assert chosen == [*listed[:4], "https://d.example/0", "https://d.example/40", "https://d.example/80"]


def test_what_could_not_be_read_is_no_answer_in_hand():
    assert gathering.answers_in_hand([Seen("https://a.example/robots.txt", AT, 200, b"", seen.NOT_HELD)]) == set()
