"""The scanners: how each is asked, and what its answer says in the form of all."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from scanners.findings import WHOLE, Finding
from scanners.installing import Tool, answer, installed
from scanners.launched import Launched, by_statement
from tests.properties.templates import as_list, statements

CHECKOV = Tool("checkov", "python", ("checkov==3.3.30",))
# It imports pkg_resources, which newer versions of setuptools have no more.
PARLIAMENT = Tool("parliament", "python", ("parliament==1.6.4", "setuptools==80.10.2"))
PIPELINE_CHECK = Tool("pipeline-check", "python", ("pipeline-check==1.19.0",))
CFN_LINT = Tool("cfn-lint", "python", ("cfn-lint==1.58.0",))
CDK_NAG = Tool("cdk-nag", "node", ("cdk-nag@3.0.2", "aws-cdk-lib@2.276.0", "constructs@10.5.1"))
# Carries the program cfn-guard 3.1.1 and AWS Control Tower's rules for it.
CFN_GUARD = Tool("cfn-guard", "node", ("@cdklabs/cdk-validator-cfnguard@0.0.62",))
_PACKS = ("AwsSolutionsChecks", "ServerlessChecks")
_LOGICAL_ID = re.compile(r'"/Resources/(\w+)')
_CONTROL = re.compile(r"\[(CT\.[A-Z0-9.]+)\]: ([^\\]*)")

Scan = Callable[[Path, Path, Mapping[str, Launched]], Iterator[Finding]]
"""From the cache of tools, the folder of templates and these templates themselves to what is found, repeatedly."""


def checkov(cache: Path, folder: Path, _: Mapping[str, Launched]) -> Iterator[Finding]:
    """Checkov's checks of CloudFormation; it has none of CodePipeline."""
    program = installed(CHECKOV, cache) / "venv/bin/checkov"
    options = ("--framework", "cloudformation", "--output", "json", "--quiet", "--compact", "--skip-download")
    parsed = json.loads(answer(CHECKOV, program, "--directory", folder, *options, accepted=(0, 1)))
    for check in parsed["results"]["failed_checks"]:
        yield Finding(CHECKOV.name, check["check_id"], check["resource"].split(".")[-1], check["check_name"])


def pipeline_check(cache: Path, folder: Path, launched: Mapping[str, Launched]) -> Iterator[Finding]:
    """pipeline-check's rules of CloudFormation, template by template: some are about what a template has not."""
    program = installed(PIPELINE_CHECK, cache) / "venv/bin/pipeline_check"
    for file in sorted(folder.glob("*.json")):
        ask = (program, "--pipeline", "cloudformation", "--cfn-template", file, "--output", "json")
        for finding in json.loads(answer(PIPELINE_CHECK, *ask, accepted=(0, 1)))["findings"]:
            if not finding["passed"]:
                where = _of_pipeline_check(launched[file.stem], finding["check_id"], finding["resource"])
                yield Finding(PIPELINE_CHECK.name, finding["check_id"], where, finding["title"])


def parliament(cache: Path, folder: Path, launched: Mapping[str, Launched]) -> Iterator[Finding]:
    """Parliament over every statement by itself, so that a finding has its Sid."""
    program = installed(PARLIAMENT, cache) / "venv/bin/parliament"
    policies = folder.parent / "policies"
    where = dict(_as_policies(launched, policies))
    options = ("--directory", policies, "--include_policy_extension", "json", "--json")
    for line in answer(PARLIAMENT, program, *options, accepted=(0, 1)).splitlines():
        parsed = json.loads(line)
        says = f"{parsed['title']}: {json.dumps(parsed['detail'])[:160]}"
        yield Finding(PARLIAMENT.name, parsed["issue"], where[Path(parsed["location"]["filepath"]).stem], says)


