"""Both Lambda functions as files: plain, and standing alone, since a template carries them inline."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "test_runner_lambda"
NAMES = ("describe_changes.py", "start_tests.py")
FILES = pytest.mark.parametrize("name", NAMES)


def test_there_are_these_two_and_no_others() -> None:
    assert sorted(path.name for path in FOLDER.glob("*.py")) == list(NAMES)


@FILES
def test_it_is_ascii_without_tabs_or_blanks_at_line_ends(name: str) -> None:
    text = (FOLDER / name).read_bytes().decode("ascii")
    assert "\t" not in text
    assert [line for line in text.splitlines() if line != line.rstrip()] == []  # YAML would quote the whole file


@FILES
def test_it_imports_the_standard_library_and_boto3_alone(name: str) -> None:
    tree = ast.parse((FOLDER / name).read_text())
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    foreign = {module.split(".")[0] for module in imported} - sys.stdlib_module_names
    assert foreign <= {"boto3", "botocore"}
    assert not any(node.level for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))


@FILES
def test_as_index_py_it_has_a_handler_and_needs_nothing_else(name: str, tmp_path: Path) -> None:
    (tmp_path / "index.py").write_bytes((FOLDER / name).read_bytes())
    program = f"""
import sys
sys.path.insert(0, {str(tmp_path)!r})
import index
assert callable(index.handler)
assert not [name for name in sys.modules if name.startswith(("generator", "mypy_boto3", "test_runner_lambda"))]
assert index.client_at_home.cache_info().currsize == 0, "clients are made when they are needed"
"""
    subprocess.run([sys.executable, "-I", "-c", program], check=True)
