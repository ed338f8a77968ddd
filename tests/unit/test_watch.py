"""A site changes its mind between two looks: what is said of it, and what is not."""

import json

import pytest

pytest.importorskip("aiohttp", reason="the extra `observe` is not installed")

from plain_site import site
from worlds import sekisho

from sekisho.desks.watch import watch
from sekisho.observe.manners import Manners
from sekisho.observe.visits import Site

MANNERS = Manners("a@b.example", pause_s=0, timeout_s=5, private=True)


def looks(tmp_path, before, after, status=200):
    """The changes between a look at the pages ``before`` and one at ``after``."""
    with site() as (server, url):
        server.pages |= before
        first = watch([Site(url)], tmp_path / "w.warc.gz", MANNERS)
        assert first.first
        assert first.changes == ()
        server.pages.clear()
        server.pages |= after
        server.status = status
        return watch([Site(url)], tmp_path / "w.warc.gz", MANNERS).changes


NO = {"/robots.txt": b"User-agent: GPTBot\nUser-agent: CCBot\nDisallow: /\n"}
OPEN = {"/robots.txt": b"User-agent: *\nDisallow:\n"}
LICENSED = {"/": b'<!doctype html><p>By me. <a rel="license" href="https://creativecommons.org/licenses/by/4.0/">CC BY</a>'}


def test_a_no_that_appeared_is_told_once_with_the_crawlers_it_names(tmp_path):
    (change,) = looks(tmp_path, OPEN, NO)
    assert (change.kind, change.appeared, change.protocol) == ("no", True, "robots")
    assert "GPTBot" in change.text.en
    assert "拒否が現れました" in change.text.ja
    assert change.before < change.after


def test_a_no_that_is_gone_is_told(tmp_path):
    assert ("no", False) in [(change.kind, change.appeared) for change in looks(tmp_path, NO, {})]


def test_a_licence_that_vanished_is_told(tmp_path):
    found = looks(tmp_path, LICENSED, {"/": b"<!doctype html><p>By me."})
    assert ("licence", False) in [(change.kind, change.appeared) for change in found]


def test_a_site_that_says_the_same_in_other_words_has_not_changed(tmp_path):
    assert looks(tmp_path, NO, {"/robots.txt": b"# hello\n" + NO["/robots.txt"].lower().replace(b"\n", b"\r\n")}) == ()


def test_a_site_that_is_down_changed_nothing_but_that(tmp_path):
    found = looks(tmp_path, NO, NO, status=503)
    assert [(change.kind, change.appeared) for change in found] == [("readable", False)]


def test_a_no_that_came_while_the_site_was_down_is_not_missed(tmp_path):
    with site() as (server, url):
        for status, pages in ((200, OPEN), (503, OPEN), (200, NO)):
            server.status = status
            server.pages |= pages
            found = watch([Site(url)], tmp_path / "w.warc.gz", MANNERS).changes
    assert {(change.kind, change.appeared) for change in found} == {("readable", True), ("no", True)}


def test_the_command_prints_a_line_for_cron_and_says_by_its_exit_code_whether_anything_changed(tmp_path):
    with site() as (server, url):
        server.pages |= OPEN
        words = ("watch", url, "-o", tmp_path / "w.warc.gz", "--contact", "a@b.example", "--allow-private", "--pause", "0")
        first = sekisho(*words)
        assert first.returncode == 0, first.stderr
        assert " 4 * * * cd " in first.stdout
        server.pages |= NO
        again = sekisho(*words, "--json")
        assert again.returncode == 1
        assert [change["kind"] for change in json.loads(again.stdout)["changes"]] == ["no"]
