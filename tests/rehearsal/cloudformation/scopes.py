"""Scopes that tests of functions look things up in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from generator.rehearsal.cloudformation.errors import NotEvaluatedError
from generator.rehearsal.cloudformation.evaluation import Evaluator
from generator.rehearsal.cloudformation.resources import Resource, ResourcesMade
from generator.rehearsal.cloudformation.scope import Scope, Stack

STACK = Stack("shop", "arn:aws:cloudformation:eu-west-1:111122223333:stack/shop/1", "eu-west-1", "111122223333")
RESOURCES = {
    "Bucket": Resource("AWS::S3::Bucket", "shop-bucket", {"Arn": "arn:aws:s3:::shop-bucket"}),
    "Graph": Resource("AWS::AppSync::GraphQLApi", "g1", {"Arn": "arn:aws:appsync:us-east-1:1:apis/g1", "ApiId": "g1"}),
    "Custom": Resource("Custom::Thing", "thing", {"Answer": "42"}),
    "Nested": Resource("AWS::CloudFormation::Stack", "arn:nested", {"Outputs.Url": "https://a.example"}),
}


@dataclass(frozen=True)
class Shelf:
    """An account as tests fill it."""

    exports: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[tuple[str, str], str] = field(default_factory=dict)
    stored: Mapping[str, str] = field(default_factory=dict)

    def export(self, name: str) -> str:
        return _of(self.exports, name)

    def output(self, stack: str, output: str) -> str:
        return _of(self.outputs, (stack, output))

    def stored_parameter(self, name: str) -> str:
        return _of(self.stored, name)

    def zones(self) -> list[str]:
        return ["eu-west-1a", "eu-west-1b", "eu-west-1c"]


def _of(values: Mapping[Any, str], key: Any) -> str:
    if key not in values:
        raise NotEvaluatedError(str(key))
    return values[key]


def scope(**parts: Any) -> Scope:
    """A scope with these parts; resources and account as tests expect them."""
    attributes = {"AWS::S3::Bucket": {"Arn", "DomainName"}}

    def has(kind: str, name: str) -> bool | None:
        return name in attributes[kind] if kind in attributes else None

    return Scope(**{"stack": STACK, "resources": ResourcesMade(RESOURCES, has), "account": Shelf(), **parts})


def value(node: Any, **parts: Any) -> Any:
    """A node of a template, evaluated."""
    return Evaluator(scope(**parts)).value(node)
