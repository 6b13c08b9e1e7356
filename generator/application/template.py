"""A SAM or CloudFormation template of the user's as frozen values: what its sections declare and where they say so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from generator.application.inheritance import section_of
from generator.application.values import scalar, text_of
from generator.document import Document, Path
from generator.errors import Level, Problem

SERVERLESS = "AWS::Serverless-2016-10-31"
LANGUAGE_EXTENSIONS = "AWS::LanguageExtensions"
FUNCTIONS = frozenset({"AWS::Serverless::Function", "AWS::Serverless::WebFunction", "AWS::Lambda::Function"})

# https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html: the object's key is the file's MD5.
_PACKAGED = re.compile(r"(^|/)[0-9a-f]{32}(\.[a-z]+)?$")

At = Literal["value", "key"]


# Tuples, since a frozen dataclass costs six times as much to define and `generate` pays for every one.
class Parameter(NamedTuple):
    """A parameter the template declares; `default` is its text when it has one.

    `pattern` is its AllowedPattern and `constraint` what the template says about its values; `no_echo`: it is a secret.
    """

    name: str
    type: str
    has_default: bool
    default: str | None
    allowed: tuple[str, ...]
    pattern: str = ""
    constraint: str = ""
    no_echo: bool = False


class Output(NamedTuple):
    """An output: its value, and the name it is exported under (None: it is not)."""

    name: str
    value: Any
    export: Any
    condition: str


class Resource(NamedTuple):
    """A resource with what SAM's Globals add to its properties; `condition` is empty when it is always there."""

    logical_id: str
    type: str
    properties: Mapping[str, Any]
    condition: str


class Code(NamedTuple):
    """Where a resource's code or definition lies: a path beside the template, `s3://` or a bucket and a key."""

    path: Path
    location: Any

    @property
    def is_remote(self) -> bool:
        """Whether it names an object in S3 (or any URL) instead of a file of the repository."""
        if isinstance(self.location, dict):
            return any(isinstance(key, str) and "bucket" in key.lower() for key in self.location)
        return isinstance(self.location, str) and "://" in self.location

    @property
    def is_uploaded(self) -> bool:
        """Whether it names what packaging has uploaded: an object in S3 that is called by its MD5."""
        if not self.is_remote:
            return False
        parts = self.location.values() if isinstance(self.location, dict) else (self.location,)
        return any(isinstance(part, str) and _PACKAGED.search(part) for part in parts)

    @property
    def is_local(self) -> bool:
        """Whether it names a file or folder of the repository."""
        return isinstance(self.location, str) and not self.is_remote


class Template(NamedTuple):
    """A whole template. `open` names the sections to which a macro, an include or a loop adds what is not written.

    `nested` are the templates of the stacks within its own, by logical id, where they are files that can be read.
    """

    path: str
    document: Document
    transforms: tuple[str, ...]
    parameters: Mapping[str, Parameter]
    outputs: Mapping[str, Output]
    resources: Mapping[str, Resource]
    code: tuple[Code, ...]
    open: frozenset[str]
    nested: Mapping[str, Template] = MappingProxyType({})

    @property
    def family(self) -> tuple[Template, ...]:
        """It, and the templates of all stacks within its own, at any depth; each file once."""
        within = (each for template in self.nested.values() for each in template.family)
        return tuple({each.path: each for each in (self, *within)}.values())

    @property
    def is_packaged(self) -> bool:
        """Whether its code is already in S3, as `aws cloudformation package` and `sam package` leave it."""
        return any(code.is_uploaded for code in self.code) and not any(code.is_local for code in self.code)

    def defaults(self) -> dict[str, str]:
        """The parameters that have a default, with its text."""
        return {name: values.default for name, values in self.parameters.items() if values.default is not None}

    def runtimes(self) -> dict[str, str]:
        """The Lambda runtime of each function whose runtime is known before launch, by logical id."""
        defaults = self.defaults()
        functions = (resource for resource in self.resources.values() if resource.type in FUNCTIONS)
        used = ((function.logical_id, text_of(function.properties.get("Runtime"), defaults)) for function in functions)
        return {logical_id: runtime for logical_id, runtime in used if runtime}

    def languages(self) -> dict[str, tuple[str, ...]]:
        """The languages of its family's functions with their versions: `{"nodejs": ("22",), "python": ("3.13",)}`."""
        languages: dict[str, set[str]] = {}
        for runtime in (runtime for template in self.family for runtime in template.runtimes().values()):
            match = re.fullmatch(r"([a-z]+)([0-9.]*)(\.x|\.al[0-9]+)?", runtime)
            if match and match[1] != "provided":
                languages.setdefault(match[1], set()).add(match[2])
        return {language: tuple(sorted(languages[language], key=by_number)) for language in sorted(languages)}

    def place_of(self, logical_id: str, *keys: str) -> Path:
        """The path of a resource's property: its own, or that in Globals it inherits."""
        return path_of(self.document.data, self.resources[logical_id], keys)

    def origin_of(self, logical_id: str) -> Path:
        """The path of what SAM makes a resource for: an event or a resource; all resources where several share it.

        SAM calls what it makes after the resource, then the event.
        """
        maker = max((name for name in self.resources if logical_id.startswith(name)), key=len, default="")
        whole: Path = ("Resources", maker) if maker else ("Resources",)
        event: Path = (*whole, "Properties", "Events", logical_id.removeprefix(maker))
        return event if is_written(self.document.data, event) else whole

    def problem(self, path: Path, message: str, hint: str = "", *, at: At = "value", level: Level = "error") -> Problem:
        """A problem with the value at a path of the template, with its key, or with the nearest thing that is there.

        What a terminal would act on is taken out of the texts, which may repeat the template's own words.
        """
        return self.document.problem(path, printable(message), printable(hint), at=at, level=level)


def path_of(data: Mapping[str, Any], resource: Resource, keys: tuple[str, ...]) -> Path:
    """The path of a resource's property in a template's data: its own, or that in Globals it inherits."""
    own: Path = ("Resources", resource.logical_id, "Properties", *keys)
    inherited: Path = ("Globals", section_of(resource.type), *keys)
    return inherited if is_written(data, inherited) and not is_written(data, own) else own


def is_written(data: Any, path: Path) -> bool:
    """Whether a path leads to something in parsed data."""
    for key in path:
        in_list = isinstance(data, list) and isinstance(key, int) and key < len(data)
        if not in_list and not (isinstance(data, dict) and key in data):
            return False
        data = data[key]
    return True


def parameter(name: str, declared: Mapping[str, Any]) -> Parameter:
    """A parameter from its declaration."""
    allowed = declared.get("AllowedValues")
    texts = (scalar(value) for value in allowed) if isinstance(allowed, list) else ()
    kind = declared.get("Type")
    return Parameter(
        name=name,
        type=kind if isinstance(kind, str) else "String",
        has_default="Default" in declared,
        default=scalar(declared.get("Default")),
        allowed=tuple(text for text in texts if text is not None),
        pattern=scalar(declared.get("AllowedPattern")) or "",
        constraint=scalar(declared.get("ConstraintDescription")) or "",
        no_echo=(scalar(declared.get("NoEcho")) or "").lower() == "true",
    )


def printable(text: str) -> str:
    """A text without what a terminal would act on."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def by_number(version: str) -> list[int]:
    """What sorts the versions of a language."""
    return [int(part) for part in version.split(".") if part]
