"""The resources of a plain template as a stack has them: names, ids and references as CloudFormation makes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generator.application.template import Resource
from generator.rehearsal.iam.cloudformation_calls import values
from generator.rehearsal.iam.cloudformation_calls.types import kind_of
from generator.rehearsal.iam.cloudformation_calls.values import Here, physical_id
from tests.permissions.grants import ACCOUNT, REGION, STACK
from tests.properties.templates import PSEUDO

HERE = Here(REGION, ACCOUNT, STACK)
_PSEUDO = {**PSEUDO, "AWS::StackName": STACK}
_VARIABLE = re.compile(r"\$\{([^!}]+)\}")
_REFERRED_TO_BY_ARN = frozenset(
    {
        "AWS::IAM::ManagedPolicy",
        "AWS::Lambda::Alias",
        "AWS::Lambda::LayerVersion",
        "AWS::Lambda::Version",
        "AWS::SNS::Topic",
        "AWS::StepFunctions::StateMachine",
        "AWS::StepFunctions::StateMachineVersion",
    }
)


class Formed:
    """The resources of a template, every intrinsic of theirs in its meaning. KeyError for one that is not known."""

    def __init__(self, resources: Mapping[str, Resource]) -> None:
        self._resources = resources

    def properties(self, logical_id: str) -> dict[str, Any]:
        meaning: dict[str, Any] = self.meaning(self._resources[logical_id].properties)
        return meaning

    def physical_id(self, logical_id: str) -> str:
        """The name that is given or made; one like it for a type whose ids are not known here."""
        resource = self._resources[logical_id]
        kind = kind_of(resource.type)
        if kind is None:
            return f"{STACK}-{logical_id}-1"
        name = resource.properties.get(kind.named.by)
        named = {kind.named.by: self.meaning(name)} if kind.named.by and name else {}
        return physical_id(kind, logical_id, named, HERE)

    def arn(self, logical_id: str) -> str:
        resource = self._resources[logical_id]
        kind = kind_of(resource.type)
        if kind is None:
            return f"arn:aws:{resource.type.split('::')[1].lower()}:{REGION}:{ACCOUNT}:{self.physical_id(logical_id)}"
        definition = values.Resource(logical_id, self.physical_id(logical_id), self.properties(logical_id))
        return HERE.fill(kind.arn, definition)

    def meaning(self, value: Any) -> Any:
        """A value with its intrinsics resolved; what has no value is left out."""
        if isinstance(value, list):
            return [item for item in map(self.meaning, value) if item is not None]
        if not isinstance(value, Mapping):
            return value
        if len(value) == 1:
            ((name, argument),) = value.items()
            if name in {"Ref", "Condition"} or name.startswith("Fn::"):
                return self._call(name.removeprefix("Fn::"), argument)
        return {key: done for key, inner in value.items() if (done := self.meaning(inner)) is not None}

    def _call(self, name: str, argument: Any) -> Any:
        match name:
            case "Ref":
                return self._reference(argument)
            case "GetAtt":
                return self._attribute(*(argument.split(".", 1) if isinstance(argument, str) else argument))
            case "Join":
                return argument[0].join(map(str, self.meaning(argument[1])))
            case "Sub":
                text, own = argument if isinstance(argument, list) else (argument, {})
                return _VARIABLE.sub(lambda variable: str(self._variable(variable[1], self.meaning(own))), text)
        raise KeyError(name)

    def _variable(self, name: str, own: Mapping[str, Any]) -> Any:
        if name in own:
            return own[name]
        return self._attribute(*name.split(".", 1)) if "." in name else self._reference(name)

    def _reference(self, name: str) -> Any:
        if name in _PSEUDO:
            return _PSEUDO[name]
        by_arn = self._resources[name].type in _REFERRED_TO_BY_ARN
        return self.arn(name) if by_arn else self.physical_id(name)

    def _attribute(self, logical_id: str, attribute: str) -> str:
        if attribute in {"Arn", "TopicArn", "StreamArn"}:
            return self.arn(logical_id)
        return f"{self.physical_id(logical_id)}-{attribute}"
