"""What the role of a CodeBuild project needs for the machine it works on: images, networks, secrets, reports."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from generator.model.build import Machine, Network, Secret
from generator.model.iam import Statement
from generator.model.text import Text, literal

_HERE = "${AWS::Region}:${AWS::AccountId}"
_EC2 = "arn:${AWS::Partition}:ec2:${AWS::Region}:"
_ECR = re.compile(r"([0-9]{12})\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/([^:@]+).*")
# https://docs.aws.amazon.com/codebuild/latest/userguide/test-permissions.html
_REPORT = (
    "codebuild:BatchPutCodeCoverages",
    "codebuild:BatchPutTestCases",
    "codebuild:CreateReport",
    "codebuild:CreateReportGroup",
    "codebuild:UpdateReport",
)
_SUFFIX = "-??????"  # Secrets Manager puts six characters of its own behind a secret's name.
_ARN_PARTS = 7


def report(groups: Text) -> Statement:
    """The right to report tests to these report groups."""
    return Statement("ReportTests", _REPORT, (groups,))


def statements(machine: Machine) -> Iterator[Statement]:
    """What a role needs to work on this machine."""
    if machine.network:
        yield from _network(machine.network)
    if registry := _ECR.fullmatch(machine.image):
        account, region, repository = registry.groups()
        arn = f"arn:${{AWS::Partition}}:ecr:{region}:{account}:repository/{repository}"
        pull = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
        yield Statement("PullImage", pull, (arn,))
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
        yield Statement("EnterRegistry", ("ecr:GetAuthorizationToken",), ("*",))


def read_secrets(secrets: Sequence[Secret]) -> Iterator[Statement]:
    """The right to read exactly these."""
    for secret in secrets:
        if secret.type == "PARAMETER_STORE":
            yield Statement("ReadParameters", ("ssm:GetParameters",), (_parameter(secret.reference),))
        else:
            yield Statement("ReadSecrets", ("secretsmanager:GetSecretValue",), (_secret(secret.reference),))
        if secret.key:
            yield Statement("DecryptSecrets", ("kms:Decrypt",), (secret.key,))


def _network(network: Network) -> Iterator[Statement]:
    # https://docs.aws.amazon.com/codebuild/latest/userguide/auth-and-access-control-iam-identity-based-access-control.html
    look = tuple(
        f"ec2:Describe{what}" for what in ("DhcpOptions", "NetworkInterfaces", "SecurityGroups", "Subnets", "Vpcs")
    )
    # A VPC may be shared: then another account owns the subnets.
    subnets = [f"{_EC2}*:subnet/{identity}" for identity in network.subnets]
    groups = [f"{_EC2}*:security-group/{identity}" for identity in network.security_groups]
    interfaces = f"{_EC2}${{AWS::AccountId}}:network-interface/*"
    yield Statement("LookAtNetwork", look, ("*",))
    yield Statement("MakeNetworkInterfaces", ("ec2:CreateNetworkInterface",), (interfaces, *subnets, *groups))
    yield Statement("DeleteNetworkInterfaces", ("ec2:DeleteNetworkInterface",), (interfaces,))
    yield Statement(
        "LendNetworkInterfaces",
        ("ec2:CreateNetworkInterfacePermission",),
        (interfaces,),
        {
            "StringEquals": {"ec2:AuthorizedService": "codebuild.amazonaws.com"},
            "ArnEquals": {"ec2:Subnet": subnets},
        },
    )


def _parameter(name: str) -> Text:
    return f"arn:${{AWS::Partition}}:ssm:{_HERE}:parameter/{literal(name.removeprefix('/'))}"


def _secret(reference: str) -> Text:
    parts = reference.split(":")
    if parts[0] == "arn":
        return literal(":".join(parts[:_ARN_PARTS]))
    return f"arn:${{AWS::Partition}}:secretsmanager:{_HERE}:secret:{literal(parts[0])}{_SUFFIX}"