def cfn_lint(cache: Path, folder: Path, _: Mapping[str, Launched]) -> Iterator[Finding]:
    """cfn-lint with every rule, those that only inform as well."""
    program = installed(CFN_LINT, cache) / "venv/bin/cfn-lint"
    options = ("--include-checks", "I", "--include-experimental", "--format", "json", "--template")
    parsed = json.loads(
        answer(CFN_LINT, program, *options, *sorted(folder.parent.glob("written/*.json")), accepted=(0, *range(2, 15)))
    )
    for entry in parsed:
        path = entry["Location"]["Path"] or []
        where = str(path[1]) if len(path) > 1 and path[0] == "Resources" else WHOLE
        yield Finding(CFN_LINT.name, entry["Rule"]["Id"], where, entry["Message"][:160])


def cdk_nag(cache: Path, folder: Path, launched: Mapping[str, Launched]) -> Iterator[Finding]:
    """cdk-nag's rule packs AwsSolutions and Serverless over templates that the CDK has included."""
    place = installed(CDK_NAG, cache)
    script = Path(__file__).with_name("nag.cjs")
    for name, template in launched.items():
        parsed = json.loads(answer(CDK_NAG, "node", script, place / "node_modules", folder / f"{name}.json", *_PACKS))
        policies = tuple(statements(template))
        for rule, where, says in parsed:
            plain, _, detail = rule.partition("[")
            for sid in _sids(policies, where, detail.rstrip("]")):
                yield Finding(CDK_NAG.name, plain, sid, detail.rstrip("]") or says)


def cfn_guard(cache: Path, folder: Path, _: Mapping[str, Launched]) -> Iterator[Finding]:
    """AWS Control Tower's rules, which AWS publishes for cfn-guard."""
    package = installed(CFN_GUARD, cache) / "node_modules/@cdklabs/cdk-validator-cfnguard"
    program = package / "bin/ubuntu/x86_64/cfn-guard"
    program.chmod(0o755)
    options = ("--rules", package / "rules/control-tower/cfn-guard", "--output-format", "json", "--structured")
    reply = answer(
        CFN_GUARD, program, "validate", "--data", folder, *options, "--show-summary", "none", accepted=(0, 19)
    )
    for broken in (json.dumps(rule) for file in json.loads(reply) for rule in file["not_compliant"]):
        for rule, says in set(_CONTROL.findall(broken)):
            for where in set(_LOGICAL_ID.findall(broken)):
                yield Finding(CFN_GUARD.name, rule, where, says)


TOOLS: Mapping[Tool, Scan] = {
    CDK_NAG: cdk_nag,
    CFN_GUARD: cfn_guard,
    CFN_LINT: cfn_lint,
    CHECKOV: checkov,
    PARLIAMENT: parliament,
    PIPELINE_CHECK: pipeline_check,
}
"""Every scanner."""


def _of_pipeline_check(template: Launched, rule: str, resource: str) -> str:
    """The logical id of what it calls by its name after launch; a pipeline and a project may have the same."""
    if "template-wide" in resource:
        return WHOLE
    families = {"CP": ("AWS::CodePipeline::Pipeline", "Name"), "S3": ("AWS::S3::Bucket", "BucketName")}
    kind, key = families.get(rule.partition("-")[0], ("AWS::CodeBuild::Project", "Name"))
    name = resource.rsplit(".", maxsplit=1)[-1]
    named = (
        logical_id
        for logical_id, entry in template["Resources"].items()
        if entry["Type"] == kind and entry["Properties"].get(key) == name
    )
    return next(named, name)


def _as_policies(launched: Mapping[str, Launched], folder: Path) -> Iterator[tuple[str, str]]:
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.json"):
        old.unlink()
    for number, (where, statement) in enumerate(by_statement(launched)):
        text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        (folder / f"{number}.json").write_text(text, encoding="utf-8")
        yield str(number), where


def _sids(policies: Iterable[tuple[str, dict[str, Any]]], owner: str, detail: str) -> Iterator[str]:
    """The statements that a wildcard stands in, if the finding is about one; else what owns them."""
    kind, _, text = detail.partition("::")
    attached = [
        f"{owner}/{statement['Sid']}"
        for logical_id, statement in policies
        if logical_id == owner and text in _as_nag_says(statement.get(kind, []))
    ]
    yield from attached or [owner]


def _as_nag_says(values: Any) -> list[str]:
    return [re.sub(r"\$\{([^}]*)\}", r"<\1>", item) for item in as_list(values)]
