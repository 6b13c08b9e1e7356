"""Makes the container images that a serverless.yml has a folder of, and has the file name them by digest.

The tool would make and push each one for every stage anew. The file is edited as text: its tool reads all the rest.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import images
import templates
import yaml

_SETTINGS = {"path", "file", "buildArgs", "buildOptions", "platform", "provenance", "cacheFrom"}


class Stated(NamedTuple):
    """An image in the file: its name, where its settings stand, and what it is made from."""

    name: str
    span: tuple[int, int]
    image: templates.Image


def name_images(path: str) -> None:
    """Make the images of a serverless.yml, and put their addresses in place of what they are made from."""
    text = Path(path).read_text(encoding="utf-8-sig")
    for stated in sorted(every(path, text), key=lambda each: each.span, reverse=True):
        start, end = stated.span
        text = f'{text[:start]}{{"uri": "{images.address(stated.image)}"}}{text[end:]}'
    Path(path).write_text(text, encoding="utf-8")


def every(path: str, text: str) -> Iterator[Stated]:
    """The images that have a folder; one that cannot be made as it is written ends the build."""
    try:
        node: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        sys.exit(f"{path}: {error}")
    for key in ("provider", "ecr", "images"):
        node = _entries(node).get(key)
    for name, settings in _entries(node).items():
        written = _entries(settings)
        if "path" not in written:
            continue
        if others := sorted(written.keys() - _SETTINGS):
            sys.exit(f"{path}: the image {name} has settings that the build does not carry out: {', '.join(others)}")
        span = settings.start_mark.index, _end(settings)
        if "${" in text[slice(*span)]:
            sys.exit(f"{path}: the image {name} is made once for all stages, before variables are resolved")
        yield Stated(name, span, _image(os.path.dirname(path), written))


def _image(folder: str, written: Mapping[str, yaml.Node]) -> templates.Image:
    context = os.path.realpath(os.path.join(folder, _text(written["path"])))
    file = _text(written["file"]) if "file" in written else "Dockerfile"
    arguments = tuple(sorted((name, _text(value)) for name, value in _entries(written.get("buildArgs")).items()))
    platform = ("--platform", _text(written["platform"])) if "platform" in written else ()
    options = written.get("buildOptions")
    others = tuple(map(_text, options.value)) if isinstance(options, yaml.SequenceNode) else ()
    return templates.Image("", context, os.path.join(context, file), arguments, "", (*platform, *others))


def _entries(node: yaml.Node | None) -> dict[str, yaml.Node]:
    return {_text(key): value for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}


def _text(node: yaml.Node) -> str:
    return str(node.value)


def _end(node: yaml.Node) -> int:
    """Where a value ends: a mapping of lines ends with its last value, and not where the next key begins."""
    if isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


if __name__ == "__main__":
    name_images(os.environ["TEMPLATE_OF_STAGE"])
    # Those of the tests.
    images.main()
