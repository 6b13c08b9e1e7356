"""Templates that a build makes for each stage: what it is told of them, and what is known of them before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from generator.application.template import Template
from generator.model.deployment import Deployment
from generator.model.pipeline import App
from generator.model.stage import Stage
from generator.model.text import Text, as_json, literal
from generator.pipeline_file.file import File

_PARAMETER = "PenstockParameter"
# Where the tool wants an ARN it gets one that nobody has.
_ARN = "arn:aws:sqs:us-east-1:000000000000:"
_ENDS_AS_ARN = "Arn}"


def build_variables(part: File, app: App, stages: Sequence[Stage]) -> dict[str, Text]:
    """What tells the build of a service's template, or of the stages that it makes one for."""
    if not part.has_stacks:
        return {}
    if not part.framework.BY_STAGE:
        return {"APP_TEMPLATE": literal(app.template)}
    by_stage = [_stage(part, stage) for stage in stages]
    url = {"URL_OUTPUT": app.url} if app.url else {}
    return {"TEMPLATE_OF_STAGE": literal(app.template), "STAGES": as_json(by_stage), **url}


def described(file: File, stages: Sequence[Stage]) -> dict[str, Template]:
    """What is known of templates that the build makes, by the names of their deployments."""
    templates: dict[str, Template] = {}
    for part in file.parts:
        for stage in stages if part.framework.BY_STAGE and part.has_stacks else ():
            deployment = stage.deployment_of(part.word)
            at = (part.repository, part.app.path, stage.word)
            if template := part.framework.described(*at, deployment.stack):
                templates[deployment.name] = template
    return templates


def deployed(file: File, stage: Stage) -> Stage:
    """A stage without the parameters that the build has taken: what is left are outputs of other stacks."""
    frameworks = {part.word: part.framework for part in file.parts}
    return stage._replace(
        deployments=tuple(
            each._replace(parameters=_left(each)) if frameworks[each.service].PARAMETERS_IN_BUILD else each
            for each in stage.deployments
        )
    )


def _stage(part: File, stage: Stage) -> Mapping[str, object]:
    deployment = stage.deployment_of(part.word)
    parameters = dict(deployment.parameters)
    if part.framework.PARAMETERS_IN_BUILD:
        parameters = {name: _packaged(name, text, deployment) for name, text in parameters.items()}
    return {"stage": stage.word, "stack": deployment.stack, "parameters": parameters}


def _packaged(name: str, text: Text, deployment: Deployment) -> Text:
    """What a parameter is while a service is packaged: itself, or a token where an output will be known only later."""
    if not _is_output(text, deployment):
        return text
    return f"{_ARN}{_token(name)}" if text.endswith(_ENDS_AS_ARN) else _token(name)


def _left(deployment: Deployment) -> dict[str, Text]:
    return {_token(name): text for name, text in deployment.parameters.items() if _is_output(text, deployment)}


def _is_output(text: Text, deployment: Deployment) -> bool:
    return bool(deployment.reads) and "#{" in text


def _token(name: str) -> str:
    return _PARAMETER + "".join(filter(str.isalnum, name))
