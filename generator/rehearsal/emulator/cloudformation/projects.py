"""AWS::CodeBuild::Project.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-codebuild-project.html
"""

from __future__ import annotations

from typing import Any

from generator.aws_rules import limits
from generator.rehearsal.emulator.cloudformation.properties import api_tags, to_api
from generator.rehearsal.emulator.cloudformation.resource import (
    Asked,
    Properties,
    ResourceError,
    ReturnValues,
    generated_name,
)
from generator.rehearsal.emulator.wire import model_of

# As AWS's own samples of 2017 write it, whose stacks are still made.
_OLD_LINUX = "linuxContainer"
# What the type writes in another way than CreateProject does, or says to CloudFormation alone.
_BESIDE = frozenset({"Tags", "Triggers", "Visibility", "ResourceAccessRole"})


class Projects:
    """Ref is the project's name, Arn its attribute."""

    name = "AWS::CodeBuild::Project"

    def __init__(self, ask: Asked) -> None:
        self._ask = ask

    def create(self, logical_id: str, properties: Properties, stack: str) -> ReturnValues:
        """CreateProject."""
        _refuse_triggers(properties)
        name = properties.get("Name") or generated_name(stack, logical_id, limits.NAME_LENGTHS[self.name])
        return _return_values(self._ask("CreateProject", **_request(name, properties)))

    def update(self, physical_id: str, _old: Properties, new: Properties, stack: str) -> ReturnValues:
        """UpdateProject; another name makes another project."""
        _refuse_triggers(new)
        if new.get("Name") and new["Name"] != physical_id:
            return self.create(new["Name"], new, stack)
        return _return_values(self._ask("UpdateProject", **_request(physical_id, new)))

    def delete(self, physical_id: str, _properties: Properties) -> None:
        """DeleteProject, which is no error when there is none."""
        self._ask("DeleteProject", name=physical_id)


def _refuse_triggers(properties: Properties) -> None:
    if properties.get("Triggers"):
        raise ResourceError("the rehearsal does not support the property Triggers (webhooks) of a CodeBuild project")


def _request(name: str, properties: Properties) -> dict[str, Any]:
    shape = model_of("codebuild").operation_model("CreateProject").input_shape
    own = {key: value for key, value in properties.items() if key not in _BESIDE}
    environment = own.get("Environment")
    if isinstance(environment, dict) and environment.get("Type") == _OLD_LINUX:
        own["Environment"] = {**environment, "Type": "LINUX_CONTAINER"}
    tags = api_tags(properties)
    return {**to_api(shape, {**own, "Name": name}), **({"tags": tags} if tags else {})}


def _return_values(answer: dict[str, Any]) -> ReturnValues:
    project = answer["project"]
    return project["name"], {"Arn": project["arn"]}
