"""Reads where the functions and layers of a template have their code, and writes down where it was packed.

A template is read as YAML nodes and edited as text: all that is not the code's place stays as its author wrote it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

try:
    import yaml
except ImportError:  # AWS's images bring it, others may not.
    _PIP = [sys.executable, "-m", "pip", "install", "-q", "--target", str(Path(__file__).parent), "pyyaml"]
    subprocess.check_call(_PIP)
    import yaml

# What has code -> the property that says where, the section of Globals it inherits from.
_CODE = {
    "AWS::Lambda::Function": ("Code", ""),
    "AWS::Lambda::LayerVersion": ("Content", ""),
    "AWS::Serverless::Function": ("CodeUri", "Function"),
    "AWS::Serverless::LayerVersion": ("ContentUri", "LayerVersion"),
}
_FUNCTIONS = ("AWS::Lambda::Function", "AWS::Serverless::Function")
_NESTED = {"AWS::CloudFormation::Stack": "TemplateURL", "AWS::Serverless::Application": "Location"}
# How a template says where a file lies in S3.
_URI = '"s3://{bucket}/{key}"'
_OBJECT = '{{"Bucket": "{bucket}", "Key": "{key}"}}'
_OBJECT_OF_S3 = '{{"S3Bucket": "{bucket}", "S3Key": "{key}"}}'
_ADDRESS = '"https://s3.{region}.{domain}/{bucket}/{key}"'
_RESOLVER = dict.fromkeys(
    ("CodeS3Location", "RequestMappingTemplateS3Location", "ResponseMappingTemplateS3Location"), _URI
)
# Every property that `aws cloudformation package` takes a file for, beside what serverless repositories show:
# https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html
_FILES = {
    "AWS::ApiGateway::RestApi": {"BodyS3Location": _OBJECT},
    "AWS::AppSync::FunctionConfiguration": _RESOLVER,
    "AWS::AppSync::GraphQLSchema": {"DefinitionS3Location": _URI},
    "AWS::AppSync::Resolver": _RESOLVER,
    "AWS::CloudFormation::Stack": {"TemplateURL": _ADDRESS},
    "AWS::CloudFormation::StackSet": {"TemplateURL": _ADDRESS},
    "AWS::ElasticBeanstalk::ApplicationVersion": {"SourceBundle": _OBJECT_OF_S3},
    "AWS::Glue::Job": {"Command.ScriptLocation": _URI},
    "AWS::Lambda::Function": {"Code": _OBJECT_OF_S3},
    "AWS::Lambda::LayerVersion": {"Content": _OBJECT_OF_S3},
    "AWS::Serverless::Api": {"DefinitionUri": _URI},
    "AWS::Serverless::Application": {"Location": _ADDRESS},
    "AWS::Serverless::Function": {"CodeUri": _URI},
    "AWS::Serverless::HttpApi": {"DefinitionUri": _URI},
    "AWS::Serverless::LayerVersion": {"ContentUri": _URI},
    "AWS::Serverless::StateMachine": {"DefinitionUri": _URI},
    "AWS::StepFunctions::StateMachine": {"DefinitionS3Location": _OBJECT},
}
_LOOP = "Fn::ForEach::"


class _Plain(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        """CloudFormation knows no anchors."""
        del data
        return True


class Code(NamedTuple):
    """The code of a function or a layer: a folder or file, its runtime ("python3.13", "" unknown), its build method."""

    logical_id: str
    path: str
    runtime: str
    method: str
    is_layer: bool


class Image(NamedTuple):
    """The image of a function: the folder and the Dockerfile it is made from, build arguments, a stage to stop at.

    `options` are others of `docker build`.
    """

    logical_id: str
    context: str
    dockerfile: str
    arguments: tuple[tuple[str, str], ...]
    target: str
    options: tuple[str, ...] = ()


class File(NamedTuple):
    """A file that a template deploys: where the template names it, its path, and how to name an object of S3 there."""

    node: yaml.Node
    path: str
    form: str


class Template:
    """A template file and the edits it is waiting for."""

    def __init__(self, path: str) -> None:
        """Read a file; a missing or broken one ends the build."""
        self.path = path
        try:
            self._text = Path(path).read_text(encoding="utf-8-sig")
        except OSError as error:
            sys.exit(f"{path}: {error.strerror}")
        # JSON may be indented with tabs, YAML may not; in JSON a tab is always white space.
        plain = self._text.replace("\t", " ") if path.endswith(".json") else self._text
        try:
            self.root = yaml.compose(plain, Loader=yaml.SafeLoader)
        except yaml.YAMLError as error:
            sys.exit(f"{path}: {error}")
        self._edits: dict[tuple[int, int], str] = {}

    def codes(self) -> Iterator[Code]:
        """Every function and layer whose code lies in the repository."""
        for logical_id, resource in _resources(_get(self.root, "Resources")):
            key, _ = _CODE.get(_text(_get(resource, "Type")), ("", ""))
            path = self._path(resource, key) if key else ""
            if path and os.path.exists(path):
                runtime = self._runtime(resource)
                method = _text(_get(resource, "Metadata", "BuildMethod"))
                yield Code(logical_id, path, runtime, method, is_layer=key.startswith("Content"))

    def images(self) -> Iterator[Image]:
        """Every function that is a container image made by a Dockerfile of the repository."""
        for logical_id, resource in _resources(_get(self.root, "Resources")):
            is_function = _text(_get(resource, "Type")) in _FUNCTIONS
            dockerfile = _text(_get(resource, "Metadata", "Dockerfile"))
            if is_function and dockerfile and _text(self._inherited(resource, "PackageType")) == "Image":
                context = self._beside(_text(_get(resource, "Metadata", "DockerContext")) or ".")
                written = _entries(_get(resource, "Metadata", "DockerBuildArgs"))
                arguments = tuple(sorted((name, _text(value)) for name, value in written))
                target = _text(_get(resource, "Metadata", "DockerBuildTarget"))
                yield Image(logical_id, context, os.path.join(context, dockerfile), arguments, target)

    def name_image(self, logical_id: str, address: str) -> None:
        """Note which image a function runs."""
        for name, resource in _resources(_get(self.root, "Resources")):
            if name == logical_id and _text(_get(resource, "Type")) == "AWS::Lambda::Function":
                stated = _get(resource, "Properties", "Code")
                if stated is None:
                    sys.exit(f"{self.path}: {logical_id} has no Code: {{ImageUri: ...}}, where its image would stand")
                self._replace(stated, f'{{"ImageUri": "{address}"}}')
            elif name == logical_id:
                self._put(resource, "ImageUri", address)

    def nested(self) -> Iterator[str]:
        """The templates of the repository that this one deploys as stacks of their own."""
        for _, resource in _resources(_get(self.root, "Resources")):
            key = _NESTED.get(_text(_get(resource, "Type")), "")
            path = self._beside(_text(_get(resource, "Properties", key))) if key else ""
            if path and os.path.isfile(path):
                yield path

    def files(self) -> Iterator[File]:
        """The files of the repository that have to lie in S3 before this template is deployed."""
        for _, resource in _resources(_get(self.root, "Resources")):
            kind = _text(_get(resource, "Type"))
            for key, form in _FILES.get(kind, {}).items():
                inherits = kind in _CODE and key == _CODE[kind][0]
                stated = self._inherited(resource, key) if inherits else _get(resource, "Properties", *key.split("."))
                yield from self._file(stated, form)
        for include in _includes(self.root):
            yield from self._file(_get(include, "Parameters", "Location"), _URI)

    def put(self, file: File, text: str) -> None:
        """Note what a file is called from now on."""
        self._replace(file.node, text)

    def place(self, logical_id: str, path: str) -> None:
        """Note that the code of a resource lies in another place now."""
        for name, resource in _resources(_get(self.root, "Resources")):
            if name == logical_id:
                self._put(resource, _CODE[_text(_get(resource, "Type"))][0], path)

    def write(self) -> None:
        """Carry the edits out in the file."""
        text = self._text
        for (start, end), new in sorted(self._edits.items(), reverse=True):
            text = text[:start] + new + text[end:]
        Path(self.path).write_text(text, encoding="utf-8")

    def normalized(self) -> str:
        """The text that CloudFormation takes: without anchors and merged mappings; calls in their long form."""
        dumped: str = yaml.dump(
            _plain(self.root), Dumper=_Plain, sort_keys=False, width=sys.maxsize, allow_unicode=True
        )
        return dumped

    def reduced(self, logical_ids: list[str]) -> dict[str, object]:
        """Only these resources, and of them what decides how they are built: for `sam build`."""
        resources = {}
        for name, resource in _resources(_get(self.root, "Resources")):
            if name in logical_ids:
                kind = _text(_get(resource, "Type"))
                keys = (_CODE[kind][0], "Runtime", "Handler", "Architectures", "CompatibleRuntimes")
                properties = {key: self._inherited(resource, key) for key in keys}
                resources[name] = {
                    "Type": kind,
                    "Metadata": _plain(_get(resource, "Metadata")),
                    "Properties": {key: _plain(value) for key, value in properties.items() if value is not None},
                }
        parameters = _plain(_get(self.root, "Parameters")) or {}
        return {"Transform": "AWS::Serverless-2016-10-31", "Parameters": parameters, "Resources": resources}

    def _runtime(self, resource: yaml.Node) -> str:
        stated = self._inherited(resource, "Runtime")
        if _get(resource, "Properties", "CompatibleRuntimes") is not None and stated is None:
            several = _get(resource, "Properties", "CompatibleRuntimes")
            stated = several.value[0] if isinstance(several, yaml.SequenceNode) and several.value else None
        if stated is not None and stated.tag == "!Ref":
            stated = _get(self.root, "Parameters", stated.value, "Default")
        elif _get(stated, "Ref") is not None:
            stated = _get(self.root, "Parameters", _text(_get(stated, "Ref")), "Default")
        return _text(stated)

    def _path(self, resource: yaml.Node, key: str) -> str:
        stated = self._inherited(resource, key)
        if stated is not None:
            return self._beside(_text(stated))
        elsewhere = ("InlineCode", "ImageUri")
        is_image = _text(self._inherited(resource, "PackageType")) == "Image"
        if is_image or any(self._inherited(resource, other) is not None for other in elsewhere):
            return ""
        return self._beside(".")

    def _beside(self, location: str) -> str:
        if not location or "://" in location:
            return ""
        return os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(self.path)), location))

    def _inherited(self, resource: yaml.Node, key: str) -> yaml.Node | None:
        own = _get(resource, "Properties", key)
        section = _CODE[_text(_get(resource, "Type"))][1]
        ignored = _plain(_get(resource, "IgnoreGlobals"))
        is_ignored = ignored == "*" or (isinstance(ignored, list) and key in ignored)
        if own is not None or not section or is_ignored:
            return own
        return _get(self.root, "Globals", section, key)

    def _file(self, stated: yaml.Node | None, form: str) -> Iterator[File]:
        path = self._beside(_text(stated))
        if stated is not None and path and os.path.isfile(path):
            yield File(stated, path, form)

    def _put(self, resource: yaml.MappingNode, key: str, path: str) -> None:
        quoted = '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'
        stated, properties = _get(resource, "Properties", key), _get(resource, "Properties")
        if stated is not None:
            self._replace(stated, quoted)
        elif isinstance(properties, yaml.MappingNode) and properties.value:
            self._edit(*_before(properties, f'"{key}": {quoted}'))
        elif properties is not None:
            self._replace(properties, f'{{"{key}": {quoted}}}')
        else:
            self._edit(*_before(resource, f'"Properties": {{"{key}": {quoted}}}'))

    def _replace(self, node: yaml.Node, text: str) -> None:
        # A block scalar ends with its line.
        ending = "\n" * (getattr(node, "style", "") in {"|", ">"})
        self._edit((node.start_mark.index, node.end_mark.index), text + ending)

    def _edit(self, span: tuple[int, int], text: str) -> None:
        if self._edits.setdefault(span, text) != text:
            sys.exit(f"{self.path}: an anchor says where the code of several functions lies, which are not built alike")


def _before(mapping: yaml.MappingNode, entry: str) -> tuple[tuple[int, int], str]:
    """An edit that puts an entry in front of a mapping's first one."""
    first = mapping.value[0][0].start_mark
    separator = ", " if mapping.flow_style else "\n" + " " * first.column
    return (first.index, first.index), entry + separator


