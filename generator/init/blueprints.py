"""New repositories from the blueprints that ship with Penstock."""

from __future__ import annotations

import difflib
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from generator.errors import InvalidInputError, Problem, RefusedError
from generator.init.first_pipeline_file import MODELINE, SCHEMA_FILE
from generator.init.names import service_name
from generator.repository import assets

PIPELINE_FILE = "pipeline.yaml"
# What trying a blueprint out leaves in a checkout of Penstock.
_LEFT_BEHIND = shutil.ignore_patterns(
    "__pycache__", "node_modules", ".aws-sam", ".venv", ".pytest_cache", ".mypy_cache", ".ruff_cache"
)
_SERVICE = re.compile(r"^service:[ \t]*(?P<name>[a-z0-9-]+)[ \t]*$", re.MULTILINE)


def blueprints() -> Mapping[str, Path]:
    """The blueprints by name."""
    folders = sorted(assets.folder("blueprints").glob(f"*/{PIPELINE_FILE}"))
    return {path.parent.name: path.parent for path in folders}


def blueprint(name: str) -> Path:
    """The folder of a blueprint. Raises InvalidInputError, naming those there are."""
    there = blueprints()
    if name in there:
        return there[name]
    near = difflib.get_close_matches(name, there, 1)
    meant = f"did you mean '{near[0]}'? " if near else ""
    raise InvalidInputError([Problem(f"there is no blueprint '{name}'", hint=f"{meant}blueprints: {', '.join(there)}")])


class Begun(NamedTuple):
    """A new repository: the name its service got, and what became of git."""

    service: str
    git: str


def begin(source: Path, target: Path, schema: str, start: Callable[[Path], str]) -> Begun:
    """Make a new repository of a blueprint's folder, or nothing at all.

    `schema` is the text of the JSON Schema; `start` makes the copy a git repository and says what became of that.
    Raises RefusedError when the target is there and not empty, or cannot be written.
    """
    try:
        _refuse_what_is_there(target)
        with _all_or_nothing(target):
            shutil.copytree(source, target, ignore=_LEFT_BEHIND, dirs_exist_ok=True)
            (target / SCHEMA_FILE).write_text(schema, encoding="utf-8")
            return Begun(_rename(target, service_name(target.resolve().name)), start(target))
    except (OSError, shutil.Error) as error:
        raise RefusedError(f"{target} cannot be made: {_reason(error)}") from error


def _refuse_what_is_there(target: Path) -> None:
    if target.is_symlink() or target.is_dir():
        is_free = target.is_dir() and not any(target.iterdir())
    else:
        is_free = not target.exists()
    if not is_free:
        raise RefusedError(f"{target} already exists and is not an empty folder: nothing was changed")


@contextmanager
def _all_or_nothing(target: Path) -> Iterator[None]:
    """Whatever ends the block early, Ctrl-C included, takes away what it made: folders above the target too."""
    missing = [folder for folder in (target, *target.parents) if not folder.exists()]
    try:
        target.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        if missing:
            shutil.rmtree(missing[-1], ignore_errors=True)
        else:
            _empty(target)
        raise


def _empty(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink()


def _rename(target: Path, service: str) -> str:
    """Give the pipeline file its modeline and the project its name; an invalid name leaves the blueprint's."""
    file, readme = target / PIPELINE_FILE, target / "README.md"
    text = file.read_text(encoding="utf-8")
    declared = _SERVICE.search(text)
    old = declared["name"] if declared else ""
    name = service or old
    if old:
        text = re.sub(rf"(?m)^(service:[ \t]*){old}\b", rf"\g<1>{name}", text)
        text = re.sub(rf"(\brepository:[ \t]*){old}(?=[ \t]*[,}}\n])", rf"\g<1>{name}", text)
        if readme.exists():
            commands = readme.read_text(encoding="utf-8")
            readme.write_text(commands.replace(f"{old}-pipeline", f"{name}-pipeline"), encoding="utf-8")
        # Stacks of these are called by the name in their file: two projects of one account must not have the same.
        for part in target.glob("*/serverless.yml"):
            own = part.read_text(encoding="utf-8")
            part.write_text(re.sub(rf"(?m)^(service:[ \t]*){old}(?=-)", rf"\g<1>{name}", own), encoding="utf-8")
    if not text.startswith(MODELINE):
        text = f"{MODELINE}{SCHEMA_FILE}\n{text}"
    file.write_text(text, encoding="utf-8")
    return name


def _reason(error: OSError | shutil.Error) -> str:
    if isinstance(error, shutil.Error):
        # One entry a file: source, target, why.
        return "; ".join(str(entry[-1]) for entry in error.args[0])
    return error.strerror or str(error)
