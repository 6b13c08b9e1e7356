"""Output of a build: lines as they come, in order, and without secrets."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import pytest

from generator.rehearsal.codebuild.log import BuildLog, LogLine
from generator.rehearsal.codebuild.output import OutputPipe
from generator.rehearsal.codebuild.secret_mask import Masker, in_settings, in_variables
from tests.rehearsal.codebuild.build_runner import BuildRunner


class Heard:
    """A pipe and the lines that came through it."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.masker = Masker()
        self.pipe = OutputPipe(self.lines.append, self.masker)

    def write(self, text: str | bytes) -> None:
        os.write(self.pipe.write_end, text.encode() if isinstance(text, str) else text)


@pytest.fixture
def heard() -> Iterator[Heard]:
    pipe = Heard()
    yield pipe
    pipe.pipe.close()


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (["one\ntwo\n"], ["one", "two"]),
        (["on", "e\n", "two"], ["one", "two"]),
        (["\n\n"], ["", ""]),
        (["windows\r\n"], ["windows"]),
        (["10%\r50%\r100%\n"], ["100%"]),
        (["caf\u00e9\n"], ["caf\u00e9"]),
        ([b"bad \xff byte\n"], ["bad \ufffd byte"]),
        ([b"caf\xc3", b"\xa9\n"], ["caf\u00e9"]),
        ([], []),
    ],
)
def test_output_becomes_lines(heard: Heard, written: list[str | bytes], expected: list[str]) -> None:
    for text in written:
        heard.write(text)
    heard.pipe.drain()
    assert heard.lines == expected


def test_lines_come_while_the_command_runs() -> None:
    came = threading.Event()
    pipe = OutputPipe(lambda _line: came.set(), Masker())
    os.write(pipe.write_end, b"first\nsecond without an end")
    assert came.wait(120)
    pipe.close()


def test_draining_twice_repeats_nothing(heard: Heard) -> None:
    heard.write("one")
    heard.pipe.drain()
    heard.pipe.drain()
    heard.write("two")
    heard.pipe.drain()
    assert heard.lines == ["one", "two"]


def test_a_very_long_line_comes_in_pieces_and_a_secret_across_them_stays_hidden(heard: Heard) -> None:
    heard.masker.add(["s3cr3t-token"])
    whole = ("x" * 199_995 + "s3cr3t-token" + "y" * 300_000).encode()
    threading.Thread(target=heard.write, args=(whole,)).start()
    while sum(map(len, heard.lines)) < 100_000:
        heard.pipe.drain()
    heard.write("\n")
    heard.pipe.drain()
    text = "".join(heard.lines)
    assert "s3cr3t" not in heard.masker(text)
    assert max(map(len, heard.lines)) < 500_000


def test_a_listener_that_breaks_is_told_of_and_hangs_nothing() -> None:
    def broken(_line: str) -> None:
        raise ValueError("broken")

    pipe = OutputPipe(broken, Masker())
    os.write(pipe.write_end, b"one\ntwo\n")
    with pytest.raises(ValueError, match="broken"):
        pipe.close()


@pytest.mark.parametrize(
    ("secrets", "text", "expected"),
    [
        (["hunter2"], "my hunter2!", "my ***!"),
        (["a", "abc"], "abc a", "*** ***"),
        (["a.c"], "abc a.c", "abc ***"),
        (["line one\nline two"], "x line two", "x ***"),
        (['{\n  "key": "value"\n}'], "} and {", "} and {"),
        ([""], "nothing", "nothing"),
        ([], "nothing", "nothing"),
        (["padded "], "is padded", "is ***"),
    ],
)
def test_secrets_are_hidden_exactly(secrets: list[str], text: str, expected: str) -> None:
    masker = Masker()
    masker.add(secrets)
    assert masker(text) == expected


def test_secrets_of_settings_are_found() -> None:
    npmrc = '//npm.example/:_authToken="npm_123"\n//x/:_password=cGFzcw==\nregistry=https://npm.example/\n//y/:_authToken=${T}\n'
    assert in_settings(npmrc) == {"npm_123", "cGFzcw=="}
    assert in_settings("index-url = https://user:p%40ss@pypi.example/simple") == {"p%40ss", "p@ss"}
    assert in_settings("index-url = https://token@pypi.example/simple") == {"token"}


def test_secrets_of_variables_are_found() -> None:
    environ = {
        "HTTPS_PROXY": "http://me:pw@proxy:3128",
        "PIP_INDEX_URL": "https://pypi.example/simple",
        "npm_config_//r/:_authToken": "npm_456",
        "PATH": "/bin",
    }
    assert in_variables(environ) == {"pw", "npm_456"}


def test_the_log_gives_its_own_lines_a_time_and_hides_secrets_in_them() -> None:
    heard: list[LogLine] = []
    log = BuildLog(lambda: 1_700_000_000.25, heard.append)
    log.masker.add(["hunter2"])
    log.say("Running command\nlogin hunter2")
    log.write("hunter2")
    assert heard == [
        LogLine(1_700_000_000_250, "[Container] 2023/11/14 22:13:20.250000 Running command"),
        LogLine(1_700_000_000_250, "[Container] 2023/11/14 22:13:20.250000 login ***"),
        LogLine(1_700_000_000_250, "***"),
    ]
    assert log.lines(1) == ("***",)


def test_the_keys_of_the_build_role_do_not_show_in_its_log(runner: BuildRunner) -> None:
    spec = "version: 0.2\nphases: {build: {commands: [echo ASIAEXAMPLEKEY, 'echo ASIAEXAMPLEKEY && false']}}\n"
    ended = runner.build(spec)
    assert runner.output() == ["***", "***"]
    assert not any("ASIAEXAMPLEKEY" in line for line in ended.log)
    assert ended.failure
    assert "ASIAEXAMPLEKEY" not in ended.failure.message
