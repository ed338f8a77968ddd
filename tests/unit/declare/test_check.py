"""``--check``: a real server on the loopback publishes what was declared, or less, or something else."""

import pytest

pytest.importorskip("aiohttp", reason="the extra `observe` is not installed")

from plain_site import site
from worlds import sekisho

from sekisho.declare.check import check
from sekisho.declare.desk import site_files
from sekisho.declare.headers import lines
from sekisho.declare.terms import Answer, Price, Terms
from sekisho.model import Axis
from sekisho.observe.manners import Manners

ALL = (Axis.TRAIN, Axis.TRAIN_NONGEN, Axis.AI_USE, Axis.TDM, Axis.SEARCH)
MANNERS = Manners("rights@aoi.example", pause_s=0, timeout_s=5, private=True)


def terms(site, answer="no", search="yes"):
    uses = dict.fromkeys(ALL[:4], Answer(answer)) | {Axis.SEARCH: Answer(search)}
    price = Price("1200", "JPY", "training") if answer == "offer" else None
    return Terms("Aoi", "rights@aoi.example", "https://aoi.example/licence", site, ("/",), uses, price)


def published(server, said):
    """Put every file of ``said`` in its place."""
    files = {file.path: file.content for file in site_files(said)}
    server.pages |= {path.removeprefix("site"): content.encode() for path, content in files.items() if path.startswith("site/")}
    server.pages["/"] = f"<!doctype html><html><head><title>Aoi</title>{files['html/head.html']}</head><body>Hello</body></html>".encode()
    server.more = lines(said)


@pytest.mark.parametrize(("answer", "search"), [("no", "yes"), ("no", "no"), ("ask", "yes"), ("offer", "yes"), ("yes", "yes")])
def test_a_site_that_says_all_of_it_passes(answer, search):
    with site() as (server, url):
        said = terms(url, answer, search)
        published(server, said)
        assert check(said, url, MANNERS) == []


def test_what_is_not_in_its_place_is_named():
    with site() as (server, url):
        said = terms(url)
        published(server, said)
        del server.pages["/.well-known/tdmrep.json"], server.pages["/trust.txt"]
        server.pages["/robots.txt"] = b"User-agent: *\nDisallow: /private/\n"
        found = check(said, url, MANNERS)
        missing = {one.where for one in found if one.kind == "missing"}
        assert {"site/robots.txt", "site/trust.txt"} <= missing <= {"site/robots.txt", "site/trust.txt", "site/.well-known/tdmrep.json"}


def test_a_site_that_says_otherwise_is_told_so_with_the_words_it_uses():
    with site() as (server, url):
        said = terms(url)
        published(server, said)
        server.pages["/trust.txt"] = b"datatrainingallowed=yes\n"
        found = check(said, url, MANNERS)
        assert [one.kind for one in found if "trust" in one.where and one.kind == "contradicts"]
        assert any("datatrainingallowed=yes" in one.text.en for one in found)


def test_a_site_that_is_down_is_no_site_that_agrees():
    with site() as (_, url):
        pass
    found = check(terms(url), url, MANNERS)
    assert found
    assert {one.kind for one in found} == {"failed"}


def test_a_private_site_is_told_how_to_be_reached():
    with site() as (_, url):
        found = check(terms(url), url, Manners("rights@aoi.example", pause_s=0))
    assert len(found) == 1
    assert all("--allow-private" in text for text in found[0].text)


def test_headers_for_several_servers_are_asked_for_once():
    with site() as (server, url):
        said = terms(url)
        published(server, said)
        server.more = []
        found = [one for one in check(said, url, MANNERS) if "headers/" in one.where]
    assert len(found) == 1
    assert all(name in found[0].where for name in ("nginx.conf", "apache.conf", "Caddyfile"))


def test_the_command_checks_with_the_holder_s_own_address_as_contact(tmp_path):
    path = tmp_path / "terms.toml"
    with site() as (_, url):
        path.write_text(f'[holder]\nname = "Aoi"\nmail = "a@b.example"\n[site]\nurl = "{url}/"\n[terms]\nall_ai = "no"\n')
        done = sekisho("declare", path, "--check", url, "--allow-private", "--pause", "0", "--lang", "ja")
    assert done.returncode == 1, done.stderr
    assert "設置されていません" in done.stdout
