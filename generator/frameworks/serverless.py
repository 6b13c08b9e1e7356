"""The Serverless Framework: osls, and its versions 3 and 4. Packaged for each stage, deployed by CloudFormation."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from generator.application import reader
from generator.application.functions import Function
from generator.application.template import Template
from generator.document import Document
from generator.errors import Problem
from generator.frameworks import (
    OwnConfiguration,
    _serverless_functions,
    _serverless_images,
    _serverless_init,
    _serverless_inputs,
    _serverless_resources,
    _serverless_rights,
)
from generator.frameworks._by_stage import ByStage
from generator.frameworks._serverless_file import NAMES, PROGRAMS
from generator.frameworks._serverless_file import read as read_file
from generator.model.iam import Statement
from generator.repository import assets
from generator.repository.files import Repository

# The tool needs no more, and AWS's SDKs of 2027 no less.
_NODE = "24"
_OLDEST_NODE = 22
_KEYS = ("SERVERLESS_ACCESS_KEY", "SERVERLESS_LICENSE_KEY")
_WITH_A_KEY = 4
_CUSTOMER_KEYS = ("sseCustomerAlgorithim", "sseCustomerAlgorithm", "sseCustomerKey", "sseCustomerKeyMD5")
# The outputs that hold the address of an API, by the kind of event that makes it.
_URLS = {"httpApi": "HttpApiUrl", "http": "ServiceEndpoint", "websocket": "ServiceEndpointWebsocket"}


class Serverless(ByStage):
    """The Serverless Framework: osls, and its versions 3 and 4. Packaged for each stage, deployed by CloudFormation."""

    MAKES_IMAGES = True
    PARAMETERS_IN_BUILD = True
    TEMPLATE = "serverless.yml"
    APP_NAMES: tuple[str, ...] = NAMES
    PACKAGED_CONFIGURATION = "packaged-{stage}.json"
    LANGUAGE = "nodejs"
    LANGUAGES: Mapping[str, str] = {"nodejs": "serverless.yml", "python": "serverless.yml"}

    def recognises(self, repository: Repository) -> bool:
        """Whether a service is described at the root."""
        return repository.first(*NAMES) is not None

    def other_templates(self, repository: Repository) -> tuple[str, ...]:
        """The files of services in other folders."""
        return tuple(path for path in repository.files(*NAMES) if "/" in path)

    def own_configuration(self, repository: Repository) -> OwnConfiguration:
        """The stages that the file has parameters for."""
        return _serverless_init.own_configuration(repository)

    def read(self, repository: Repository, path: str) -> Template:
        """A template; of a service's file as much as can be said before it is packaged: its functions."""
        if path.rpartition("/")[2] not in NAMES:
            return reader.read(repository, path)
        return read_file(repository, path).as_template()

    def url(self, repository: Repository, path: str) -> str | None:
        """The output of the API that its functions' events make; HTTP APIs come before REST."""
        events = read_file(repository, path).events()
        return next((output for event, output in _URLS.items() if event in events), None)

    def stack(self, repository: Repository, path: str, stage: str) -> str:
        """What `sls deploy --stage` calls it, so that a stack that runs is adopted."""
        return read_file(repository, path).stack(stage) or ""

    def languages(self, repository: Repository, path: str) -> Mapping[str, str]:
        """Those of its functions, and Node for the tool itself."""
        languages = read_file(repository, path).languages()
        node = languages.get("nodejs", _NODE)
        return {**languages, "nodejs": node if int(node) >= _OLDEST_NODE else _NODE}

    def described(self, repository: Repository, path: str, stage: str, stack: str) -> Template | None:
        """The resources that its file gives names; where the stack has another name than the tool's, all of them."""
        return _serverless_resources.described(read_file(repository, path), stage, stack)

    def functions(self, _document: Document, repository: Repository, path: str) -> Iterator[Function]:
        """Those that the file describes, or files that it includes by a plain path."""
        return _serverless_functions.functions(read_file(repository, path))

    def problems(self, document: Document, repository: Repository, path: str) -> Iterator[Problem]:
        """A file that is not there or cannot be read, names that only the tool can tell, and what no build does."""
        at = ("app", "template") if document.data.get("app", {}).get("template") else ()
        file = read_file(repository, path)
        if program := repository.first(*PROGRAMS):
            hint = f"write it as {NAMES[0]}, or run it yourself: build: {{framework: commands, ...}}"
            yield document.problem(at, f"{program} is a program: what it says is known only when it runs", hint)
        yield from file.problems
        if file.document:
            yield from _names(document, file.service, file.at("provider", "stackName"), file.stack("x"))
            yield from _in_vain(file.document, file.at("provider"))
            yield from _serverless_images.problems(document, file)
            yield from _parameters(document)
            yield from _licence(document, file.tool(), file.version)

    def remarks(self, _document: Document, repository: Repository, path: str) -> Iterator[Problem]:
        """What `sls deploy` would do beside deploying the template, each with what to do instead."""
        file = read_file(repository, path)
        if not file.document:
            return
        name, version = file.tool()
        if name:
            hint = "the version is that of the lock file, else of package.json"
            yield file.document.problem((), f"packaged by {name} {version}", hint, level="info")
        listed = json.loads(assets.text("buildspecs", "stages/serverless_losses.json"))
        for key, (what, instead) in listed["settings"].items():
            keys = tuple(key.split("."))
            if file.at(*keys) not in (None, False, {}, []):
                yield file.document.problem(keys, f"{key}: {what}", instead, at="key", level="warning")
        plugins = file.data.get("plugins")
        for index, plugin in enumerate(plugins if isinstance(plugins, list) else ()):
            yield from _plugin(file.document, index, str(plugin), listed)

    def statements(self, repository: Repository, path: str, stages: Sequence[str]) -> tuple[Statement, ...]:
        """What its variables read while it is packaged, and what it asks of the stacks that have layers of its own."""
        file = read_file(repository, path)
        # The tool takes the key of a layer that did not change from the stack's outputs.
        layers = file.at("layers")
        stacks = [file.stack(stage) or "*" for stage in stages] if layers else []
        return _serverless_rights.statements(repository, path, stages, stacks)

    def environment(self, repository: Repository, path: str) -> Mapping[str, str]:
        """The version of the file's format, for a repository whose packages bring no tool."""
        version = read_file(repository, path).version
        return {"FRAMEWORK_VERSION": version} if version in {"3", "4"} else {}

    def builds_of_files_alone(self, repository: Repository, path: str) -> bool:
        """Whether no variable, plugin, layer or image has the tool ask for anything else."""
        return _serverless_inputs.are_files(read_file(repository, path))

    def has_images(self, repository: Repository, path: str) -> bool:
        """Whether it has folders of images."""
        return bool(_serverless_images.of_folders(read_file(repository, path)))

    def unrehearsed(self, repository: Repository, path: str) -> str:
        """Version 4, which asks its maker for each run."""
        file = read_file(repository, path)
        if not _needs_key(file.tool(), file.version):
            return ""
        return (
            "Serverless Framework 4 downloads itself and asks Serverless Inc. whether its key is valid, and a "
            "rehearsal reaches package registries alone; osls packages the same service without either"
        )


