"""Whoever has nothing but the approvers' policy may approve, look, and do nothing else."""

from __future__ import annotations

from typing import Any

from generator.execution import ActionWaiting
from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.driver.rehearsals import Stage
from tests.rehearsal.driver.small import Small
from tests.rehearsal.emulator.roles import Role, refused

STAGES = """
  - gamma: {approval: true}
  - prod: {approval: {separate: true, approvers_policy: true}}"""
PIPELINE = "approved-pipeline"


def approver(emulator: Emulator) -> Role:
    outputs = emulator.client("cloudformation").describe_stacks(StackName=PIPELINE)["Stacks"][0]["Outputs"]
    policy = next(output["OutputValue"] for output in outputs if output["OutputKey"] == "ProdApproversPolicy")
    role = Role(emulator)
    emulator.client("iam").attach_role_policy(RoleName=role.name, PolicyArn=policy)
    return role


def answer(stage: str) -> dict[str, Any]:
    result = {"summary": "looks good", "status": "Approved"}
    return {"pipelineName": PIPELINE, "stageName": stage, "actionName": "Approve", "result": result, "token": "a" * 36}


def test_the_policy_answers_one_approval_and_shows_the_pipeline(stage: Stage) -> None:
    answered: list[str] = []

    def approve(waiting: ActionWaiting) -> bool:
        if waiting.stage != "ProdApproval":
            return True
        codepipeline = approver(stage.emulator).client("codepipeline")
        assert "PutApprovalResult" in refused(codepipeline.put_approval_result, **answer("Gamma"))
        assert "StartPipelineExecution" in refused(codepipeline.start_pipeline_execution, name=PIPELINE)
        assert "ListPipelines" in refused(codepipeline.list_pipelines)
        asked: dict[str, Any] = {"pipelineName": PIPELINE}
        codepipeline.list_action_executions(**asked)
        (execution, *_) = codepipeline.list_pipeline_executions(**asked)["pipelineExecutionSummaries"]
        codepipeline.get_pipeline_execution(**asked, pipelineExecutionId=execution["pipelineExecutionId"])
        codepipeline.get_pipeline(name=PIPELINE)
        states = codepipeline.get_pipeline_state(name=PIPELINE)["stageStates"]
        (state,) = [state for state in states if state["stageName"] == "ProdApproval"]
        (token,) = [
            state["latestExecution"]["token"] for state in state["actionStates"] if state["actionName"] == "Approve"
        ]
        codepipeline.put_approval_result(**{**answer("ProdApproval"), "token": token})
        answered.append(token)
        return True

    result = stage.rehearse(Small("approved", stages=STAGES), approve=approve)
    assert len(answered) == 1
    assert (result.outcome.status, result.ended[-1]) == ("Succeeded", "Prod/Test")
