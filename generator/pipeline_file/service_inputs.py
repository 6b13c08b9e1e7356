"""The folders that services are made of: theirs, those they share, and those their code and that of the tests is in."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from generator.application.code_folders import code_folders
from generator.application.template import Template
from generator.aws_rules import limits
from generator.pipeline_file.file import File, Part

ROOT_FILES = "*"
"""The files at the root: the pipeline file, lock files, what all tests ask for."""


def inputs(part: Part) -> tuple[str, ...]:
    """The folders that a service is built from, none of them in another; the root is empty."""
    shared = (posixpath.normpath(folder) for folder in part.written.get("shared", ()))
    return _outermost({part.folder, *shared, *_of_template(part.app.template)})


def of_tests(file: File) -> tuple[str, ...]:
    """The folders that the test stack is built from beside the files at the root, none of them in another."""
    home = posixpath.dirname(file.tests.path)
    return _outermost({*([home] if home else []), *_of_template(file.tests.template)})


def patterns(file: File) -> tuple[str, ...]:
    """Globs of all files that any service or the tests are made of; none where a trigger takes no such filter.

    Where there are more than a filter takes, the folders at the root in which they lie.
    """
    every = {folder for part in file.parts if isinstance(part, Part) for folder in inputs(part)}
    every |= {*of_tests(file)}
    for folders in (_outermost(every), _outermost({folder.partition("/")[0] for folder in every})):
        globs = (ROOT_FILES, *(f"{folder}/**" for folder in folders))
        if "" not in folders and len(globs) <= limits.FILTER_PATTERNS:
            return globs
    return ()


def _of_template(template: Template | None) -> Iterator[str]:
    yield from code_folders(template) if template else ()


def _outermost(folders: Iterable[str]) -> tuple[str, ...]:
    every = set(folders)
    return tuple(
        sorted(folder for folder in every if not any(folder.startswith(f"{other}/") for other in every if other))
    )
