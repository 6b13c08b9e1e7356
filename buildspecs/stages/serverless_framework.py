"""Packages a stage with the Serverless Framework, and makes of it what CloudFormation deploys alone: the same service,
the same bytes.

The tool calls code by the time of its packaging, and a REST API's deployment, too. Here both are called by content.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import bundles
import packages
import stages
import uploads

CONFIGURATION = "packaged-{}.json"
# Where no package.json says which: the last version of Bref's line, which needs no account, for each file format.
_OSLS = {"3": "osls@3.77.1", "4": "osls@4.3.1"}
_TOOLS = ("osls", "serverless")
_CODE = {"AWS::Lambda::Function": "Code", "AWS::Lambda::LayerVersion": "Content"}
_UPDATE, _STATE = "cloudformation-template-update-stack.json", "serverless-state.json"
_DEPLOYMENT = "AWS::ApiGateway::Deployment"
_DIGITS = 40
# What stands for an output of another service while a service is packaged, as itself or as the end of an ARN.
_TOKEN = re.compile(r"(?:arn:aws:sqs:us-east-1:000000000000:)?PenstockParameter[A-Za-z0-9]+")


def program(folder: str) -> list[str]:
    """The command of the tool: the one that the service's packages bring, else a version that its file asks for."""
    for name in _TOOLS:
        for place in (folder, "."):
            path = Path(place, "node_modules", name, "package.json")
            if path.is_file():
                package = json.loads(path.read_text(encoding="utf-8"))
                print(f"{name} {package['version']}, as its packages have it", flush=True)
                return ["node", str(path.parent.resolve() / package["bin"][name])]
    asked = os.environ.get("FRAMEWORK_VERSION") or "4"
    # Services that are built one after the other share it.
    place = f"{os.environ.get('BUILD_SCRIPTS') or tempfile.mkdtemp()}/{_OSLS[asked]}"
    if not os.path.isdir(place):
        packages.must(f"npm install --no-audit --no-fund --prefer-offline --prefix {place} {_OSLS[asked]}", ".")
    return ["node", f"{place}/node_modules/osls/bin/serverless.js"]


class Service:
    """A service that is packaged once for each stage."""

    def __init__(self, path: str) -> None:
        """The service of a serverless.yml."""
        self._folder, self._file = os.path.dirname(path) or ".", os.path.basename(path)
        self._program = program(self._folder)

    def template_of(self, stage: stages.Stage) -> str:
        """The path of a stage's template, whose code is uploaded; its configuration is written beside the others."""
        # In the folder of the service, each later package would hold the earlier ones.
        packaged = Path(tempfile.mkdtemp())
        self._package(stage, packaged)
        template = json.loads((packaged / _UPDATE).read_text(encoding="utf-8"))
        template = with_outputs(template, stage.parameters)
        state = without_references(json.loads((packaged / _STATE).read_text(encoding="utf-8")))["service"]
        text = json.dumps(normalised(template, packaged), indent=1)
        (packaged / _UPDATE).write_text(text, encoding="utf-8")
        configuration = json.dumps(configured(state["provider"], stage.word), indent=1, sort_keys=True)
        (stages.DONE / CONFIGURATION.format(stage.word)).write_text(configuration, encoding="utf-8")
        tell_lost(state, stage.word)
        return str(packaged / _UPDATE)

    def _package(self, stage: stages.Stage, target: Path) -> None:
        parameters = [word for name, value in stage.parameters.items() for word in ("--param", f"{name}={value}")]
        where = ["--stage", stage.word, "--region", os.environ["AWS_REGION"], "--config", self._file]
        command = [*self._program, "package", *where, "--package", str(target), *parameters]
        print(f"{stage.word}: {' '.join(command)}", flush=True)
        quiet = {"CI": "true", "SLS_NOTIFICATIONS_MODE": "off", "SLS_TELEMETRY_DISABLED": "1"}
        if status := subprocess.call(command, cwd=self._folder, env={**past_proxy(os.environ), **quiet}):
            sys.exit(status)


