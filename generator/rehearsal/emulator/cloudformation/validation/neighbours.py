"""What services refuse of a resource because of what it refers to: queues, streams, functions, methods, buckets.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-deploy-api.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from generator.rehearsal.emulator.ministack import apigateway, dynamodb, lambda_, s3, sqs
from generator.rehearsal.emulator.ministack.cloudformation_resources import PlannedResource, Properties

_S3 = frozenset({"s3.amazonaws.com", "*"})
_STREAMS = frozenset({"dynamodb", "kinesis"})


class NeighbourError(ValueError):
    """Why a resource does not fit what it refers to."""


def refuse(resource: PlannedResource) -> None:
    """Raise NeighbourError for the first thing the resource's service would refuse."""
    check = _CHECKS.get(resource.type)
    if check:
        check(resource.properties)


def _mapping(properties: Properties) -> None:
    """Lambda's own words; what has no source on AWS (a broker, a cluster) is not looked at."""
    source = str(properties.get("EventSourceArn", ""))
    service = [*source.split(":"), "", "", ""][2]
    if service in _STREAMS and not properties.get("StartingPosition"):
        raise _of_lambda(
            "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint:"
            " Member must not be null."
        )
    if service == "dynamodb" and not dynamodb.has_stream(source):
        raise _of_lambda(f"Stream not found: {source}")
    if service == "sqs":
        _queue(source, str(properties.get("FunctionName", "")))


def _queue(source: str, function: str) -> None:
    visible, name = sqs.queue_visibility(source), _name(function)
    if visible is None:
        raise _of_lambda("Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue")
    if lambda_.has_function(name) and visible < (timeout := lambda_.function_timeout(name)):
        raise _of_lambda(
            f"Invalid request provided: Queue visibility timeout: {visible} seconds is less than"
            f" Function timeout: {timeout} seconds"
        )


def _name(function: str) -> str:
    """Of a name, an ARN, either with a version or an alias."""
    after = function.partition(":function:")[2] or function
    return after.partition(":")[0]


def _bucket(properties: Properties) -> None:
    configurations = (properties.get("NotificationConfiguration") or {}).get("LambdaConfigurations") or ()
    for configuration in configurations:
        if not _S3 & lambda_.invokers(_name(str(configuration.get("Function", "")))):
            raise NeighbourError(
                "Unable to validate the following destination configurations (Service: S3, Status Code: 400)"
            )


def _bucket_policy(properties: Properties) -> None:
    bucket = str(properties.get("Bucket"))
    if s3.would_be_public(bucket, properties.get("PolicyDocument") or {}):
        raise NeighbourError(
            f"Access Denied: public policies of {bucket} are prevented by the BlockPublicPolicy setting in S3 Block"
            " Public Access. (Service: S3, Status Code: 403)"
        )


def _deployment(properties: Properties) -> None:
    if not apigateway.has_methods(str(properties.get("RestApiId"))):
        raise NeighbourError(
            "The REST API doesn't contain any methods (Service: AmazonApiGateway; Status Code: 400;"
            " Error Code: BadRequestException)"
        )


def _of_lambda(message: str) -> NeighbourError:
    return NeighbourError(f"{message} (Service: Lambda, Status Code: 400)")


_CHECKS: Mapping[str, Callable[[Properties], None]] = {
    "AWS::ApiGateway::Deployment": _deployment,
    "AWS::Lambda::EventSourceMapping": _mapping,
    "AWS::S3::Bucket": _bucket,
    "AWS::S3::BucketPolicy": _bucket_policy,
}