def _names(document: Document, service: str | None, named: Any, stack_of_a_stage: str | None) -> Iterator[Problem]:
    if "services" in document.data:
        return  # Each of several names its stacks itself.
    without = [
        item if isinstance(item, str) else next(iter(item))
        for item in document.data.get("stages", ("beta", "gamma", "prod"))
        if isinstance(item, str) or "stack" not in (next(iter(item.values())) or {})
    ]
    if stack_of_a_stage is None and without:
        what = "provider.stackName" if named is not None else "the service's name"
        message = f"{what} in serverless.yml has a variable that only the tool can resolve: {named or service or '?'}"
        hint = "say what the stacks are called: stages: [{" + f"{without[0]}: {{stack: <name>}}" + "}]"
        yield document.problem(("stages",) if "stages" in document.data else (), message, hint)


def _in_vain(service: Document, provider: Any) -> Iterator[Problem]:
    provider = provider if isinstance(provider, dict) else {}
    bucket = provider.get("deploymentBucket")
    for key in _CUSTOMER_KEYS if isinstance(bucket, dict) else ():
        if key in bucket:
            message = "CloudFormation cannot read code under a key that each request has to bring"
            hint = "take a key of KMS: encryption: kms in the pipeline file"
            yield service.problem(("provider", "deploymentBucket", key), message, hint, at="key")


def _parameters(document: Document) -> Iterator[Problem]:
    for index, item in enumerate(document.data.get("stages", ())):
        for word, settings in item.items() if isinstance(item, dict) else ():
            for name, value in ((settings or {}).get("parameters") or {}).items():
                if "#{" in str(value):
                    message = "parameters go into the packaging (--param), which is over before a stage deploys"
                    path = ("stages", index, word, "parameters", name)
                    yield document.problem(path, message, "write a value, or ${ssm:...} in serverless.yml")


def _licence(document: Document, tool: tuple[str, str], version: str) -> Iterator[Problem]:
    if _needs_key(tool, version) and not set(_KEYS).intersection(document.data.get("build", {}).get("secrets", {})):
        message = "Serverless Framework 4 packages nothing without a key of Serverless Inc."
        hint = f"build: {{secrets: {{{_KEYS[0]}: {{secretsmanager: <name>}}}}}}; osls takes the same file without a key"
        yield document.problem(("build",), message, hint)


def _needs_key(tool: tuple[str, str], version: str) -> bool:
    """Whether it is version 4 of Serverless Inc.: only its own package makes it that."""
    name, installed = tool
    major = installed.partition(".")[0]
    if name != "serverless":
        return False
    return int(major) >= _WITH_A_KEY if major.isdigit() else version == str(_WITH_A_KEY)


def _plugin(document: Document, index: int, plugin: str, listed: Mapping[str, Any]) -> Iterator[Problem]:
    if plugin in listed["plugins"]:
        what, instead = listed["plugins"][plugin]
        yield document.problem(("plugins", index), f"{plugin}: {what}", instead, level="warning")
    elif plugin not in listed["harmless"]:
        message = f"{plugin}: what it adds to sls package is there, what it does in sls deploy is not"
        yield document.problem(("plugins", index), message, "a stage's after: runs commands", level="info")


FRAMEWORK = Serverless()
