"""Whether the region has the services the pipeline is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.aws.doctor.check import Finding
from generator.aws.doctor.launched_stack import Launched
from generator.aws.doctor.requirements import Requirements
from generator.aws.door import Door

# As CloudFormation's registry schemas of 2026-10-20 said; a region AWS opened since then is not listed.
# https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html
_WITHOUT = {
    "AWS::CodeBuild::Project": "ap-east-2 ca-west-1 mx-central-1",
    "AWS::CodeCommit::Repository": """
        af-south-1 ap-east-2 ap-south-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7
        ca-west-1 eu-central-2 eu-south-2 il-central-1 me-central-1 mx-central-1
    """,
    "AWS::CodeConnections::Connection": """
        af-south-1 ap-east-1 ap-east-2 ap-northeast-3 ap-south-2 ap-southeast-3 ap-southeast-4 ap-southeast-5
        ap-southeast-6 ap-southeast-7 ca-west-1 cn-north-1 cn-northwest-1 eu-central-2 eu-south-2 il-central-1
        me-central-1 mx-central-1
    """,
}
ABSENT: Mapping[str, frozenset[str]] = {kind: frozenset(regions.split()) for kind, regions in _WITHOUT.items()}
"""The regions that lack a type of resource."""
_PROVIDERS = {
    "CodeCommit": "AWS::CodeCommit::Repository",
    "CodeStarSourceConnection": "AWS::CodeConnections::Connection",
}
# https://docs.aws.amazon.com/codebuild/latest/userguide/lambda.html; one AWS page adds us-west-1.
_WITH_LAMBDA_COMPUTE = frozenset({
    "ap-northeast-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "eu-central-1", "eu-west-1", "sa-east-1",
    "us-east-1", "us-east-2", "us-west-1", "us-west-2",
})  # fmt: skip
# Macros do not run there, and SAM is one:
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
_WITHOUT_MACROS = "ap-southeast-3"


def look(door: Door, requirements: Requirements, _launched: Launched) -> Iterator[Finding]:
    """Types the region has not, and SAM's transform where no macro runs."""
    types = requirements.types | {_PROVIDERS.get(requirements.source.provider, "")}
    missing = sorted(kind for kind, regions in ABSENT.items() if kind in types and door.region in regions)
    for kind in missing:
        yield Finding("region", "wrong", f"{door.region} has no {kind}", "launch in another region: --region")
    on_lambda = any("LAMBDA" in kind for kind, _ in requirements.machines)
    if on_lambda and door.region not in _WITH_LAMBDA_COMPUTE:
        missing.append("Lambda compute")
        advice = "build: {compute: small}, or launch in another region: --region"
        yield Finding("region", "wrong", f"{door.region} has no Lambda compute for builds", advice)
    if door.region == _WITHOUT_MACROS:
        supported = f"CloudFormation runs no macros in {door.region}, and SAM templates are one"
        yield Finding("region", "wrong", supported, "launch in another region: --region")
    elif not missing:
        yield Finding("region", "good", f"{door.region} has all services the pipeline is made of")
