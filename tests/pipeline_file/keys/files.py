"""Pipeline files to ask single keys about: a text in, fields and problems out."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from generator.compiler.pipeline import compile_file
from generator.document import PIPELINE_FILE, parse
from generator.errors import Problem
from generator.model.pipeline import Pipeline
from generator.pipeline_file import schema
from generator.pipeline_file.file import File
from generator.pipeline_file.validation import validate
from generator.repository.files import Repository

APPLICATION = Path(__file__).parents[2] / "golden" / "application"
HEAD = "service: clock\nsource:\n  codecommit: {repository: clock}\n"


def written(text: str, folder: Path = APPLICATION) -> File:
    """The file of a text that its schema accepts; what the text says nothing of is the smallest file's."""
    lacking = "" if "source:" in text else HEAD
    document = parse(f"{lacking}{text}\n", "pipeline.yaml", PIPELINE_FILE)
    assert validate(document, schema.pipeline_file()) == ()
    return File(document, Repository(folder))


def settings(key: Any, word: str, file: File) -> Any:
    """The settings that a key's functions get."""
    return file.data.get(word, key.SCHEMA.get("default", {}))


def pipeline(text: str, folder: Path, application: Path = APPLICATION) -> tuple[File, Pipeline]:
    """The file of a text, and the pipeline that comes of it."""
    path = folder / "pipeline.yaml"
    path.write_text(f"{'' if 'source:' in text else HEAD}{text}\n", encoding="utf-8")
    compiled = compile_file(path, "pipeline.yaml", Repository(application))
    return compiled.file, compiled.pipeline


def messages(problems: Iterable[Problem]) -> list[str]:
    """What problems say, with their level and place but for the file's name."""
    return [f"{problem.level} {problem.place.line if problem.place else 0}: {problem.message}" for problem in problems]
