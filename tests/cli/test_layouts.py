"""`init` and then `check` in repositories of many layouts: what they say, what is written, and that it is accepted."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.cli.main import run
from tests.cli.repositories import in_git, tree, written

_DATA = yaml.safe_load((Path(__file__).parent / "layouts.yaml").read_text(encoding="utf-8"))
LAYOUTS: Mapping[str, Any] = _DATA["layouts"]
TEXTS: dict[str, bytes] = {name: text.encode() for name, text in _DATA["texts"].items()}
ENCODED = {
    "windows": codecs.BOM_UTF8 + TEXTS["python"].replace(b"\n", b"\r\n"),
    "utf-16": TEXTS["python"].decode().encode("utf-16"),
}


def _laid_out(root: Path, layout: Mapping[str, Any]) -> Path:
    root.mkdir()
    for path, text in layout["files"].items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes((TEXTS | ENCODED)[text[1:]] if text.startswith("@") else text.encode())
    for path, target in layout.get("links", {}).items():
        (root / path).symlink_to(target)
    in_git(root, "init", "--initial-branch=main")
    return root


@pytest.mark.slow
@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_is_read_as_its_owner_would(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    layout = LAYOUTS[name]
    root = _laid_out(tmp_path / "hello", layout)
    before = tree(root)
    assert run(["init", str(root), *layout.get("options", [])]) == layout["init"]["code"]
    text = "".join(capsys.readouterr())
    assert [words for words in layout["init"]["says"] if words not in text] == []
    after = tree(root)
    assert {path: after[path] for path in before} == before
    if layout["pipeline"] == "none":
        assert after.keys() == before.keys()
        return
    data = written(root)
    assert {key: data[key] for key in data.keys() - {"service", "source"}} == layout["pipeline"]
    assert run(["check", str(root / "pipeline.yaml")]) == layout["check"]["code"]
    text = "".join(capsys.readouterr())
    assert [words for words in layout["check"]["says"] if words not in text] == []
