"""Services that call each other, with a right and without: rules, APIs, topics, functions, and their logs."""

from __future__ import annotations

import itertools
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest

from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.emulator.lambdas import Function, archive
from tests.rehearsal.emulator.roles import ACCOUNT, Role, refused, statement
from tests.rehearsal.emulator.stacks import Stack

HANDLER = "def handler(event, context):\n    print('written')\n    return {'statusCode': 200, 'body': 'hello'}"
_numbers = itertools.count(1)


def eventually(condition: Callable[[], Any]) -> Any:
    """What `condition` returns, as soon as that is true."""
    until = time.monotonic() + 120
    while not (result := condition()):
        assert time.monotonic() < until, "it never came"
        time.sleep(0.02)
    return result


def refusals(emulator: Emulator, principal: str, resource: str) -> list[dict[str, Any]]:
    denials = emulator.ledger()["denials"]
    return [denial for denial in denials if (denial["principal"], denial["resource"]) == (principal, resource)]


@pytest.fixture(scope="session")
def function(emulator: Emulator) -> str:
    """The ARN of a function that nobody has been let into yet."""
    definition = Function(emulator, HANDLER, "python3.11")
    return str(emulator.client("lambda").get_function(FunctionName=definition.name)["Configuration"]["FunctionArn"])


class Rule:
    """A rule for events of its own source, with one target."""

    def __init__(self, emulator: Emulator, target: str) -> None:
        self._emulator = emulator
        self.name = f"rule-{next(_numbers)}"
        events = emulator.client("events")
        pattern = json.dumps({"source": [self.name]})
        self.arn = str(events.put_rule(Name=self.name, EventPattern=pattern)["RuleArn"])
        events.put_targets(Rule=self.name, Targets=[{"Id": "it", "Arn": target}])

    def fire(self) -> None:
        entry = {"Source": self.name, "DetailType": "tick", "Detail": "{}"}
        self._emulator.client("events").put_events(Entries=[entry])


def logged(emulator: Emulator, function: str) -> bool:
    group = f"/aws/lambda/{function.rpartition(':')[2]}"
    groups = emulator.client("logs").describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    return bool(groups) and bool(emulator.client("logs").filter_log_events(logGroupName=group)["events"])


def test_a_rule_reaches_a_function_whose_policy_admits_that_rule(emulator: Emulator) -> None:
    definition = Function(emulator, HANDLER, "python3.11")
    client = emulator.client("lambda")
    arn = client.get_function(FunctionName=definition.name)["Configuration"]["FunctionArn"]
    rule = Rule(emulator, arn)
    rule.fire()
    (denial,) = eventually(lambda: refusals(emulator, "events.amazonaws.com", arn))
    assert denial["why"].endswith("because no resource-based policy allows the lambda:InvokeFunction action")
    assert not logged(emulator, arn)
    add = client.add_permission
    request = {"FunctionName": definition.name, "Action": "lambda:InvokeFunction", "Principal": "events.amazonaws.com"}
    add(StatementId="rule", SourceArn=json.loads(denial["remedy"])["Condition"]["ArnLike"]["aws:SourceArn"], **request)
    rule.fire()
    eventually(lambda: logged(emulator, arn))


def test_a_permission_for_another_rule_is_none(emulator: Emulator, function: str) -> None:
    client = emulator.client("lambda")
    other = f"arn:aws:events:us-east-1:{ACCOUNT}:rule/another"
    request = {"Action": "lambda:InvokeFunction", "Principal": "events.amazonaws.com", "SourceArn": other}
    client.add_permission(FunctionName=function, StatementId="another", **request)
    Rule(emulator, function).fire()
    (denial,) = eventually(lambda: refusals(emulator, "events.amazonaws.com", function))
    assert "asks for ArnLike" in denial["nearly"][0]


