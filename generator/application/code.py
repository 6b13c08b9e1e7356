"""Where the code and the definitions of a template's resources lie: what packaging uploads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from generator.application.template import Code, Resource, path_of
from generator.document import Path

# https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html and the SAM resources of its kind
_PROPERTIES: dict[str, tuple[tuple[str, ...], ...]] = {
    "AWS::ApiGateway::RestApi": (("BodyS3Location",),),
    "AWS::AppSync::FunctionConfiguration": (
        ("CodeS3Location",),
        ("RequestMappingTemplateS3Location",),
        ("ResponseMappingTemplateS3Location",),
    ),
    "AWS::AppSync::GraphQLSchema": (("DefinitionS3Location",),),
    "AWS::AppSync::Resolver": (
        ("CodeS3Location",),
        ("RequestMappingTemplateS3Location",),
        ("ResponseMappingTemplateS3Location",),
    ),
    "AWS::CloudFormation::Stack": (("TemplateURL",),),
    "AWS::CodeCommit::Repository": (("Code", "S3"),),
    "AWS::ElasticBeanstalk::ApplicationVersion": (("SourceBundle",),),
    "AWS::Glue::Job": (("Command", "ScriptLocation"),),
    "AWS::Lambda::Function": (("Code",),),
    "AWS::Lambda::LayerVersion": (("Content",),),
    "AWS::Serverless::Api": (("DefinitionUri",),),
    "AWS::Serverless::Application": (("Location",),),
    "AWS::Serverless::Function": (("CodeUri",),),
    "AWS::Serverless::GraphQLApi": (("SchemaUri",),),
    "AWS::Serverless::HttpApi": (("DefinitionUri",),),
    "AWS::Serverless::LayerVersion": (("ContentUri",),),
    "AWS::Serverless::StateMachine": (("DefinitionUri",),),
    "AWS::Serverless::WebFunction": (("CodeUri",),),
    "AWS::StepFunctions::StateMachine": (("DefinitionS3Location",),),
}
# Without a CodeUri, packaging takes the template's folder; what has its code elsewhere says so with one of these.
_ELSEWHERE = ("CodeUri", "ImageUri", "InlineCode")
# A property that makes the one above needless: SAM then leaves an inherited CodeUri alone.
_INLINE = {"CodeUri": "InlineCode", "DefinitionUri": "DefinitionBody"}
_INCLUDE = "AWS::Include"


def code_of(data: Mapping[str, Any], resources: Iterable[Resource]) -> Iterator[Code]:
    """Every place a template takes code or definitions from, each once, in the order of the file."""
    seen: set[Path] = set()
    for code in (*_of_resources(data, resources), *_included(data, ())):
        if code.path not in seen:
            seen.add(code.path)
            yield code


def is_whole_folder(resource: Resource) -> bool:
    """Whether a function of SAM's says nowhere where its code lies: packaging takes all of the template's folder.

    https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html
    """
    is_zip = resource.type == "AWS::Serverless::Function" and resource.properties.get("PackageType") != "Image"
    return is_zip and all(resource.properties.get(key) is None for key in _ELSEWHERE)


def _of_resources(data: Mapping[str, Any], resources: Iterable[Resource]) -> Iterator[Code]:
    for resource in resources:
        for keys in _PROPERTIES.get(resource.type, ()):
            if resource.properties.get(_INLINE.get(keys[0], "")) is None:
                yield from _at(data, resource, keys)


def _at(data: Mapping[str, Any], resource: Resource, keys: tuple[str, ...]) -> Iterator[Code]:
    location: Any = resource.properties
    for key in keys:
        location = location.get(key) if isinstance(location, dict) else None
    if location is not None:
        yield Code(path_of(data, resource, keys), location)


def _included(data: Any, path: Path) -> Iterator[Code]:
    """What AWS::Include reads, wherever it stands."""
    for key, part in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        location = _include(part) if key == "Fn::Transform" else None
        if location is not None:
            yield Code((*path, key, "Parameters", "Location"), location)
        if isinstance(part, (dict, list)):
            yield from _included(part, (*path, key))


def _include(call: Any) -> Any:
    match call:
        case {"Name": name, "Parameters": {"Location": location}} if name == _INCLUDE:
            return location
        case _:
            return None
