"""AWS's refusals in words, as botocore raises them."""

from __future__ import annotations

import pytest
from botocore import exceptions
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from generator.aws.door import Door, Settings, refusals
from generator.errors import AwsRefusedError
from tests.aws.local import door_to

NOWHERE = "http://127.0.0.1:9"
TOKEN = "FwoGZXIvYXdzEBYaDF-a-session-token"  # noqa: S105 - nobody's
DENIED = (
    "User: arn:aws:sts::123456789012:assumed-role/dev/ann is not authorized to perform: "
    "cloudformation:CreateChangeSet on resource: arn:aws:cloudformation:eu-west-1:123456789012:stack/x-pipeline/* "
    "because no identity-based policy allows the cloudformation:CreateChangeSet action"
)


def answered(code: str, message: str = "said AWS", *, region: str = "eu-west-1", profile: str = "") -> str:
    """What the user reads when DescribeStacks is answered with an error."""
    client = door_to(NOWHERE).client("cloudformation")
    stub = Stubber(client)
    stub.add_client_error("describe_stacks", code, message)
    with stub, pytest.raises(AwsRefusedError) as refused, refusals(profile, region):
        client.describe_stacks()
    assert refused.value.exit_code == 4
    return str(refused.value)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("ExpiredToken", "have expired"),
        ("ExpiredTokenException", "have expired"),
        ("InvalidClientTokenId", "does not accept these credentials in eu-west-1\n"),
        ("SignatureDoesNotMatch", "does not accept these credentials in eu-west-1\n"),
        ("Throttling", "kept throttling DescribeStacks"),
        ("InternalFailure", "internal error in DescribeStacks"),
        ("AccessDenied", "may not DescribeStacks\n"),
        ("SomethingNew", "AWS refused DescribeStacks: said AWS (SomethingNew)"),
    ],
)
def test_each_answer_has_its_words(code: str, message: str) -> None:
    assert message in answered(code)


@pytest.mark.parametrize("code", ["InvalidClientTokenId", "AuthFailure", "UnrecognizedClientException"])
def test_a_region_that_may_be_switched_off_is_told_of(code: str) -> None:
    assert "switched on" in answered(code, region="af-south-1")
    assert "switched on" not in answered(code, region="us-gov-west-1")


def test_a_region_aws_calls_switched_off_is_told_of_whatever_it_is_called() -> None:
    assert "switched on" in answered("OptInRequired", region="eu-west-1")


def test_a_missing_right_names_action_resource_and_reason() -> None:
    answer = answered("AccessDenied", DENIED)
    stack = "arn:aws:cloudformation:eu-west-1:123456789012:stack/x-pipeline/*"
    assert f"may not cloudformation:CreateChangeSet on {stack}: no identity-based policy allows" in answer
    assert f"allow cloudformation:CreateChangeSet on {stack}" in answer


def test_the_coded_part_of_a_denial_is_left_out() -> None:
    answer = answered("UnauthorizedOperation", f"{DENIED}. Encoded authorization failure message: Zm9v")
    assert "Zm9v" not in answer


def test_session_tokens_that_aws_repeats_are_not_said() -> None:
    message = f"The Canonical String should have been 'x-amz-security-token:{TOKEN}'"
    assert TOKEN not in answered("SignatureDoesNotMatch", message)
    assert TOKEN not in answered("InvalidToken", f"The provided token {TOKEN} is malformed")


def test_the_profile_is_part_of_the_advice() -> None:
    assert "aws sso login --profile work" in answered("ExpiredToken", profile="work")


def test_a_stack_that_is_not_there_leads_to_launch() -> None:
    answer = answered("ValidationError", "Stack with id time-pipeline does not exist")
    assert answer.startswith("there is no stack time-pipeline in eu-west-1")
    assert "`penstock launch`" in answer


def test_a_pipeline_that_is_not_there_leads_to_launch() -> None:
    answer = answered("PipelineNotFoundException", "Account '1' does not have a pipeline with name 'time-pipeline'")
    assert answer.startswith("there is no pipeline time-pipeline in eu-west-1")
    assert "`penstock launch`" in answer


@pytest.mark.parametrize(
    ("raised", "message"),
    [
        (exceptions.NoCredentialsError(), "no AWS credentials were found"),
        (exceptions.PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY"), "only half"),
        (exceptions.UnauthorizedSSOTokenError(), "sign-in is missing or has expired"),
        (exceptions.CredentialRetrievalError(provider="p", error_msg=TOKEN), "could not be fetched"),
        (exceptions.NoRegionError(), "no AWS region is set"),
        (exceptions.ProfileNotFound(profile="work"), "no AWS profile 'work'"),
        (exceptions.EndpointConnectionError(endpoint_url="https://x"), "could not be reached in eu-west-1"),
        (exceptions.ReadTimeoutError(endpoint_url="https://x"), "could not be reached in eu-west-1"),
        (exceptions.ProxyConnectionError(proxy_url=f"http://a:{TOKEN}@b"), "could not be reached"),
        (exceptions.SSLError(endpoint_url="https://x", error=OSError()), "AWS_CA_BUNDLE"),
        (exceptions.ConfigParseError(path="/c", error="e"), "AWS could not be asked: Unable to parse config file"),
    ],
)
def test_what_goes_wrong_before_an_answer_has_its_words(raised: Exception, message: str) -> None:
    with pytest.raises(AwsRefusedError) as refused, refusals("work", "eu-west-1"):
        raise raised
    assert message in str(refused.value)
    assert TOKEN not in str(refused.value)


@pytest.mark.parametrize("raised", [KeyError("x"), exceptions.ParamValidationError(report="no such parameter")])
def test_a_mistake_of_ours_is_not_blamed_on_aws(raised: Exception) -> None:
    with pytest.raises(type(raised)), refusals():
        raise raised


def test_it_decorates_a_function_too() -> None:
    @refusals()
    def asks() -> None:
        raise exceptions.NoCredentialsError

    with pytest.raises(AwsRefusedError):
        asks()


def test_botocore_s_own_error_stays_at_hand_for_the_log() -> None:
    error = ClientError({"Error": {"Code": "Throttling", "Message": "m"}}, "GetPipeline")
    with pytest.raises(AwsRefusedError) as refused, refusals():
        raise error
    assert refused.value.__cause__ is error


def test_an_endpoint_nobody_listens_at_is_a_network_that_is_lost() -> None:
    door = Door(Settings("no-such-profile-here", "eu-west-1"))
    with pytest.raises(AwsRefusedError, match="no AWS profile"), refusals("no-such-profile-here"):
        door.account()