def test_a_rule_publishes_to_a_topic_whose_policy_admits_events(emulator: Emulator) -> None:
    sns, sqs = emulator.client("sns"), emulator.client("sqs")
    topic = sns.create_topic(Name="of-events")["TopicArn"]
    queue = sqs.create_queue(QueueName="of-events")["QueueUrl"]
    queue_arn = f"arn:aws:sqs:us-east-1:{ACCOUNT}:of-events"
    takes = statement("sqs:SendMessage", queue_arn, Principal={"Service": "sns.amazonaws.com"})
    policy = json.dumps({"Version": "2012-10-17", "Statement": [takes]})
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn)
    rule = Rule(emulator, topic)
    rule.fire()
    (denial,) = eventually(lambda: refusals(emulator, "events.amazonaws.com", topic))
    sentence = json.loads(denial["remedy"])
    text = json.dumps({"Version": "2012-10-17", "Statement": [sentence]})
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=text)
    rule.fire()
    eventually(lambda: sqs.receive_message(QueueUrl=queue).get("Messages"))


def test_a_rule_sends_to_a_queue_whose_policy_admits_events(emulator: Emulator) -> None:
    sqs = emulator.client("sqs")
    queue = sqs.create_queue(QueueName="fed-by-events")["QueueUrl"]
    arn = f"arn:aws:sqs:us-east-1:{ACCOUNT}:fed-by-events"
    rule = Rule(emulator, arn)
    rule.fire()
    (denial,) = eventually(lambda: refusals(emulator, "events.amazonaws.com", arn))
    text = json.dumps({"Version": "2012-10-17", "Statement": [json.loads(denial["remedy"])]})
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": text})
    rule.fire()
    assert len(eventually(lambda: sqs.receive_message(QueueUrl=queue).get("Messages"))) == 1


def test_a_topic_calls_a_function_whose_policy_admits_that_topic(emulator: Emulator) -> None:
    definition = Function(emulator, HANDLER, "python3.11")
    sns, client = emulator.client("sns"), emulator.client("lambda")
    arn = client.get_function(FunctionName=definition.name)["Configuration"]["FunctionArn"]
    topic = sns.create_topic(Name="with-a-function")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=arn)
    request = {"FunctionName": definition.name, "Action": "lambda:InvokeFunction", "Principal": "sns.amazonaws.com"}
    client.add_permission(StatementId="another", SourceArn=f"{topic}-of-others", **request)
    sns.publish(TopicArn=topic, Message="m")
    (denial,) = eventually(lambda: refusals(emulator, "sns.amazonaws.com", arn))
    assert (denial["action"], denial["behind"]) == ("lambda:InvokeFunction", topic)
    assert "asks for ArnLike" in denial["nearly"][0]
    assert not logged(emulator, arn)
    client.add_permission(StatementId="topic", SourceArn=topic, **request)
    sns.publish(TopicArn=topic, Message="m")
    eventually(lambda: logged(emulator, arn))