def with_outputs(template: dict[str, Any], parameters: Mapping[str, str]) -> dict[str, Any]:
    """A template with parameters for the outputs of other stacks, of which the packaging knew no more than a token.

    Ends the build for a token where CloudFormation takes no parameter: in the name of a key.
    """
    tokens = {value: value.rpartition(":")[2] for value in parameters.values() if _TOKEN.fullmatch(value)}
    if not tokens:
        return template
    longest_first = sorted(tokens, key=len, reverse=True)
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(token)}(?!\w)" for token in longest_first))

    def replaced(value: Any, *, in_sub: bool = False) -> Any:
        if isinstance(value, str):
            return _with_references(value, pattern, tokens, in_sub=in_sub)
        if isinstance(value, list):
            return [replaced(inner, in_sub=in_sub) for inner in value]
        if not isinstance(value, dict):
            return value
        for key in value:
            if pattern.search(key):
                sys.exit(f"an output of another service cannot be part of a key: {key}")
        return {key: replaced(inner, in_sub=key == "Fn::Sub") for key, inner in value.items()}

    result: dict[str, Any] = replaced(template)
    declared = {name: {"Type": "String"} for name in sorted(set(tokens.values()))}
    return {**result, "Parameters": {**result.get("Parameters", {}), **declared}}


def _with_references(text: str, pattern: re.Pattern[str], tokens: Mapping[str, str], *, in_sub: bool) -> Any:
    if not pattern.search(text):
        return text
    if in_sub:
        return pattern.sub(lambda match: f"${{{tokens[match[0]]}}}", text)
    names = [{"Ref": tokens[match[0]]} for match in pattern.finditer(text)]
    pieces = pattern.split(text)
    parts = [part for pair in zip(pieces, [*names, ""], strict=True) for part in pair if part != ""]
    return parts[0] if len(parts) == 1 else {"Fn::Join": ["", parts]}


def without_references(state: dict[str, Any]) -> dict[str, Any]:
    """The state of a packaging with what it writes once and refers to elsewhere: `$["service"]["provider"]...`."""

    def resolved(value: Any, depth: int) -> Any:
        if isinstance(value, dict) and isinstance(value.get("$ref"), str):
            target: Any = state
            for key in json.loads(f"[{value['$ref'].removeprefix('$')[1:-1].replace('][', ',')}]"):
                target = target[key]
            value = target
        if depth == 0:
            return None
        if isinstance(value, dict):
            return {key: resolved(inner, depth - 1) for key, inner in value.items()}
        return [resolved(inner, depth - 1) for inner in value] if isinstance(value, list) else value

    # What is looked for lies near the top; a reference may lead back to what holds it.
    service = {key: state["service"].get(key, {}) for key in ("org", "provider", "useDotenv")}
    service["provider"] = {key: value for key, value in service["provider"].items() if "Template" not in key}
    return {"service": resolved(service, 8)}


