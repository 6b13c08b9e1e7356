"""Code in the template is the repository's program, without what only a reader needs."""

from __future__ import annotations

import ast

import pytest

from generator.compiler.inlining import shortened
from generator.repository import assets

_FUNCTIONS = ("describe_changes.py", "start_tests.py")


class _Bare(ast.NodeTransformer):
    """A program without its docstrings and what stands where a body would be empty without."""

    def visit_Expr(self, node: ast.Expr) -> ast.Expr | None:
        is_text = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return None if is_text else node

    def visit_Pass(self, _node: ast.Pass) -> None:
        return None


@pytest.mark.parametrize("file", _FUNCTIONS)
def test_the_program_stays_the_same(file: str) -> None:
    code = assets.text("test_runner_lambda", file)
    assert ast.dump(_Bare().visit(ast.parse(shortened(code)))) == ast.dump(_Bare().visit(ast.parse(code)))


@pytest.mark.parametrize("file", _FUNCTIONS)
def test_nothing_of_it_is_for_readers_only(file: str) -> None:
    short = shortened(assets.text("test_runner_lambda", file))
    assert '"""' not in short
    assert "  #" not in short
    assert all(line.strip() for line in short.splitlines())


@pytest.mark.parametrize(
    ("code", "short"),
    [
        ('"""Doc."""\n# what\nx = 1  # why\n', "x = 1\n"),
        ('class E(Exception):\n    """Doc.\n\n    More.\n    """\n', "class E(Exception):\n pass\n"),
        ('def f():\n    """Doc."""\n    # why\n    return "# no comment"\n', 'def f():\n return "# no comment"\n'),
        ('def f():\n    """Doc."""\n\n\ndef g():\n    return 1\n', "def f():\n pass\ndef g():\n return 1\n"),
    ],
)
def test_docstrings_comments_and_empty_lines_go_and_texts_stay(code: str, short: str) -> None:
    assert shortened(code) == short
