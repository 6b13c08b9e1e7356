"""What SAM makes of a template: AWS's own transform, run here without any call to AWS.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from generator.application.template import SERVERLESS, At, Code, Resource, Template, written
from generator.document import Path
from generator.errors import Problem

_ID = re.compile(r"Resource with id \[([^\]]+)\]")
_EVENT = re.compile(r"Event with id \[([^\]]+)\]")
_WORDS = re.compile(r"(?:['`]|[Pp]roperty )([A-Z][A-Za-z0-9.]*)")
# The length of the path of a resource.
_RESOURCE = 2


@dataclass(frozen=True, slots=True)
class Translated:
    """A template after SAM's transform: `data` is plain CloudFormation; where SAM refuses, empty, with `problems`."""

    source: Template
    data: Mapping[str, Any]
    problems: tuple[Problem, ...] = ()

    def resources(self) -> dict[str, Resource]:
        """The resources of the stack by logical id: those of the template and those SAM adds."""
        found = self.data.get("Resources")
        return {
            name: Resource(name, entry["Type"], entry.get("Properties") or {}, entry.get("Condition", ""))
            for name, entry in (found.items() if isinstance(found, dict) else ())
            if isinstance(entry, dict) and isinstance(entry.get("Type"), str)
        }


class _Session(NamedTuple):
    """All that SAM asks of a session; one of boto3's would look for the user's profile."""

    region_name: str


def translate(template: Template, values: Mapping[str, str], *, region: str = "us-east-1") -> Translated:
    """A template as SAM transforms it for a region with these parameter values; one without SAM stays as it is.

    Code of the repository counts as packaged, applications of the Serverless Application Repository as found; loops and
    includes are left out.
    """
    data = _prepared(template)
    if SERVERLESS not in template.transforms:
        return Translated(template, data)
    from samtranslator.model.exceptions import ExceptionWithMessage, InvalidDocumentException  # noqa: PLC0415 -- heavy

    _silence()
    try:
        return Translated(template, _transformed(data, values, region))
    except InvalidDocumentException as refusal:
        causes = [cause.message for cause in refusal.causes]
    except ExceptionWithMessage as refusal:
        causes = [refusal.message]
    except Exception as error:  # noqa: BLE001 -- SAM falls over much that cfn-lint explains; the user sees both
        causes = [f"the template is not what SAM expects ({type(error).__name__}: {error})"]
    return Translated(template, {}, tuple(_problem(template, cause) for cause in causes))


@cache
def _silence() -> None:
    import logging  # noqa: PLC0415 -- only who translates pays for it

    # Python prints the records of a library without a handler to stderr, which belongs to the command line.
    logging.getLogger("samtranslator").addHandler(logging.NullHandler())


def _transformed(data: dict[str, Any], values: Mapping[str, str], region: str) -> dict[str, Any]:
    from samtranslator.parser.parser import Parser  # noqa: PLC0415 -- heavy: only who translates pays for it
    from samtranslator.translator.translator import Translator  # noqa: PLC0415

    translator = Translator(None, Parser(), boto_session=_Session(region))
    # SAM carries AWS's managed policies with it; one it does not know stays the name it is.
    result: dict[str, Any] = translator.translate(data, dict(values), get_managed_policy_map=dict)
    return result


def _prepared(template: Template) -> dict[str, Any]:
    """A copy of the template as packaging would leave it, without what only CloudFormation can add."""
    # A copy by way of JSON also parts what YAML's aliases share, for SAM writes into what it is given.
    data: dict[str, Any] = json.loads(json.dumps(template.document.data))
    for code in template.code:
        if code.is_local:
            _replace(data, code)
    for section in ("Resources", "Outputs", "Conditions"):
        entries = data.get(section)
        if isinstance(entries, dict):
            data[section] = {name: entry for name, entry in entries.items() if not str(name).startswith("Fn::")}
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


def _settle_application(resource: dict[str, Any]) -> None:
    """Put an address in the place of an application's id, for which SAM would ask AWS."""
    match resource:
        case {"Properties": {"Location": {"ApplicationId": identifier, "SemanticVersion": version}}} if (
            identifier and version
        ):
            resource["Properties"]["Location"] = "s3://packaged/application"


def _problem(template: Template, cause: str) -> Problem:
    path = _named(template, cause)
    # A resource as a whole is best shown by its name.
    at: At = "key" if path[:1] != ("Resources",) or len(path) <= _RESOURCE else "value"
    return template.problem(path, f"SAM: {' '.join(cause.split())}", at=at)


def _named(template: Template, cause: str) -> Path:
    """The path of what a message of SAM's names: a resource, an event or a property of it; Globals; or nothing."""
    found = _ID.search(cause)
    if not found:
        return ("Globals",) if cause.startswith("'Globals'") else ()
    resource = template.maker_of(found[1])
    if not resource:
        return ("Resources",)
    # What SAM makes for an event is called after its function and the event.
    event = _EVENT.search(cause)
    name = event[1] if event else found[1].removeprefix(resource)
    properties: Path = ("Resources", resource, "Properties")
    its_event: Path = (*properties, "Events", name)
    data = template.document.data
    inside, whole = (properties, properties[:_RESOURCE])
    if name and written(data, its_event) == its_event:
        inside, whole = (*its_event, "Properties"), its_event
    paths = ((*inside, *word.split(".")) for word in _WORDS.findall(cause))
    return next((path for path in paths if written(data, path) == path), whole)
