"""What a CodeBuild project says of the machine it runs on, and what its role needs for that."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from generator.model.build import Machine, Network, Secret
from generator.model.iam import Statement
from generator.model.text import Json, Text, literal
from generator.render import storage

_HERE = "${AWS::Region}:${AWS::AccountId}"
_EC2 = "arn:${AWS::Partition}:ec2:${AWS::Region}:"
_TIMEOUT_MINUTES = 60
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


def properties(machine: Machine, variables: Sequence[Json]) -> dict[str, Json]:
    """Environment and network."""
    environment: dict[str, Json] = {
        "Type": machine.environment_type,
        "Image": literal(machine.image),
        "ComputeType": machine.compute_type,
        "EnvironmentVariables": list(variables),
    }
    if not machine.is_aws_image:
        environment["ImagePullCredentialsType"] = "SERVICE_ROLE"
    found: dict[str, Json] = {"Environment": environment}
    if network := machine.network:
        found["VpcConfig"] = {
            "VpcId": network.vpc,
            "Subnets": list(network.subnets),
            "SecurityGroupIds": list(network.security_groups),
        }
    return found


def timeout(machine: Machine) -> dict[str, Json]:
    """How long a build may take; Lambda compute has 15 minutes and takes no word about it."""
    return {} if machine.on_lambda else {"TimeoutInMinutes": _TIMEOUT_MINUTES}


def cache(machine: Machine) -> dict[str, Json]:
    """The project's cache; Lambda compute takes not even the word for none."""
    match machine.cache:
        case "s3":
            return {"Cache": {"Type": "S3", "Location": storage.CACHE}}
        case "local":
            return {"Cache": {"Type": "LOCAL", "Modes": ["LOCAL_CUSTOM_CACHE"]}}
        case _:
            return {}


def variables(plain: Mapping[str, Text], secrets: Sequence[Secret]) -> list[Json]:
    """The variables of a project, by name."""
    found: list[dict[str, Json]] = [{"Name": name, "Value": value} for name, value in plain.items()]
    found += [{"Name": one.name, "Type": one.type, "Value": literal(one.reference)} for one in secrets]
    return sorted(found, key=lambda one: str(one["Name"]))


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
    for one in secrets:
        if one.type == "PARAMETER_STORE":
            yield Statement("ReadParameters", ("ssm:GetParameters",), (_parameter(one.reference),))
        else:
            yield Statement("ReadSecrets", ("secretsmanager:GetSecretValue",), (_secret(one.reference),))
        if one.key:
            yield Statement("DecryptSecrets", ("kms:Decrypt",), (one.key,))


def _network(network: Network) -> Iterator[Statement]:
    # https://docs.aws.amazon.com/codebuild/latest/userguide/auth-and-access-control-iam-identity-based-access-control.html
    look = tuple(
        f"ec2:Describe{what}" for what in ("DhcpOptions", "NetworkInterfaces", "SecurityGroups", "Subnets", "Vpcs")
    )
    # A VPC may be shared: then another account owns the subnets.
    subnets = [f"{_EC2}*:subnet/{one}" for one in network.subnets]
    groups = [f"{_EC2}*:security-group/{one}" for one in network.security_groups]
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
