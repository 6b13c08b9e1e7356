"""Why something failed, found in its log: the failing test, the first error, the compiler's line.

A log says much after the cause (what gave up because of it) and much before it. Each tool has a line of its own that
names the cause; the tools are tried in the order in which one causes the next.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

LONGEST = 300
"""Characters of a cause: it is one line of a verdict."""

Finder = Callable[[Sequence[str]], str]

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_TRACE = re.compile(r"^\s*(?:File \"|at |\^|\.\.\.)")
_PYTHON_ERROR = re.compile(r"^(?:[A-Za-z_][\w.]*\.)?[A-Z]\w*(?:Error|Exception|Exit|Interrupt)\b(?::.*)?$")


def cause(log: Iterable[str]) -> str:
    """The one line of a log that tells why; empty where no line is known to."""
    lines = [_COLOURS.sub("", line).rstrip() for line in log]
    # What CodeBuild says about the build itself is only the consequence.
    lines = [line for line in lines if line.strip() and not line.startswith("[Container]")]
    reason = next((text for finder in _FINDERS if (text := finder(lines))), "")
    return reason if len(reason) <= LONGEST else f"{reason[: LONGEST - 3]}..."


def _first(pattern: str) -> Finder:
    """The first line that matches; its group, or all of it."""
    compiled = re.compile(pattern)

    def find(lines: Sequence[str]) -> str:
        match = next(filter(None, map(compiled.match, lines)), None)
        return " ".join((match[1] if match.groups() else match[0]).split()) if match else ""

    return find


def _test(head: str, detail: str) -> Finder:
    """The first failing test (group 1 of `head`) and the first line after it that `detail` matches."""
    names, details = re.compile(head), re.compile(detail)

    def find(lines: Sequence[str]) -> str:
        for number, line in enumerate(lines):
            if name := names.match(line):
                why = next((after.strip() for after in lines[number + 1 :] if details.match(after)), "")
                return f"{name[1].strip()}: {why}" if why else name[1].strip()
        return ""

    return find


def _pytest(lines: Sequence[str]) -> str:
    summary = _first(r"^((?:FAILED|ERROR) \S+.*)$")(lines)
    kind, _, rest = summary.partition(" ")
    if not re.match(r"\S+\.py|\S+::", rest):
        return ""
    if " - " in rest:
        return rest.replace(" - ", ": ", 1)
    # A narrow terminal leaves the reason out of the summary.
    why = _first(r"^E\s+(.*)$")(lines)
    return f"{rest}: {why}" if why else f"{rest}: {kind.lower()}"


def _python_function(lines: Sequence[str]) -> str:
    """Lambda's own line for what a handler raised."""
    return _first(r"^(?:\S+\s+)?\[ERROR\]\s+((?!\S+Z\s)\S.*)$")(lines)


def _node_function(lines: Sequence[str]) -> str:
    for line in lines:
        head, _, text = line.partition("ERROR\t")
        if text and (text.startswith(("Invoke Error", "Uncaught Exception", "Unhandled Promise Rejection"))):
            with suppress(ValueError):
                error = json.loads(text.partition("\t")[2])
                return f"{error.get('errorType', 'Error')}: {error.get('errorMessage', '')}"
            return f"{head}{text}".strip()
    return ""


def _npm(lines: Sequence[str]) -> str:
    messages = [match[1] for line in lines if (match := re.match(r"^npm (?:ERR!|error)\s+(.*)$", line))]
    code = next((text.removeprefix("code ") for text in messages if text.startswith("code ")), "")
    why = next(
        (text for text in messages if text and not text.startswith(("code ", "errno ", "path ", "syscall "))), ""
    )
    # Of a script npm says only that it failed: what the script wrote tells more.
    if code in {"", "ELIFECYCLE", "1", "2"}:
        return ""
    return f"npm: {code}: {why}" if why else f"npm: {code}"


def _traceback(lines: Sequence[str]) -> str:
    """The error below Python's first traceback."""
    started = next((number for number, line in enumerate(lines) if line.startswith("Traceback (most recent")), None)
    if started is None:
        return ""
    return next((line for line in lines[started + 1 :] if _PYTHON_ERROR.match(line)), "")


_JEST = r"^\s+(?:\S*Error\b|expect\(|thrown:|Cannot |Expected)"
_FINDERS: Sequence[Finder] = (
    # Whatever else failed then failed of it. Not a test that speaks of it, nor a handler's own words.
    _first(r"^((?:[\w./-]+: |OSError: |fatal: ).*No space left on device.*)$"),
    _pytest,
    _test(r"^(?:FAIL|ERROR): (\w+ \(.*\))", r"^[A-Z]\w*(?:Error|Exception)\b"),  # unittest
    _test(r"^\s*● (.+ \u203a .+)$", _JEST),  # jest
    _test(r"^\s*FAIL\s+(\S+ > .+)$", r"^\s*\S*Error\b"),  # vitest
    _test(r"^\s*FAIL\s+(\S+\.[cm]?[jt]sx?)\b", _JEST),  # a file that cannot be loaded
    _test(r"^\s+\d+\) (\S.*)$", r"^\s+\S*Error\b"),  # mocha
    _test(r"^\s*not ok \d+ - (.+)$", r"^\s+error: "),  # node:test, as TAP
    _test(r"^\s*✖ (?!failing tests)(.+?)(?: \(\d.*)?$", r"^\s+\S*Error\b"),  # node:test
    _first(r"^((?:Error: )?No tests? (?:files )?found[,:].*)$"),  # jest, vitest, mocha
    _python_function,
    _node_function,
    _first(r"^(\S+\.[cm]?tsx?[(:]\d+.*error TS\d+: .*)$"),
    _first(
        r"^(ERROR: (?!pip's dependency resolver)(?:Could not|No matching|Failed|Cannot|Package|Invalid|Ignored).*)$"
    ),
    _first(r"^.*(?:✘ )?\[ERROR\] (.*)$"),  # esbuild
    _first(r"^(An error occurred \(\w+\) when calling the \w+ operation.*)$"),  # the aws CLI
    _npm,
    _first(r"^(\S+(?: -m \S+)?: error: .+)$"),  # a program of Python's that knows no such option
    _traceback,
    _first(r"^((?:\w*Error|Error \[\w+\]): .*)$"),
    _first(r"^E\s+([\w.]*(?:Error|Exception)\b.*)$"),  # pytest, before it has a test to name
    _first(r"^((?:\S+: )?(?:line \d+: )?\S+: (?:command not found|not found|No such file or directory))$"),
)
