"""Whether files alone decide what the Serverless Framework packages, so that the same files make the same template.

https://www.serverless.com/framework/docs/providers/aws/guide/variables
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from generator.frameworks import _serverless_rights
from generator.frameworks._serverless_file import ServerlessFile
from generator.repository import assets

_INNERMOST = re.compile(r"\$\{([^${}]*)\}")
# A source with what it is asked for; a variable of CloudFormation has two colons, or none.
_SOURCE = re.compile(r"\s*(\w+)\s*(?:\(\s*([^()]*?)\s*\))?\s*:(?!:)\s*([\w.]*)")
_INCLUDE = re.compile(r"\s*file\(\s*([^()]*?)\s*\)")
_DATA = (".yml", ".yaml", ".json")
_OF_FILES = {"self", "opt", "param"}
_OF_THE_BUILD = {("sls", "stage"), ("aws", "region"), ("aws", "accountId")}
_LOSSES = "stages/serverless_losses.json"
# An image by its tag is looked up each time.
_IMAGE = re.compile(r"""[\s{,]["']?(?:image|ecr)["']?\s*:""")


def are_files(file: ServerlessFile) -> bool:
    """Whether it asks for nothing but files of the repository: no variable, plugin, layer or image does."""
    # The tool takes the key of a layer that did not change from the stack's outputs.
    if not file.document or file.at("layers"):
        return False
    plugins, harmless = file.data.get("plugins") or [], json.loads(assets.text("buildspecs", _LOSSES))["harmless"]
    if not isinstance(plugins, list) or not all(plugin in harmless for plugin in plugins):
        return False
    texts = tuple(_serverless_rights.texts(file.repository, file.path, set()))
    return all(_is_of_files(part) for text in texts for part in _parts(text)) and not any(map(_IMAGE.search, texts))


def _parts(text: str) -> Iterator[str]:
    """The sources of all variables: each has one, and those that follow a comma where it has no value."""
    while variables := _INNERMOST.findall(text):
        yield from (part for variable in variables for part in variable.split(","))
        text = _INNERMOST.sub("*", text)


def _is_of_files(part: str) -> bool:
    if include := _INCLUDE.match(part):
        # Of a path that another variable decides nobody has read what it includes.
        return include[1].endswith(_DATA) and "*" not in include[1]
    source = _SOURCE.match(part)
    return source is None or source[1] in _OF_FILES or (source[1], source[3]) in _OF_THE_BUILD
