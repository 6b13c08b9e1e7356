"""The book of refused attempts: read back once each, with the process, without secrets."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from generator.rehearsal.sandbox.attempts import Attempt, Book, belongs_to, without_secrets
from generator.rehearsal.sandbox.record import Record


@pytest.fixture
def book() -> Book:
    return Book(Record())


def test_an_empty_book_has_no_attempts(book: Book) -> None:
    assert book.attempts() == ()
    assert book.unreached() == ()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of processes in /proc")
def test_an_attempt_has_the_process_that_made_it(book: Book) -> None:
    book.note("198.51.100.1:80", os.getpid())
    (attempt,) = book.attempts()
    assert (attempt.destination, attempt.pid) == ("198.51.100.1:80", os.getpid())
    assert attempt.command.startswith(Path("/proc/self/cmdline").read_text().partition("\0")[0])


def test_what_is_tried_again_and_again_is_told_once(book: Book) -> None:
    book.note("198.51.100.1:80", None)
    book.note("198.51.100.1:80", None)
    book.note("198.51.100.2:80", None)
    assert [attempt.destination for attempt in book.attempts()] == ["198.51.100.1:80", "198.51.100.2:80"]


def test_a_registry_without_an_answer_is_no_attempt(book: Book) -> None:
    book.unreachable("pypi.org", "Name or service not known")
    assert book.attempts() == ()
    assert str(book.unreached()[0]) == "pypi.org could not be reached: Name or service not known"


def test_what_a_hook_tells_is_taken_as_words(book: Book) -> None:
    book.record_report({"destination": "example.com:80", "pid": "many", "more": []})
    assert book.attempts() == (Attempt("example.com:80"),)


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ("curl -H 'Authorization: Bearer abc.def' http://x/", "curl -H 'Authorization: Bearer ***' http://x/"),
        ("git clone https://me:word@example.com/x", "git clone https://***@example.com/x"),
        ("curl -u me:word http://x/", "curl -u *** http://x/"),
        ("deploy --token=abc --password def", "deploy --token=*** --password ***"),
        ("curl https://example.com/token", "curl https://example.com/token"),
    ],
)
def test_command_lines_are_shown_without_secrets(command: str, shown: str) -> None:
    assert without_secrets(command) == shown


def test_a_long_command_line_is_cut() -> None:
    assert len(without_secrets("x" * 1000)) < 250


def test_an_attempt_reads_as_one_line() -> None:
    attempt = Attempt("198.51.100.1:80", "function f", "curl http://198.51.100.1/", 7)
    assert str(attempt) == "198.51.100.1:80: process 7 (curl http://198.51.100.1/) in function f"
    assert str(Attempt("198.51.100.1:80")) == "198.51.100.1:80: a process"


def test_a_function_in_a_build_is_the_function() -> None:
    assert belongs_to({"AWS_LAMBDA_FUNCTION_NAME": "f", "CODEBUILD_BUILD_ID": "b:1"}) == "function f"
    assert belongs_to({"CODEBUILD_BUILD_ID": "b:1"}) == "build b:1"
    assert belongs_to({}) == ""