def _ask(emulator: Emulator, url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(emulator.api_url(url), timeout=30) as answer:  # noqa: S310 - http on this machine
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def _application(kind: str) -> dict[str, Any]:
    """A function behind an API, both made by SAM, which makes the permission."""
    function = {
        "Type": "AWS::Serverless::Function",
        "Properties": {
            "Runtime": "python3.11",
            "Handler": "index.handler",
            "InlineCode": HANDLER,
            "Events": {"Get": {"Type": kind, "Properties": {"Path": "/time", "Method": "get"}}},
        },
    }
    return {"Api": function}


@pytest.mark.parametrize(
    ("kind", "api", "stage", "message"),
    [
        ("Api", "ServerlessRestApi", "Prod/", "Internal server error"),
        ("HttpApi", "ServerlessHttpApi", "", "Internal Server Error"),
    ],
)
def test_an_api_calls_its_function_by_a_permission(
    emulator: Emulator, kind: str, api: str, stage: str, message: str
) -> None:
    stack = Stack(emulator, _application(kind), Transform="AWS::Serverless-2016-10-31")
    assert stack.status == "CREATE_COMPLETE", stack.failures
    url = f"https://{stack.physical_id(api)}.execute-api.us-east-1.amazonaws.com/{stage}time"
    assert _ask(emulator, url) == (200, "hello")
    client = emulator.client("lambda")
    name = stack.physical_id("Api")
    arn = client.get_function(FunctionName=name)["Configuration"]["FunctionArn"]
    for sentence in json.loads(client.get_policy(FunctionName=name)["Policy"])["Statement"]:
        client.remove_permission(FunctionName=name, StatementId=sentence["Sid"])
    assert _ask(emulator, url) == (500, json.dumps({"message": message}))
    (denial,) = refusals(emulator, "apigateway.amazonaws.com", arn)
    assert denial["behind"].endswith("/GET/time")


def test_an_authorizer_is_called_by_a_permission_of_its_own(emulator: Emulator) -> None:
    application = _application("HttpApi")
    says_yes = "def handler(event, context):\n    return {'isAuthorized': True}"
    guard = {**application["Api"]["Properties"], "InlineCode": says_yes, "Events": {}}
    settings = {
        "FunctionArn": {"Fn::GetAtt": ["Guard", "Arn"]},
        "AuthorizerPayloadFormatVersion": "2.0",
        "EnableSimpleResponses": True,
        "Identity": {"ReauthorizeEvery": 0},
    }
    auth = {"Authorizers": {"Mine": settings}, "DefaultAuthorizer": "Mine"}
    resources = {
        "Own": {"Type": "AWS::Serverless::HttpApi", "Properties": {"Auth": auth}},
        "Guard": {"Type": "AWS::Serverless::Function", "Properties": guard},
        **application,
    }
    application["Api"]["Properties"]["Events"]["Get"]["Properties"]["ApiId"] = {"Ref": "Own"}
    stack = Stack(emulator, resources, Transform="AWS::Serverless-2016-10-31")
    assert stack.status == "CREATE_COMPLETE", stack.failures
    url = f"https://{stack.physical_id('Own')}.execute-api.us-east-1.amazonaws.com/time"
    assert _ask(emulator, url)[0] == 500
    client, name = emulator.client("lambda"), stack.physical_id("Guard")
    arn = client.get_function(FunctionName=name)["Configuration"]["FunctionArn"]
    (denial,) = refusals(emulator, "apigateway.amazonaws.com", arn)
    assert "/authorizers/" in denial["behind"]
    request = {"Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com"}
    client.add_permission(FunctionName=name, StatementId="api", SourceArn=denial["behind"], **request)
    assert _ask(emulator, url) == (200, "hello")


def test_the_deprecated_call_for_an_event_runs_the_function_under_its_own_right(emulator: Emulator) -> None:
    definition = Function(emulator, HANDLER, "python3.11")
    arn = emulator.client("lambda").get_function(FunctionName=definition.name)["Configuration"]["FunctionArn"]
    caller = Role(emulator, statement("lambda:InvokeFunction"))
    request = {"FunctionName": definition.name, "InvokeArgs": b"{}"}
    assert "lambda:InvokeAsync on resource" in refused(caller.client("lambda").invoke_async, **request)
    caller.grant(statement("lambda:InvokeAsync", arn))
    assert caller.client("lambda").invoke_async(**request)["Status"] == 202
    eventually(lambda: logged(emulator, arn))


def test_a_function_writes_its_log_with_the_rights_of_its_role(emulator: Emulator) -> None:
    role = Role(emulator)
    client = emulator.client("lambda")
    code = {"ZipFile": archive({"index.py": HANDLER})}
    answer = client.create_function(
        FunctionName="taciturn", Runtime="python3.11", Handler="index.handler", Role=role.arn, Code=code
    )
    client.invoke(FunctionName="taciturn")
    group = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/aws/lambda/taciturn:log-stream:"
    (denial,) = eventually(lambda: refusals(emulator, role.arn, group))
    assert denial["action"] == "logs:CreateLogGroup"
    assert not logged(emulator, answer["FunctionArn"])
    role.grant(statement("logs:*", f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/aws/lambda/taciturn:*"))
    client.invoke(FunctionName="taciturn")
    eventually(lambda: logged(emulator, answer["FunctionArn"]))
