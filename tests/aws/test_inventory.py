"""What belongs to a service, found among everything else of an account."""

from __future__ import annotations

import json

from botocore.stub import Stubber

from generator.aws.environments import Place, Reach
from generator.aws.inventory import Elsewhere, inventory
from tests.aws.local import Cloud, door_to

TOPIC = '{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}'
ROLE = "arn:aws:iam::123456789012:role/old-pipeline-BetaDeployRole-1"


def test_another_service_s_stacks_are_none_of_ours(cloud: Cloud) -> None:
    cloud.client("cloudformation").create_stack(StackName="alone-beta", TemplateBody=TOPIC)
    contents = inventory(Reach(cloud.door), "alone-pipeline")
    assert (contents.pipeline, contents.deployed, contents.kept) == (None, (), ())


def test_a_stack_under_review_is_found_and_holds_nothing(cloud: Cloud) -> None:
    cloud.client("cloudformation").create_change_set(
        StackName="review-pipeline", ChangeSetName="one", ChangeSetType="CREATE", TemplateBody=TOPIC
    )
    contents = inventory(Reach(cloud.door), "review-pipeline")
    assert contents.pipeline is not None
    assert (contents.pipeline.status, contents.deployed, contents.kept) == ("REVIEW_IN_PROGRESS", (), ())


def test_a_stack_deployed_with_the_pipeline_s_role_is_found_whatever_it_is_called() -> None:
    door = door_to("http://127.0.0.1:9")
    cloudformation, iam = Stubber(door.client("cloudformation")), Stubber(door.client("iam"))
    stack = {"CreationTime": door.clock(), "StackStatus": "CREATE_COMPLETE"}
    gone = {**stack, "StackName": "old-pipeline", "StackId": "arn:old", "StackStatus": "DELETE_COMPLETE"}
    skipped = {
        "StackId": "arn:old",
        "EventId": "1",
        "StackName": "old-pipeline",
        "Timestamp": door.clock(),
        "LogicalResourceId": "BetaDeployRole",
        "PhysicalResourceId": "old-pipeline-BetaDeployRole-1",
        "ResourceType": "AWS::IAM::Role",
        "ResourceStatus": "DELETE_SKIPPED",
    }
    cloudformation.add_client_error("describe_stacks", "ValidationError", "Stack with id old-pipeline does not exist")
    cloudformation.add_response("list_stacks", {"StackSummaries": [gone]})
    cloudformation.add_response("describe_stack_events", {"StackEvents": [skipped]})
    role = {"Path": "/", "RoleName": "old-pipeline-BetaDeployRole-1", "RoleId": "A" * 16, "Arn": ROLE}
    iam.add_response("get_role", {"Role": {**role, "CreateDate": door.clock()}})
    cloudformation.add_response("describe_stacks", {"Stacks": [gone]})
    cloudformation.add_response("get_template", {"TemplateBody": json.dumps({"Resources": {}})})
    renamed = {**stack, "StackName": "renamed", "StackId": "arn:renamed", "RoleARN": ROLE}
    other = {**stack, "StackName": "other", "StackId": "arn:other", "RoleARN": f"{ROLE}2"}
    cloudformation.add_response("describe_stacks", {"Stacks": [other, renamed]})
    with cloudformation, iam:
        contents = inventory(Reach(door), "old-pipeline")
    assert [(stack.stack.name, stack.stage, stack.guarded) for stack in contents.deployed] == [("renamed", "", True)]


def deploy(stack: object, order: int = 1) -> dict[str, object]:
    kind = {"Category": "Deploy", "Owner": "AWS", "Provider": "CloudFormation", "Version": "1"}
    return {"Name": "Deploy", "ActionTypeId": kind, "RunOrder": order, "Configuration": {"StackName": stack}}


APPROVAL = {"Name": "Approve", "ActionTypeId": {"Category": "Approval", "Owner": "AWS", "Provider": "Manual"}}


