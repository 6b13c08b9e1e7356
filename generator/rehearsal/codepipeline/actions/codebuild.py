"""Build and test actions of provider CodeBuild: a build of a project, with artifacts in and out.

https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodeBuild.html
"""

from __future__ import annotations

import json

from generator.rehearsal.codepipeline.builds import LINES_OF_LOG, BuildOrder, BuildResult, BuildVariable
from generator.rehearsal.codepipeline.context import ActionContext
from generator.rehearsal.codepipeline.failure import ActionFailedError, not_rehearsed
from generator.rehearsal.codepipeline.state import Artifact, Outcome

ACTION_TYPES = frozenset({("Build", "AWS"), ("Test", "AWS")})
SUCCEEDED = "SUCCEEDED"
TYPES = ("PLAINTEXT", "PARAMETER_STORE", "SECRETS_MANAGER")


def start(context: ActionContext) -> Outcome:
    """Run the build; its exported variables are the action's output variables."""
    if context.configuration.get("BatchEnabled", "false").lower() == "true":
        raise not_rehearsed("A batch build")
    if context.account != context.surroundings.account and context.action.outputs:
        # https://github.com/aws/aws-cdk/issues/4169: such a build cannot hand its artifacts over.
        raise not_rehearsed("A build of another account that has output artifacts")
    order = _order(context)
    build = context.builds.start(order)
    context.handle.say(external_id=build.id, url=build.url)
    result = build.result()
    for assumption in result.assumptions:
        context.handle.assume(assumption)
    so_far = Outcome(external_id=build.id, url=build.url, log=result.log[-LINES_OF_LOG:])
    if result.status != SUCCEEDED:
        raise ActionFailedError("JobFailed", _why(result), so_far)
    return Outcome(
        external_id=build.id,
        url=build.url,
        log=so_far.log,
        artifacts=_put(context, result, so_far),
        variables=dict(result.variables),
    )


def _order(context: ActionContext) -> BuildOrder:
    configuration = context.configuration
    folder = context.folder / "artifacts"
    folder.mkdir()
    return BuildOrder(
        project=configuration["ProjectName"],
        sources={name: context.fetch(name, for_build=True) for name in context.action.inputs},
        primary=_primary(context),
        outputs=context.action.outputs,
        environment=_environment(configuration.get("EnvironmentVariables", "[]")),
        folder=folder,
        role=context.action.role or context.role,
        initiator=f"codepipeline/{context.pipeline}",
        buildspec=configuration.get("BuildspecOverride"),
        client=context.client("codebuild"),
        places=_places(context),
        key=_key(context.store.key or ""),
        revisions={name: artifact.revision for name, artifact in context.inputs.items() if artifact.revision},
        region=context.region,
        clones={name: artifact.clone for name, artifact in context.inputs.items() if artifact.clone},
    )


def _key(named: str) -> str:
    """The artifacts' key; nothing for S3's own, which asks for no right of the reader's."""
    return "" if named.rpartition(":")[2].startswith("alias/aws/") else named


def _places(context: ActionContext) -> dict[str, str]:
    """The objects of the artifacts; an output's key is only like the one it will have, with another random end."""
    outputs = {name: context.place(name) for name in context.action.outputs}
    named = {**context.inputs, **outputs}
    return {name: f"arn:aws:s3:::{artifact.bucket}/{artifact.key}" for name, artifact in named.items()}


def _primary(context: ActionContext) -> str:
    inputs = context.action.inputs
    primary = context.configuration.get("PrimarySource", inputs[0] if len(inputs) == 1 else "")
    if primary not in inputs:
        raise ActionFailedError(
            "ConfigurationError",
            f"PrimarySource must be one of the input artifacts ({', '.join(inputs)}); it is '{primary}'.",
        )
    return primary


def _environment(text: str) -> tuple[BuildVariable, ...]:
    """The variables of the configuration. A value put in unquoted can break the JSON, which is an error."""
    try:
        variables = tuple(BuildVariable(**entry) for entry in json.loads(text))
    except (ValueError, TypeError) as error:
        raise ActionFailedError(
            "ConfigurationError", f"EnvironmentVariables is not a JSON array of variables: {error}"
        ) from None
    for variable in variables:
        if variable.type not in TYPES:
            raise ActionFailedError(
                "ConfigurationError",
                f"Type {variable.type} of variable {variable.name} is not one of {', '.join(TYPES)}.",
            )
    return variables


def _put(context: ActionContext, result: BuildResult, so_far: Outcome) -> tuple[Artifact, ...]:
    missing = [name for name in context.action.outputs if name not in result.artifacts]
    if missing:
        raise ActionFailedError(
            "ConfigurationError", f"The build made no artifact {', '.join(missing)}; see its buildspec.", so_far
        )
    return tuple(context.put(name, result.artifacts[name]) for name in context.action.outputs)


def _why(result: BuildResult) -> str:
    phase = f". Phase: {result.phase}" if result.phase else ""
    message = f", {result.message}" if result.message else ""
    return f"Build terminated with state: {result.status}{phase}{message}"
