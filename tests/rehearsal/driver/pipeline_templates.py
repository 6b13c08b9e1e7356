"""Made-up pipeline templates that are not ours, as small as CloudFormation and CodePipeline take them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from generator.rehearsal.driver.parameter_values import ParameterValue
from generator.rehearsal.driver.users_template import UsersTemplate, read

Stages = Mapping[str, Sequence[Mapping[str, Any]]]
_TRUST = {"Principal": {"Service": ["codepipeline.amazonaws.com", "codebuild.amazonaws.com"]}}
_ALL = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
_BASE = {
    "Artifacts": {"Type": "AWS::S3::Bucket", "Properties": {"VersioningConfiguration": {"Status": "Enabled"}}},
    "Role": {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", **_TRUST}]},
            "Policies": [{"PolicyName": "all", "PolicyDocument": _ALL}],
        },
    },
}


def action(
    name: str, kind: str, configuration: Mapping[str, Any] | None = None, *, inputs: str = "", outputs: str = ""
) -> dict[str, Any]:
    """An action of a type "Category/Owner/Provider"."""
    category, owner, provider = kind.split("/")
    return {
        "Name": name,
        "ActionTypeId": {"Category": category, "Owner": owner, "Provider": provider, "Version": "1"},
        "Configuration": dict(configuration or {}),
        "InputArtifacts": [{"Name": artifact} for artifact in inputs.split()],
        "OutputArtifacts": [{"Name": artifact} for artifact in outputs.split()],
    }


def pipeline(stages: Stages) -> dict[str, Any]:
    """A pipeline with these stages."""
    return {
        "Type": "AWS::CodePipeline::Pipeline",
        "Properties": {
            "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
            "ArtifactStore": {"Type": "S3", "Location": {"Ref": "Artifacts"}},
            "Stages": [{"Name": name, "Actions": list(actions)} for name, actions in stages.items()],
        },
    }


def template(resources: Mapping[str, Any], **sections: Any) -> str:
    """A template with a bucket, a role that may do everything, and these resources and sections."""
    return json.dumps({"Resources": {**_BASE, **resources}, **sections}, indent=1)


def users_template(file: Path, text: str, **values: str) -> UsersTemplate:
    """The template of a text, written to a file, with values for parameters."""
    file.write_text(text)
    return read(file, {name: ParameterValue(value) for name, value in values.items()})
