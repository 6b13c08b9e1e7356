"""The AWS::Serverless transform: AWS's own, run here without any call to AWS.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from generator.rehearsal.cloudformation.errors import TemplateError
from generator.rehearsal.cloudformation.transforms import SERVERLESS, declared
from generator.repository.cache.answers import FORGETFUL, Answers


class _Session(NamedTuple):
    """All that SAM asks of a session; one of boto3's would look for the user's profile."""

    region_name: str


def apply(
    template: Mapping[str, Any],
    parameters: Mapping[str, Any],
    region: str,
    managed_policies: Callable[[], Mapping[str, str]],
    *,
    answers: Answers = FORGETFUL,
) -> dict[str, Any]:
    """The template as SAM transforms it with these values of its parameters; unchanged where it is not declared.

    `managed_policies` gives the ARNs of AWS's managed policies by their names, which SAM templates may use.
    Raises TemplateError with SAM's own reasons.
    """
    if SERVERLESS not in declared(template):
        return dict(template)
    # This file decides too what comes of it.
    versions = version("aws-sam-translator"), Path(__file__).read_text(encoding="utf-8")
    question = ("SAM in a stack", *versions, region, json.dumps(template), json.dumps(dict(parameters)))
    result: dict[str, Any] = answers.remembered(
        question, lambda: _applied(template, parameters, region, managed_policies)
    )
    return result


def _applied(
    template: Mapping[str, Any],
    parameters: Mapping[str, Any],
    region: str,
    managed_policies: Callable[[], Mapping[str, str]],
) -> dict[str, Any]:
    from samtranslator.model.exceptions import ExceptionWithMessage  # noqa: PLC0415 - heavy: who needs it pays for it
    from samtranslator.parser.parser import Parser  # noqa: PLC0415
    from samtranslator.translator.translator import Translator  # noqa: PLC0415

    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    # A copy by way of JSON also parts what YAML's aliases share, for SAM writes into what it is given.
    copy = json.loads(json.dumps(template))
    translator = Translator(None, Parser(), boto_session=_Session(region))
    try:
        result: dict[str, Any] = translator.translate(
            copy, dict(parameters), get_managed_policy_map=lambda: dict(managed_policies())
        )
    except ExceptionWithMessage as refusal:
        causes = [cause.message for cause in getattr(refusal, "causes", [])]
        words = " ".join([refusal.message, *causes])
        raise TemplateError(f"Transform {SERVERLESS} failed with: {words}") from None
    return result
