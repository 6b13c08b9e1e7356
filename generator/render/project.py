"""CodeBuild projects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from generator.model import text
from generator.model.build import Machine, Project, Secret
from generator.model.template import Resource
from generator.model.text import Json, Text, literal

_TIMEOUT_MINUTES = 60


def resources(project: Project) -> Iterator[Resource]:
    """The project."""
    machine = project.machine
    properties: dict[str, Json] = {
        "Name": project.name,
        "ServiceRole": project.role.arn,
        "Artifacts": {"Type": "CODEPIPELINE"},
        **_cache(project),
        "Environment": _environment(machine, _variables(project.environment, project.secrets)),
        **_network(machine),
        "LogsConfig": {"CloudWatchLogs": {"Status": "ENABLED", "GroupName": text.reference(project.logs.logical_id)}},
        "Source": {"Type": "CODEPIPELINE", "BuildSpec": literal(project.buildspec)},
        # Lambda compute has 15 minutes and takes no word about it.
        **({} if machine.on_lambda else {"TimeoutInMinutes": _TIMEOUT_MINUTES}),
        **({"EncryptionKey": project.key} if project.key else {}),
    }
    yield Resource(project.logical_id, "AWS::CodeBuild::Project", properties, project.comment)


def _environment(machine: Machine, variables: Sequence[Json]) -> Json:
    return {
        "Type": machine.environment_type,
        "Image": literal(machine.image),
        "ComputeType": machine.compute_type,
        "EnvironmentVariables": list(variables),
        # Docker's daemon needs it: https://docs.aws.amazon.com/codebuild/latest/userguide/sample-docker.html
        **({"PrivilegedMode": True} if machine.privileged else {}),
        **({} if machine.is_aws_image else {"ImagePullCredentialsType": "SERVICE_ROLE"}),
    }


def _network(machine: Machine) -> dict[str, Json]:
    if not (network := machine.network):
        return {}
    vpc = {"VpcId": network.vpc, "Subnets": list(network.subnets), "SecurityGroupIds": list(network.security_groups)}
    return {"VpcConfig": vpc}


def _cache(project: Project) -> dict[str, Json]:
    """Lambda compute takes not even the word for no cache."""
    if project.cache:
        return {"Cache": {"Type": "S3", "Location": project.cache}}
    if project.machine.cache == "local":
        return {"Cache": {"Type": "LOCAL", "Modes": ["LOCAL_CUSTOM_CACHE"]}}
    return {}


def _variables(plain: Mapping[str, Text], secrets: Sequence[Secret]) -> list[Json]:
    """The variables of a project, by name."""
    written: list[dict[str, Json]] = [{"Name": name, "Value": value} for name, value in plain.items()]
    written += [{"Name": secret.name, "Type": secret.type, "Value": literal(secret.reference)} for secret in secrets]
    return sorted(written, key=lambda variable: str(variable["Name"]))
