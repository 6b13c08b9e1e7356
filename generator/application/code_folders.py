"""The folders in which a template's functions and layers have their code, and the folders around them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from generator.application.code import is_whole_folder
from generator.application.template import FUNCTIONS, Resource, Template
from generator.application.values import text_of
from generator.repository.files import Repository

_LAYERS = frozenset({"AWS::Lambda::LayerVersion", "AWS::Serverless::LayerVersion"})
_KEYS = ("CodeUri", "Code", "ContentUri", "Content")
_LANGUAGE = re.compile(r"([a-z]+)[0-9]")
# Where tests lie beside code, and what they ask for: the build looks in the same folders.
_BESIDE = ("tests", "test", "tests/unit", "test/unit", "requirements")


def code_folders(template: Template) -> Mapping[str, frozenset[str]]:
    """Each folder of code, of nested stacks too, with the languages of what it holds ("": unknown); "" is the root."""
    by_folder: dict[str, set[str]] = {}
    for each in template.family:
        for resource in each.resources.values():
            if (folder := folder_of(each, resource)) is not None:
                by_folder.setdefault(folder, set()).add(_language(resource, each.defaults()))
    return {folder: frozenset(languages) for folder, languages in by_folder.items()}


def around(folders: Iterable[str], repository: Repository) -> tuple[str, ...]:
    """These folders, those above them up to the root, and the folders of tests beside each; sorted."""
    near = {""}
    for folder in folders:
        near |= {folder, *(str(path) for path in PurePosixPath(folder).parents)} - {"."}
    below = {posixpath.join(folder, name) for folder in near for name in _BESIDE}
    return tuple(sorted(folder for folder in near | below if repository.has_folder(folder)))


def folder_of(template: Template, resource: Resource) -> str | None:
    """The folder in which a function or layer has its code; None where it is not in the repository."""
    if resource.type not in FUNCTIONS | _LAYERS:
        return None
    stated = next((resource.properties[key] for key in _KEYS if key in resource.properties), None)
    location = "." if is_whole_folder(resource) else stated
    if not isinstance(location, str) or "://" in location:
        return None
    folder = posixpath.normpath(posixpath.join(posixpath.dirname(template.path), location))
    if folder.startswith(("/", "..")):
        return None
    return "" if folder == "." else folder


def _language(resource: Resource, defaults: Mapping[str, str]) -> str:
    several = resource.properties.get("CompatibleRuntimes")
    first = several[0] if isinstance(several, list) and several else None
    match = _LANGUAGE.match(text_of(resource.properties.get("Runtime", first), defaults) or "")
    return match[1] if match else ""
