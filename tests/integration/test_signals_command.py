"""``sekisho signals`` from end to end: every kind of source, folders, exit codes, both languages."""

import io
import json
import sys
from pathlib import Path

import media_files as files
import pytest
from signed_files import anchors, signed, use

from sekisho.cli import CLEAN, FINDINGS, WRONG, main

KEYS = {
    "protocol", "version", "level", "scope", "axis", "value", "conditions", "offers", "addressee", "authenticated", "evidence", "warnings",
}  # fmt: skip
DENIALS = {
    "robots.txt": b"User-agent: GPTBot\nDisallow: /\n",
    "saved_headers": b"HTTP/1.1 200 OK\r\nX-Robots-Tag: noai\r\n\r\n",
    "page.html": b'<!doctype html><meta name="robots" content="noai">',
    "tdmrep.json": b'[{"location": "/", "tdm-reservation": 1}]',
    "terms.xml": (
        b'<rsl xmlns="https://rslstandard.org/rsl"><content url="/"><license><prohibits type="usage">ai-train</prohibits></license>'
        b"</content></rsl>"
    ),
    "ai.txt": b"User-Agent: *\nDisallow: /\n",
    "trust.txt": b"datatrainingallowed=no\n",
    "p.jpg": files.jpeg(files.DENIAL),
    "p.svg": files.svg(f"<plus:DataMining>{files.VOCABULARY}DMI-PROHIBITED</plus:DataMining>"),
    "signed.jpg": signed(use("notAllowed")),
    "d.pdf": files.pdf(files.DENIAL),
    "b.epub": files.epub(files.opf('<meta property="tdm:reservation">1</meta>')),
    "p.xmp": files.DENIAL,
    "declared.json": b'{"iscc": "ISCC:A", "tdm-reservation": 1}',
}


@pytest.fixture
def say(capsys):
    def say(*words):
        code = main(["signals", *map(str, words)])
        return code, capsys.readouterr().out

    return say


@pytest.fixture
def put(tmp_path):
    def put(name, body):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        return path

    return put


@pytest.mark.parametrize("name", DENIALS)
def test_a_denial_is_found_in_every_kind_of_source_without_being_told_the_kind(name, put, say):
    code, out = say(put(name, DENIALS[name]), "--json")
    found = json.loads(out)
    assert code == FINDINGS
    assert any(one["value"] == "deny" for one in found)
    assert all(one.keys() >= KEYS and one["evidence"].keys() >= {"where", "quote"} for one in found)


@pytest.mark.parametrize(("name", "kind"), [("robots.txt", "robots"), ("saved_headers", "headers"), ("p.jpg", "image"), ("ai.txt", "ai")])
def test_the_kind_can_be_said(name, kind, put, say):
    code, out = say(put("nameless", DENIALS[name]), "--as", kind, "--json")
    assert (code, bool(json.loads(out))) == (FINDINGS, True)


@pytest.mark.parametrize("name", DENIALS)
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_people_read_the_value_the_place_and_the_words(name, lang, put, say):
    code, out = say(put(name, DENIALS[name]), "--lang", lang)
    assert code == FINDINGS
    assert {"en": "deny", "ja": "拒否"}[lang] in out
    assert {"en": "where: ", "ja": "場所: "}[lang] in out


def test_robots_txt_says_what_it_says_of_one_address(put, say):
    path = put("robots.txt", b"User-agent: GPTBot\nDisallow: /art/\n")
    assert say(path, "--url", "https://a.example/art/1")[0] == FINDINGS
    assert say(path, "--url", "https://a.example/text/1")[0] == CLEAN


def test_headers_are_those_of_the_address_given(put, say):
    _, out = say(put("saved", DENIALS["saved_headers"]), "--as", "headers", "--url", "https://a.example/x", "--json")
    assert {one["scope"] for one in json.loads(out)} == {"https://a.example/x"}


def test_a_saved_response_speaks_through_its_headers_and_its_body(put, say):
    body = b"HTTP/1.1 200 OK\r\nTDM-Reservation: 1\r\nContent-Type: image/jpeg\r\n\r\n" + files.jpeg(files.DENIAL)
    _, out = say(put("response", body), "--json")
    assert {"tdmrep", "iptc"} <= {one["protocol"] for one in json.loads(out)}


def test_standard_input_is_read(monkeypatch, say):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(DENIALS["trust.txt"])))
    assert say("-")[0] == FINDINGS


def test_nothing_said_is_clean(put, say):
    code, out = say(put("p.jpg", files.jpeg()))
    assert (code, "No statement found." in out) == (CLEAN, True)


def test_a_restriction_comes_before_what_could_not_be_read(put, say):
    assert say(put("cut.pdf", files.pdf(files.DENIAL)[:-20]))[0] == FINDINGS


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("locked.pdf", files.pdf(files.DENIAL, password="x", algorithm="RC4-128")),
        ("gone.jpg", b""),
        ("page.jpg", b"<!doctype html><p>gone"),
        ("cut.epub", files.epub(files.opf(""))[:-30]),
    ],
)
def test_what_could_not_be_read_is_exit_code_2(name, body, put, say):
    assert say(put(name, body))[0] == WRONG


@pytest.mark.parametrize("body", [b"just words", b"\x00\x01\x02", b""])
def test_a_file_of_no_known_kind_asks_for_the_kind(body, put, capsys):
    assert main(["signals", str(put("mystery", body))]) == WRONG
    assert "--as" in capsys.readouterr().err


def test_a_missing_file_is_told_without_a_traceback(tmp_path, capsys):
    assert main(["signals", str(tmp_path / "nothing.jpg")]) == WRONG
    assert "nothing.jpg" in capsys.readouterr().err


def test_of_a_folder_every_file_is_one_line(put, say, tmp_path):
    for name, body in DENIALS.items():
        put(f"site/{name}", body)
    put("site/deep/er/silent.png", files.png())
    put("site/README", b"words")
    code, out = say(tmp_path / "site", "--json")
    told = {Path(one["source"]).name: one for one in map(json.loads, out.splitlines())}
    assert code == FINDINGS
    assert told.keys() == {*DENIALS, "silent.png", "README"}
    assert [name for name, one in told.items() if not one["signals"]] == ["README", "silent.png"]
    assert told["README"]["kind"] is None


def test_a_folder_of_silence_is_clean_and_links_are_not_followed(put, say, tmp_path):
    put("folder/p.png", files.png())
    (tmp_path / "folder" / "loop").symlink_to(tmp_path / "folder")
    code, out = say(tmp_path / "folder", "--json")
    assert (code, len(out.splitlines())) == (CLEAN, 1)


def test_a_licence_is_read_for_the_purpose(put, say):
    page = b'<!doctype html><a rel="license" href="https://creativecommons.org/licenses/by-nc/4.0/">BY-NC</a>'
    path = put("p.html", page)
    assert say(path)[0] == FINDINGS
    assert say(path, "--purpose", "noncommercial")[0] == CLEAN


def test_a_signature_is_trusted_under_the_certificates_given(put, say):
    path, trusted = put("p.jpg", signed(use("allowed"))), put("anchors.pem", anchors().encode())
    assert [one["authenticated"] for one in json.loads(say(path, "--json")[1])] == ["signed-valid"]
    assert [one["authenticated"] for one in json.loads(say(path, "--json", "--trust", trusted)[1])] == ["signed-trusted"]
