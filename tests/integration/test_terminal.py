"""What a person sees on a terminal: help and complaints in their language, progress while it works, silence for programs."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys

import pytest

from sekisho.cli import main
from sekisho.cli._meter import Meter
from sekisho.model import Verdict
from sekisho.progress import Progress

SHOWN = re.compile(r"\r\x1b\[K([^\r\x1b]*)")


@pytest.fixture
def asked(capsys):
    """Run words as a person types them: exit code, what was said, what was complained of."""

    def ask(*words):
        try:
            code = main(list(words))
        except SystemExit as leaving:
            code = leaving.code
        return code, *capsys.readouterr()

    return ask


@pytest.mark.parametrize("words", [("--help", "--lang", "ja"), ("clear", "--help", "--lang=ja"), ("law", "ask", "--lang", "ja", "--help")])
def test_help_is_japanese_from_the_first_word_to_the_last_when_asked_for(asked, words):
    code, told, _ = asked(*words)
    assert code == 0
    assert told.startswith("使い方：")
    assert not re.search(r"usage:|positional|options:|show this", told)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("clear",), "次の引数が必要です：IN, OUT"),
        (("clear", "a", "b", "--policy", "lwa"), "law のことですか"),
        (("clear", "a", "b", "--workers", "x"), "--workers：'x' は値として読めません"),
        (("clear", "a", "b", "--on"), "--on：値を一つ指定してください"),
        (("clear", "a", "b", "--bogus"), "知らない引数です：--bogus"),
        (("cleer",), "clear のことですか"),
    ],
)
def test_a_slip_is_explained_in_japanese_and_says_where_to_read_on(asked, words, said):
    code, _, complaint = asked(*words, "--lang", "ja")
    assert code == 2
    assert said in complaint
    assert "--help --lang ja` に説明があります" in complaint


def test_a_slip_is_explained_in_english_with_the_word_that_was_perhaps_meant(asked):
    code, _, complaint = asked("clear", "a", "b", "--policy", "lwa")
    assert code == 2
    assert "Did you mean law?" in complaint
    assert "`sekisho clear --help` explains." in complaint


def test_what_steers_a_terminal_is_not_said_back(asked):
    _, _, complaint = asked("clear", "a", "b", "--policy", "\x1b]0;owned\x07")
    assert "\x1b" not in complaint


def test_the_line_tells_rows_rate_time_left_and_verdicts_and_goes_when_the_work_is_done(terminal):
    told = terminal("en", 100, [progress(0.0, 1.0), progress(0.25, 2.5), progress(1.0, 10.0)])
    assert SHOWN.findall(told) == [
        "25 %, 1,000,000 rows, 400,000/s, about 0:08 left: allow 75 %, unknown 0 %, licence 0 %, deny 25 %",
        "Writing the report ...",
        "",
    ]


def test_the_line_is_japanese_and_never_wider_than_the_window(terminal):
    first, *_ = SHOWN.findall(terminal("ja", 60, [progress(0.25, 2.5)]))
    assert first.startswith("25 %、1,000,000 行、毎秒 400,000 行、残り約 0:08")
    assert sum(2 if ord(char) > 0x2E7F else 1 for char in first) < 60


def test_short_work_shows_no_line(terminal):
    assert terminal("en", 100, [progress(0.5, 0.4), progress(1.0, 0.8)]) == ""


@pytest.mark.parametrize("as_json", [True, False])
def test_nothing_is_shown_to_a_program_or_where_there_is_no_terminal(tmp_path, rows, world, as_json):
    words = ["clear", str(rows), str(tmp_path / "out"), "--observed", str(world), *(["--json"] if as_json else [])]
    assert subprocess.run([sys.executable, "-m", "sekisho", *words], capture_output=True, check=False).stderr == b""


def progress(share, seconds):
    """Of four million rows, a quarter denied."""
    judged = round(4_000_000 * share)
    return Progress(share, 0.0, {**dict.fromkeys(Verdict, 0), Verdict.ALLOW: judged * 3 // 4, Verdict.DENY: judged // 4}, 0, seconds)


@pytest.fixture
def terminal(monkeypatch):
    """What the meter writes on a pseudo-terminal ``columns`` wide while it is told of ``steps``."""

    def show(lang, columns, steps):
        ours, theirs = pty.openpty()
        monkeypatch.setenv("COLUMNS", str(columns))
        with os.fdopen(theirs, "w", encoding="utf-8") as stream, monkeypatch.context() as patch:
            patch.setattr(sys, "stderr", stream)
            with Meter(lang, quiet=False) as meter:
                for step in steps:
                    meter.tell(step)
        told = b"".join(iter(lambda: heard(ours), b""))
        os.close(ours)
        return told.decode()

    return show


def heard(ours):
    """The next bytes; none once the other side has gone, which Linux reports as an error."""
    try:
        return os.read(ours, 1 << 16)
    except OSError:
        return b""


@pytest.mark.parametrize(("own", "used"), [({}, "1"), ({"OPENBLAS_NUM_THREADS": "4"}, "4")])
def test_commands_compute_in_one_thread_a_process_unless_told_otherwise(own, used):
    program = "import os; from sekisho.cli import main; main(['term', '--country', 'JP', '--died', '1948']); print(os.environ['OPENBLAS_NUM_THREADS'])"
    given = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run([sys.executable, "-c", program], env={**given, **own}, capture_output=True, text=True, check=True)
    assert done.stdout.split()[-1] == used