def _resources(section: yaml.Node | None) -> Iterator[tuple[str, yaml.MappingNode]]:
    """The resources of a section by logical id, those of loops too."""
    for name, value in _entries(section):
        if name.startswith(_LOOP) and isinstance(value, yaml.SequenceNode) and value.value:
            yield from _resources(value.value[-1])
        elif isinstance(value, yaml.MappingNode):
            yield name, value


def _includes(node: yaml.Node | None) -> Iterator[yaml.Node]:
    """The calls of AWS::Include, wherever they stand."""
    if isinstance(node, yaml.MappingNode):
        if _text(_get(node, "Name")) == "AWS::Include":
            yield node
        for _, value in node.value:
            yield from _includes(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _includes(item)


def _get(node: yaml.Node | None, *keys: str) -> yaml.Node | None:
    for key in keys:
        node = next((value for name, value in _entries(node) if name == key), None)
    return node


def _entries(node: yaml.Node | None) -> Iterator[tuple[str, yaml.Node]]:
    """The entries of a mapping, its own before those it merges."""
    merged: list[yaml.Node] = []
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        if key.tag == "tag:yaml.org,2002:merge":
            merged += value.value if isinstance(value, yaml.SequenceNode) else [value]
        else:
            yield str(key.value), value
    for other in merged:
        yield from _entries(other)


def _text(node: yaml.Node | None) -> str:
    """A literal text; empty for what is none, such as the call of a function."""
    return str(node.value) if isinstance(node, yaml.ScalarNode) and not node.tag.startswith("!") else ""


def _plain(node: yaml.Node | None) -> object:
    """A node as data, calls in their long form."""
    if node is None:
        return None
    data: object = node.value
    if isinstance(node, yaml.MappingNode):
        # What a mapping says itself counts, and comes before what it merges.
        data = {name: _plain(value) for name, value in reversed([*_entries(node)])}
        data = dict(reversed(data.items()))
    elif isinstance(node, yaml.SequenceNode):
        data = [_plain(value) for value in node.value]
    elif not node.tag.startswith("!") and node.tag != "tag:yaml.org,2002:timestamp":
        data = yaml.SafeLoader("").construct_object(node)
    if node.tag.startswith("!"):
        name = node.tag[1:]
        if name == "GetAtt" and isinstance(data, str):
            data = data.split(".", 1)
        data = {name if name in {"Ref", "Condition"} else f"Fn::{name}": data}
    return data


def every(paths: list[str]) -> list[Template]:
    """These templates and all that they deploy as nested stacks, each once."""
    by_path: dict[str, Template] = {}
    waiting = list(paths)
    while waiting:
        path = os.path.realpath(waiting.pop(0))
        if path not in by_path:
            by_path[path] = Template(path)
            waiting += by_path[path].nested()
    return list(by_path.values())


def of_the_build() -> list[Template]:
    """The templates of the build at hand: the application's and the tests'."""
    return every([path for path in map(os.environ.get, ("APP_TEMPLATE", "TESTS_TEMPLATE")) if path])