def test_stages_are_read_from_the_launched_template_and_guarded_behind_an_approval() -> None:
    stages = [
        {"Name": "Beta", "Actions": [deploy({"Fn::Sub": "${ServiceName}-beta"})]},
        {"Name": "Live", "Actions": [APPROVAL, deploy("own-name"), deploy("own-name", 3)]},
        {"Name": "LateApproval", "Actions": [APPROVAL]},
        {"Name": "Late", "Actions": [deploy("late")]},
        {"Name": "Production", "Actions": [deploy({"Fn::Sub": "${ServiceName}-production"})]},
        {"Name": "Prod", "Actions": [deploy({"Fn::Sub": "${ServiceName}-prod"})]},
        {"Name": "Gamma", "Actions": [deploy({"Fn::Sub": "${ServiceName}-gamma"})]},
        {
            "Name": "Site",
            "Actions": [{"Name": "Deploy", "ActionTypeId": {"Category": "Build", "Provider": "CodeBuild"}}],
        },
    ]
    template = {"Resources": {"Pipeline": {"Type": "AWS::CodePipeline::Pipeline", "Properties": {"Stages": stages}}}}
    door = door_to("http://127.0.0.1:9")
    stub = Stubber(door.client("cloudformation"))
    common = {"CreationTime": door.clock(), "StackStatus": "CREATE_COMPLETE"}
    parameters = [{"ParameterKey": "ServiceName", "ParameterValue": "time"}]
    launched = {**common, "StackName": "time-pipeline", "StackId": "arn:time", "Parameters": parameters}
    stub.add_response("describe_stacks", {"Stacks": [launched]})
    stub.add_response("list_stacks", {"StackSummaries": []})
    stub.add_response("get_template", {"TemplateBody": json.dumps(template)})
    stub.add_response("list_stack_resources", {"StackResourceSummaries": []})
    stub.add_response("describe_stack_events", {"StackEvents": []})
    stub.add_response("describe_stacks", {"Stacks": [launched]})
    stub.add_response("get_template", {"TemplateBody": json.dumps(template)})
    names = {"time-beta": "CREATE_COMPLETE", "own-name": "UPDATE_COMPLETE", "time-production": "CREATE_COMPLETE"}
    names |= {"time-prod": "REVIEW_IN_PROGRESS", "time-else": "CREATE_COMPLETE", "late": "CREATE_COMPLETE"}
    there = [{**common, "StackName": n, "StackId": f"arn:{n}", "StackStatus": s} for n, s in names.items()]
    stub.add_response("describe_stacks", {"Stacks": there})
    with stub:
        contents = inventory(Reach(door), "time-pipeline")
    assert {stack.stack.name: stack.order for stack in contents.deployed if stack.order > 1} == {"own-name": 3}
    assert contents.by_commands == ("Site",)
    assert [(stack.stack.name, stack.stage, stack.guarded) for stack in contents.deployed] == [
        ("time-beta", "Beta", False),
        ("own-name", "Live", True),
        ("late", "Late", True),
        ("time-production", "Production", True),
        ("time-prod", "Prod", False),
    ]


def test_a_stack_of_another_account_is_told_apart_from_one_of_its_name_here() -> None:
    door = door_to("http://127.0.0.1:9")
    cloudformation = Stubber(door.client("cloudformation"))
    pipeline = {"CreationTime": door.clock(), "StackStatus": "CREATE_COMPLETE", "StackId": "arn:p", "StackName": "p"}
    role = {"Fn::Sub": "arn:${AWS::Partition}:iam::444455556666:role/${ServiceName}-ActionRole-production"}
    actions = [
        {"ActionTypeId": {"Category": "Deploy", "Provider": "CloudFormation"}, "Configuration": {"StackName": name}}
        | ({"RoleArn": role} if name == "p-prod" else {})
        for name in ("p-beta", "p-prod")
    ]
    stages = [{"Name": "All", "Actions": actions}]
    template = {"Resources": {"P": {"Type": "AWS::CodePipeline::Pipeline", "Properties": {"Stages": stages}}}}
    here = [{**pipeline, "StackId": f"arn:{name}", "StackName": name} for name in ("p-beta", "p-prod")]
    cloudformation.add_response("describe_stacks", {"Stacks": [pipeline]})
    cloudformation.add_response("list_stacks", {"StackSummaries": []})
    cloudformation.add_response("get_template", {"TemplateBody": json.dumps(template)})
    cloudformation.add_response("list_stack_resources", {"StackResourceSummaries": []})
    cloudformation.add_response("describe_stack_events", {"StackEvents": []})
    cloudformation.add_response("describe_stacks", {"Stacks": [pipeline]})
    cloudformation.add_response("get_template", {"TemplateBody": json.dumps(template)})
    cloudformation.add_response("describe_stacks", {"Stacks": here})
    identity = Stubber(door.client("sts"))
    identity.add_response("get_caller_identity", {"Account": "111122223333"})
    with cloudformation, identity:
        contents = inventory(Reach(door), "p")
    assert [deployed.stack.name for deployed in contents.deployed] == ["p-beta"]
    assert contents.elsewhere == (Elsewhere("p-prod", Place("production", "444455556666")),)
