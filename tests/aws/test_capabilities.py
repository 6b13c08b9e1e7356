"""Why CAPABILITY_IAM is enough: no template of ours names what carries permissions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator.compiler.pipeline import compile_file
from generator.render.template_text import to_json
from generator.repository.files import Repository
from tests.aws import local

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-template.html
NAMES = {
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
}
SOURCES = (
    "codecommit: {repository: a}",
    "github: {repository: a/b}",
    "s3: {bucket: acme-source, key: k.zip}",
)


@pytest.mark.parametrize("source", SOURCES)
def test_nothing_with_permissions_has_a_name(source: str, tmp_path: Path) -> None:
    text = f"service: time\nsource:\n  {source}\nencryption: kms\nnotifications: {{email: [a@example.com]}}\n"
    root = local.repository(tmp_path, text)
    compiled = compile_file(root / "pipeline.yaml", "pipeline.yaml", Repository(root))
    resources = json.loads(to_json(compiled.pipeline, "pipeline.yaml", "1"))["Resources"].values()
    powerful = [resource for resource in resources if resource["Type"].startswith("AWS::IAM::")]
    assert powerful
    assert [statement for statement in powerful if NAMES.get(statement["Type"], "") in statement["Properties"]] == []
    assert {statement["Type"] for statement in powerful} <= {*NAMES, "AWS::IAM::RolePolicy", "AWS::IAM::Policy"}
