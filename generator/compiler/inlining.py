"""Python code as it is written into the template: without what only its reader in the repository needs."""

from __future__ import annotations

from collections.abc import Iterator

_LEVEL = 4
_QUOTES = '"""'
_COMMENT = "  # "


def shortened(code: str) -> str:
    """The same program without docstrings, comments and empty lines, a space a level: the template has 51,200 bytes.

    It goes by lines, since `generate` has no time to parse: no text may hold what a comment after code begins with, and
    none but a docstring may run over several lines. The tests parse what comes out.
    """
    lines = list(_lines(code))
    following = [*lines[1:], ""]
    return "".join(f"{line}\n{_body(line, following)}" for line, following in zip(lines, following, strict=True))


def _body(line: str, following: str) -> str:
    """What stands where a docstring was all of a body, which may not be empty."""
    depth = _depth(line)
    return f"{' ' * (depth + 1)}pass\n" if line.endswith(":") and _depth(following) <= depth else ""


def _lines(code: str) -> Iterator[str]:
    documenting = False
    for line in code.splitlines():
        text = line.lstrip(" ")
        if documenting or text.startswith(_QUOTES):
            documenting ^= text.count(_QUOTES) == 1
        elif text and not text.startswith("#"):
            yield " " * -(-_depth(line) // _LEVEL) + text.partition(_COMMENT)[0]


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
