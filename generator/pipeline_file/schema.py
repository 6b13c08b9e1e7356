"""The JSON Schema of the pipeline file, composed of its keys.

Words beginning with `x-` are notes for our own messages, which editors ignore: `x-noun` what the keys of a mapping are
called, `x-later` keys that are known but not supported yet, `x-moved` common other spellings, `x-what` a pattern in
words.
"""

from __future__ import annotations

from functools import cache

from generator.model.stage import STAGE_LENGTH
from generator.pipeline_file.file import File
from generator.pipeline_file.key import Keys
from generator.pipeline_file.schema_parts import Schema, mapping

# Keys that are known but not supported yet; one that has a module is.
_LATER = ("previews",)
_RELATIVE_PATH = r"^(?!/)(?!.*(^|/)\.\.(/|$))[A-Za-z0-9_./ @+-]+$"

_PATH_BY_STAGE = r"^(?!/)(?!.*(^|/)\.\.(/|$))([A-Za-z0-9_./ @+-]|\{stage\})+$"


@cache
def keys() -> Keys[File]:
    """The keys of the pipeline file."""
    return Keys("pipeline_file.keys")


def pipeline_file() -> Schema:
    """The whole schema, ready for an editor and for `validation.load`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Penstock pipeline file",
        "description": "The delivery pipeline of a serverless application: source, build, tests, stages.",
        **mapping(keys().schema, required=keys().required),
        "x-later": keys().later(_LATER),
        "x-moved": keys().other_spellings,
        "$defs": _definitions(),
    }


def _definitions() -> Schema:
    return {
        "branch": {
            "type": "string",
            "default": "main",
            # https://git-scm.com/docs/git-check-ref-format
            "pattern": r"^(?![-/.])(?!.*(\.\.|//|@\{|\.lock$|[/.]$))[A-Za-z0-9._/@+#=-]{1,255}$",
            "x-what": "a branch name",
            "description": "The branch that is delivered.",
        },
        "path": {
            "type": "string",
            "pattern": _RELATIVE_PATH,
            "maxLength": 255,
            "x-what": "a path inside the repository",
        },
        "path_by_stage": {
            "type": "string",
            "pattern": _PATH_BY_STAGE,
            "maxLength": 255,
            "x-what": "a path inside the repository, {stage} in it for the stage",
        },
        "address": {
            "type": "string",
            "pattern": r"^[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$",
            "maxLength": 254,
            "x-what": "an e-mail address",
        },
        "topic": {
            "type": "string",
            "pattern": r"^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$",
            "x-what": "the ARN of an SNS topic",
        },
        "stage_word": {
            "type": "string",
            "pattern": "^[a-z]([a-z0-9-]*[a-z0-9])?$",
            "maxLength": STAGE_LENGTH,
            "x-what": "a stage name (lower-case letters, digits and '-', beginning with a letter)",
        },
    }