def past_proxy(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables of the tool: it sends AWS's calls through a proxy even where NO_PROXY excepts them."""
    if "amazonaws.com" not in environ.get("NO_PROXY", environ.get("no_proxy", "")):
        return dict(environ)
    proxy = environ.get("HTTPS_PROXY", environ.get("https_proxy", ""))
    others = {name: value for name, value in environ.items() if name.lower() not in {"http_proxy", "https_proxy"}}
    # Plugins run pip, which has a variable of its own.
    return {**({"PIP_PROXY": proxy} if proxy else {}), **others}


@contextlib.contextmanager
def without_reports() -> Iterator[None]:
    """Have the reports of the unit tests lie outside of the repository for a while."""
    reports, elsewhere = Path("reports"), Path(tempfile.mkdtemp(), "reports")
    if reports.is_dir():
        shutil.move(reports, elsewhere)
    try:
        yield
    finally:
        if elsewhere.is_dir():
            shutil.move(elsewhere, reports)


def normalised(template: dict[str, Any], packaged: Path) -> dict[str, Any]:
    """A template that the same service always becomes: code, versions and deployments are called by their content."""
    resources: dict[str, dict[str, Any]] = template["Resources"]
    renamed: dict[str, str] = {}
    hashes: dict[str, str] = {}
    for logical_id, resource in resources.items():
        place = resource.get("Properties", {}).get(_CODE.get(resource["Type"], ""), {})
        if isinstance(place.get("S3Key"), str):
            file = _packaged_file(packaged, place["S3Key"], logical_id)
            if file:
                renamed[place["S3Key"]], hashes[logical_id] = _uploaded(str(file))
            if file or place["S3Key"].startswith(f"{os.environ['BUILD_OUTPUT_PREFIX']}/"):
                place["S3Bucket"] = os.environ["BUILD_OUTPUT_BUCKET"]
    for logical_id, resource in resources.items():
        if resource["Type"] == "AWS::Lambda::Version":
            renamed |= _version(logical_id, resource, resources, hashes)
    renamed |= _deployments(resources)
    text = json.dumps(template)
    for before, after in renamed.items():
        text = text.replace(json.dumps(before)[1:-1], after)
    # The tool makes resources side by side: which of them comes first is chance.
    data: dict[str, Any] = json.loads(json.dumps(json.loads(text), sort_keys=True))
    return data


def _packaged_file(packaged: Path, key: str, logical_id: str) -> Path | None:
    """The zip of code that this packaging has made; None for code that lies somewhere else already.

    A layer that did not change since the stack was deployed comes with the key of that time.
    """
    file = packaged / key.rpartition("/")[2]
    layers = {_logical(zipped.stem): zipped for zipped in sorted(packaged.glob("*.zip"))}
    # With `retain`, a hash stands behind the name.
    names = (name for name in layers if logical_id.startswith(f"{name}LambdaLayer"))
    return file if file.is_file() else next((layers[name] for name in names), None)


def _logical(name: str) -> str:
    """A name as the tool has it in logical ids."""
    return (name[:1].upper() + name[1:]).replace("-", "Dash").replace("_", "Underscore")


def _uploaded(path: str) -> tuple[str, str]:
    """The key of code in the bucket, and its hash as Lambda writes it."""
    packed = bundles.packed_as_is(path)
    digest = base64.b64encode(hashlib.sha256(Path(packed).read_bytes()).digest()).decode()
    return uploads.uploaded(packed), digest


def _version(
    logical_id: str, version: dict[str, Any], resources: dict[str, dict[str, Any]], hashes: dict[str, str]
) -> dict[str, str]:
    """A version's new logical id: the tool makes it of a zip's bytes, which differ from build to build."""
    function = version["Properties"].get("FunctionName", {}).get("Ref", "")
    if function not in hashes:
        return {}
    version["Properties"]["CodeSha256"] = hashes[function]
    properties = resources[function]["Properties"]
    layers = [hashes.get(str(layer.get("Ref")), "") for layer in _references(properties.get("Layers"))]
    settings = {name: value for name, value in properties.items() if name != "Code"}
    stem = f"{function.removesuffix('LambdaFunction')}LambdaVersion"
    return {logical_id: stem + _hash([hashes[function], layers, settings])}


def _references(layers: Any) -> list[dict[str, Any]]:
    return [layer for layer in layers if isinstance(layer, dict)] if isinstance(layers, list) else []


def _deployments(resources: dict[str, dict[str, Any]]) -> dict[str, str]:
    """New logical ids of a REST API's deployments: another one where anything else of the API is another."""
    ids = [name for name, resource in resources.items() if resource["Type"] == _DEPLOYMENT]
    api = {name: each for name, each in resources.items() if each["Type"].startswith("AWS::ApiGateway::")}
    text = json.dumps([each for name, each in sorted(api.items()) if name not in ids], sort_keys=True)
    for logical_id in ids:
        text = text.replace(logical_id, "")
    return {logical_id: f"{logical_id.rstrip('0123456789')}{_hash(text)}" for logical_id in ids}


def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:_DIGITS]


def configured(provider: dict[str, Any], stage: str) -> dict[str, Any]:
    """What a stack is given beside its template, in CodePipeline's words.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/continuous-delivery-codepipeline-cfn-artifacts.html
    """
    parameters = {each["ParameterKey"]: each["ParameterValue"] for each in provider.get("stackParameters") or ()}
    tags = {name: str(value) for name, value in {"STAGE": stage, **(provider.get("stackTags") or {})}.items()}
    policy = provider.get("stackPolicy")
    return {
        "Tags": tags,
        **({"Parameters": parameters} if parameters else {}),
        **({"StackPolicy": {"Statement": policy}} if policy else {}),
    }


def tell_lost(state: dict[str, Any], stage: str) -> None:
    """Say what `sls deploy` would do beside deploying the template, and what to do about it."""
    listed = json.loads(Path(__file__).with_name("serverless_losses.json").read_text(encoding="utf-8"))
    for path, (what, instead) in listed["settings"].items():
        value: Any = state
        for key in path.split("."):
            value = value.get(key) if isinstance(value, dict) else None
        if value not in (None, False, {}, []):
            print(f"warning: {stage}: {path}: {what}; {instead}", flush=True)


if __name__ == "__main__":
    # The tool packs the whole folder unless it is told otherwise: what this build leaves there is no part of it.
    with without_reports():
        stages.each(Service(os.environ["TEMPLATE_OF_STAGE"]).template_of, parameters=False)
