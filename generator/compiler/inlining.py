"""Python code as it is written into the template: without what only its reader in the repository needs."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Container, Iterator
from contextlib import suppress

_LEVEL = 4
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def shortened(code: str) -> str:
    """The same program without docstrings, comments and empty lines, a space a level: the template has 51,200 bytes.

    Raises SyntaxError for what is no Python.
    """
    tree = ast.parse(code)
    docstrings = dict(_docstrings(tree))
    kept = _inside_texts(tree, docstrings)
    lines = [line if row in kept else _without_comment(line) for row, line in enumerate(code.splitlines(), 1)]
    for docstring, replacement in docstrings.items():
        last = docstring.end_lineno or docstring.lineno
        lines[docstring.lineno - 1 : last] = [replacement, *[""] * (last - docstring.lineno)]
    return "".join(
        f"{line if row in kept else _nearer(line)}\n" for row, line in enumerate(lines, 1) if line or row in kept
    )


def _nearer(line: str) -> str:
    code = line.lstrip(" ")
    return " " * -(-(len(line) - len(code)) // _LEVEL) + code


def _without_comment(line: str) -> str:
    """A line of code up to its comment. A text that runs over several lines is none of its."""
    if "#" not in line:
        return line
    with suppress(tokenize.TokenError):  # what is left open, as a bracket is, comes after the comment
        for token in tokenize.generate_tokens(io.StringIO(line.lstrip()).readline):
            if token.type == tokenize.COMMENT:
                return line[: token.start[1] + len(line) - len(line.lstrip())].rstrip()
    return line


def _docstrings(tree: ast.Module) -> Iterator[tuple[ast.expr, str]]:
    """Each with the line that takes its place: a body may not be empty."""
    for node in ast.walk(tree):
        if isinstance(node, _DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            first = node.body[0]
            alone = len(node.body) == 1 and not isinstance(node, ast.Module)
            if isinstance(first, ast.Expr):
                yield first.value, " " * first.col_offset + "pass" if alone else ""


def _inside_texts(tree: ast.Module, docstrings: Container[ast.expr]) -> frozenset[int]:
    """The lines of texts that run over several, docstrings apart: an empty one belongs to its text."""
    texts = (one for one in ast.walk(tree) if isinstance(one, (ast.Constant, ast.JoinedStr)) and one not in docstrings)
    return frozenset(row for one in texts for row in range(one.lineno + 1, (one.end_lineno or one.lineno) + 1))
