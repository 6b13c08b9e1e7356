"""What SAM makes of a template: AWS's own transform, run here without any call to AWS.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path as File
from typing import Any, NamedTuple

from generator.application.code import is_whole_folder
from generator.application.reader import resources_of
from generator.application.template import SERVERLESS, Code, Resource, Template, is_written
from generator.aws_rules.iam import managed_policies
from generator.document import Path
from generator.errors import Level, Problem
from generator.repository.cache.answers import FORGETFUL, Answers

_ID = re.compile(r"Resource with id \[([^\]]+)\]")
_EVENT = re.compile(r"Event with id \[([^\]]+)\]")
_WORDS = re.compile(r"(?:['`]|[Pp]roperty )([A-Z][A-Za-z0-9.]*)")


class Translated(NamedTuple):
    """A template after SAM's transform: `data` is plain CloudFormation; where SAM refuses, empty, with `problems`."""

    source: Template
    data: Mapping[str, Any]
    problems: tuple[Problem, ...] = ()

    def resources(self) -> dict[str, Resource]:
        """The resources of the stack by logical id: those of the template and those SAM adds."""
        return resources_of(self.data)

    def all_known(self) -> dict[str, Resource]:
        """The same; where SAM refuses the template, its own resources are all there is to look at."""
        return self.resources() or dict(self.source.resources)


class _Session(NamedTuple):
    """All that SAM asks of a session; one of boto3's would look for the user's profile."""

    region_name: str


def translate(
    template: Template, values: Mapping[str, str], *, region: str = "us-east-1", answers: Answers = FORGETFUL
) -> Translated:
    """A template as SAM transforms it for a region with these parameter values; one without SAM stays as it is.

    Code of the repository counts as packaged, applications of the Serverless Application Repository as found; loops and
    includes are left out.
    """
    data = _prepared(template)
    if SERVERLESS not in template.transforms:
        return Translated(template, data)
    # This file decides too what comes of it.
    versions = version("aws-sam-translator"), File(__file__).read_text(encoding="utf-8")
    question = ("SAM", *versions, region, json.dumps(data), json.dumps(dict(values)))
    transformed, causes = answers.remembered(question, lambda: _answer(data, values, region))
    return Translated(template, transformed, tuple(_problem(template, cause) for cause in causes))


def _answer(data: dict[str, Any], values: Mapping[str, str], region: str) -> tuple[dict[str, Any], list[str]]:
    """The template after the transform, or nothing and why SAM refuses it."""
    from samtranslator.model.exceptions import ExceptionWithMessage, InvalidDocumentException  # noqa: PLC0415 -- heavy

    _silence()
    try:
        return _transformed(data, values, region), []
    except InvalidDocumentException as refusal:
        return {}, [cause.message for cause in refusal.causes]
    except ExceptionWithMessage as refusal:
        return {}, [refusal.message]
    except Exception as error:  # noqa: BLE001 -- SAM falls over much that cfn-lint explains; the user sees both
        return {}, [f"the template is not what SAM expects ({type(error).__name__}: {error})"]


@cache
def _silence() -> None:
    import logging  # noqa: PLC0415 -- only who translates pays for it

    # Python prints the records of a library without a handler to stderr, which belongs to the command line.
    logging.getLogger("samtranslator").addHandler(logging.NullHandler())


def _transformed(data: dict[str, Any], values: Mapping[str, str], region: str) -> dict[str, Any]:
    from samtranslator.parser.parser import Parser  # noqa: PLC0415 -- heavy: only who translates pays for it
    from samtranslator.translator.translator import Translator  # noqa: PLC0415

    translator = Translator(None, Parser(), boto_session=_Session(region))
    # SAM carries most of AWS's managed policies with it; one that nobody knows stays the name it is.
    result: dict[str, Any] = translator.translate(data, dict(values), get_managed_policy_map=managed_policies.by_name)
    return result


def _prepared(template: Template) -> dict[str, Any]:
    """A copy of the template as packaging would leave it, without what only CloudFormation can add."""
    # A copy by way of JSON also parts what YAML's aliases share, for SAM writes into what it is given.
    data: dict[str, Any] = json.loads(json.dumps(template.document.data))
    for code in template.code:
        if code.is_local:
            _replace(data, code)
    for resource in template.resources.values():
        # As if it stood there: packaging adds the one, the build that makes an image the other.
        if added := {"CodeUri": "s3://packaged/2e"} if is_whole_folder(resource) else _image(data, resource):
            entry = data["Resources"][resource.logical_id]
            entry["Properties"] = {**(entry.get("Properties") or {}), **added}
    for section in ("Resources", "Outputs", "Conditions"):
        if data.get(section):
            data[section] = {name: entry for name, entry in data[section].items() if not _adds(name)}
    for resource in template.resources.values():
        if resource.type == "AWS::Serverless::Application":
            _settle_application(data["Resources"][resource.logical_id])
    return data


def _replace(data: Any, code: Code) -> None:
    *way, last = code.path
    for key in way:
        data = data[key]
    # Depends on the path, since SAM names a function's version after where its code lies.
    data[last] = f"s3://packaged/{code.location.encode(errors='replace').hex()}"


def _image(data: Mapping[str, Any], resource: Resource) -> dict[str, str]:
    """The address of an image that is built from a Dockerfile, and so is not written."""
    match data["Resources"][resource.logical_id]:
        case {"Metadata": {"Dockerfile": _}} if resource.properties.get("ImageUri") is None:
            return {"ImageUri": "111122223333.dkr.ecr.us-east-1.amazonaws.com/built:latest"}
        case _:
            return {}


def _settle_application(resource: dict[str, Any]) -> None:
    """Put an address in the place of an application's id, for which SAM would ask AWS."""
    match resource:
        case {"Properties": {"Location": {"ApplicationId": identifier, "SemanticVersion": version}}} if (
            identifier and version
        ):
            resource["Properties"]["Location"] = "s3://packaged/application"


def _problem(template: Template, cause: str) -> Problem:
    """A problem at what a message of SAM's names: a property of a resource or of an event, either, or Globals."""
    message = f"SAM: {' '.join(cause.split())}"
    level: Level = "warning" if _has_unseen(template.document.data) else "error"
    located = "".join(match[1] for match in (_ID.search(cause), _EVENT.search(cause)) if match)
    if not located:
        path: Path = ("Globals",) if cause.startswith("'Globals'") else ()
        return template.problem(path, message, at="key", level=level)
    whole = template.origin_of(located)
    properties = ((*whole, "Properties", *word.split(".")) for word in _WORDS.findall(cause))
    for path in properties:
        if is_written(template.document.data, path):
            return template.problem(path, message, level=level)
    return template.problem(whole, message, at="key", level=level)


def _has_unseen(data: Any) -> bool:
    """Whether a loop or an include may add what SAM misses, anywhere in a template's data."""
    if isinstance(data, list):
        return any(map(_has_unseen, data))
    if not isinstance(data, dict):
        return False
    return any(_adds(key) or _has_unseen(part) for key, part in data.items())


def _adds(key: str) -> bool:
    return key == "Fn::Transform" or key.startswith("Fn::ForEach::")
