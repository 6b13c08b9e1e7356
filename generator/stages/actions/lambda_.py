"""Lambda: the functions of a stack, and the actions that invoke them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from generator.model.action import Action, Purpose
from generator.model.function import Function
from generator.model.iam import Role, Statement
from generator.model.pipeline import Settings
from generator.model.text import Json, as_json

_ANSWER = ("codepipeline:PutJobFailureResult", "codepipeline:PutJobSuccessResult")


def function(
    logical_id: str,
    name: str,
    code: tuple[str, int, str],
    settings: Settings,
    statements: Iterable[Statement],
) -> Function:
    """A function that answers CodePipeline's jobs, with role and log; `code` is text, seconds and comment."""
    text, seconds, comment = code
    full_name = f"${{ServiceName}}_{name}"
    logs = settings.log_group(f"{logical_id}Logs", f"/aws/lambda/{full_name}", f"The log of {name}.")
    # CodePipeline gives a job's answer no resource to name:
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodepipeline.html
    why = "IAM knows no resource for the answer to a job; only who was called for a job knows its id."
    answer = Statement("AnswerJobs", _ANSWER, ("*",), comment=why)
    role = Role(f"{logical_id}Role", "lambda", (logs.write(), answer, *statements), f"What {name} may do.")
    return Function(logical_id, full_name, comment, text, seconds, role, logs)


def action(name: str, function: Function, purpose: Purpose, parameters: Mapping[str, Json], namespace: str) -> Action:
    """An action that invokes a function with these parameters."""
    return Action(
        name=name,
        category="Invoke",
        provider="Lambda",
        configuration={"FunctionName": function.reference, "UserParameters": as_json(parameters)},
        namespace=namespace,
        purpose=purpose,
        blocks=(function,),
        statements=(Statement("InvokeFunctions", ("lambda:InvokeFunction",), (function.arn,)),),
    )
