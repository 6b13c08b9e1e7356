"""Every golden case's template as AWS would have it after launch: stand-ins in the place of intrinsics."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from generator.compiler.pipeline import compile_file
from generator.render.template_text import templates as templates_of
from generator.repository.files import Repository
from tests.properties.templates import load, resolve, statements

GOLDEN = Path(__file__).parents[1] / "tests" / "golden"
# Each case is a pipeline's template, and each environment of one in another account has its own beside it.
CASES = [*sorted((GOLDEN / "cases").iterdir()), *sorted((GOLDEN / "cases").glob("*/*-environment-*.yaml"))]
_HERE = "eu-west-1:111122223333"
_MADE = re.compile(rf"arn:aws:made:{_HERE}:(\w+)")
# What `Arn`, or for some types `Ref`, says of a resource that CloudFormation named.
_ARNS = {
    "AWS::CodeBuild::Project": f"arn:aws:codebuild:{_HERE}:project/{{}}",
    "AWS::CodeCommit::Repository": f"arn:aws:codecommit:{_HERE}:{{}}",
    "AWS::CodeConnections::Connection": f"arn:aws:codeconnections:{_HERE}:connection/{{}}",
    "AWS::ECR::Repository": f"arn:aws:ecr:{_HERE}:repository/{{}}",
    "AWS::IAM::ManagedPolicy": "arn:aws:iam::111122223333:policy/{}",
    "AWS::IAM::Role": "arn:aws:iam::111122223333:role/{}",
    "AWS::KMS::Key": f"arn:aws:kms:{_HERE}:key/{{}}",
    "AWS::Lambda::Function": f"arn:aws:lambda:{_HERE}:function:{{}}",
    "AWS::Logs::LogGroup": f"arn:aws:logs:{_HERE}:log-group:{{}}:*",
    "AWS::S3::Bucket": "arn:aws:s3:::{}",
    "AWS::SNS::Topic": f"arn:aws:sns:{_HERE}:{{}}",
}
_BUCKET = "AWS::S3::Bucket"
_REF_IS_ARN = frozenset({"AWS::CodeConnections::Connection", "AWS::IAM::ManagedPolicy", "AWS::SNS::Topic"})
Launched = Mapping[str, Any]


@cache
def of_case(case: Path) -> Launched:
    """The template of a golden case, or of an environment of one, as it is launched."""
    folder = case if case.is_dir() else case.parent
    compiled = compile_file(folder / "pipeline.yaml", "pipeline.yaml", Repository(GOLDEN / "application"))
    every = templates_of(compiled.pipeline, "pipeline.yaml", "0")
    return load(every[compiled.pipeline.stack if case == folder else case.stem])


def written() -> dict[str, Launched]:
    """The template of every golden case as it is launched, by the case's name."""
    return {case.name: of_case(case) for case in CASES}


def templates(written: Mapping[str, Launched]) -> dict[str, Launched]:
    """The same after launch."""
    return {name: _launched(template) for name, template in written.items()}


def write(launched: Mapping[str, Launched], folder: Path) -> None:
    """Templates as JSON files in a folder; the files that were there go."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.json"):
        old.unlink()
    for name, template in launched.items():
        (folder / f"{name}.json").write_text(json.dumps(template, indent=1), encoding="utf-8")


def by_statement(launched: Mapping[str, Launched]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every statement of every identity policy once, as `<logical id>/<Sid>`."""
    seen = set()
    for template in launched.values():
        for owner, statement in statements(template):
            key = (where := f"{owner}/{statement['Sid']}", json.dumps(statement, sort_keys=True))
            if key not in seen:
                seen.add(key)
                yield where, statement


def _launched(data: Launched) -> Launched:
    types = {name: resource["Type"] for name, resource in data["Resources"].items()}
    resources = {}
    for name, resource in data["Resources"].items():
        properties = _named(resolve(resource["Properties"], data), types)
        if resource["Type"] == _BUCKET:
            # Scanners know by its name which policy is a bucket's.
            properties.setdefault("BucketName", name.lower())
        if resource["Type"] == "AWS::SNS::TopicPolicy":
            # And by the reference to it which policy is a topic's.
            properties["Topics"] = resource["Properties"]["Topics"]
        resources[name] = {**resource, "Properties": properties}
    # Conditions stay as they are: whatever depends on one is looked at.
    sections = {key: data[key] for key in ("Parameters", "Conditions") if "Conditions" in data}
    return {"AWSTemplateFormatVersion": data["AWSTemplateFormatVersion"], **sections, "Resources": resources}


def _named(value: Any, types: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _named(inner, types) for key, inner in value.items()}
    if isinstance(value, list):
        return [_named(inner, types) for inner in value]
    if not isinstance(value, str):
        return value
    if types.get(value) == _BUCKET:
        return value.lower()
    if types.get(value) in _REF_IS_ARN:
        return _arn(value, types)
    return _MADE.sub(lambda made: _arn(made[1], types), value)


def _arn(name: str, types: Mapping[str, str]) -> str:
    return _ARNS[types[name]].format(name.lower())
