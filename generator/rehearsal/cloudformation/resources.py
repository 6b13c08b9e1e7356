"""The resources of a stack as its functions see them: made ones, ones to come, and none at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from generator.rehearsal.cloudformation.errors import NotEvaluatedError, TemplateError

LATER = "changeSet:KNOWN_AFTER_APPLY"
"""How a change set writes what is known only once it was executed, between `{{` and `}}`.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets-view.html
"""

_REFERENCES: Mapping[str, str] = {
    "AWS::AppSync::ApiKey": "Arn",
    "AWS::AppSync::DataSource": "DataSourceArn",
    "AWS::AppSync::GraphQLApi": "Arn",
    "AWS::AppSync::Resolver": "ResolverArn",
}
"""Types whose Ref is an attribute, since the local services call them by another id.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_AppSync.html
"""

HasAttribute = Callable[[str, str], bool | None]
"""Whether a resource type has an attribute; None when nobody knows the type."""


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource that was made."""

    type: str
    physical_id: str
    attributes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ResourcesMade:
    """Resources that were made, by their logical ids."""

    resources: Mapping[str, Resource]
    has_attribute: HasAttribute

    def reference(self, name: str) -> str:
        """The physical id. Raises TemplateError for a resource that was not made."""
        resource = self._resource(name)
        return str(resource.attributes.get(_REFERENCES.get(resource.type, ""), resource.physical_id))

    def attribute(self, name: str, attribute: str) -> Any:
        """An attribute. Raises TemplateError where the type has none of this name, NotEvaluatedError where it has.

        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getatt.html
        """
        resource = self._resource(name)
        if attribute in resource.attributes:
            return resource.attributes[attribute]
        if resource.type == "AWS::CloudFormation::Stack" and attribute.startswith("Outputs."):
            output = attribute.partition(".")[2]
            raise TemplateError(f"Template error: the nested stack {name} has no output {output}")
        if resource.type == "AWS::CloudFormation::CustomResource" or resource.type.startswith("Custom::"):
            raise TemplateError(
                f"CustomResource attribute error: Vendor response doesn't contain {attribute} attribute"
            )
        if self.has_attribute(resource.type, attribute) is False:
            raise TemplateError(f"Requested attribute {attribute} does not exist in schema for {resource.type}")
        raise NotEvaluatedError(
            f"the attribute {attribute} of {name} ({resource.type}), which the local service does not return"
        )

    def _resource(self, name: str) -> Resource:
        if name not in self.resources:
            raise _unresolved(name)
        return self.resources[name]


class ResourcesToCome:
    """Resources of a template that need not be made yet."""

    def reference(self, name: str) -> str:
        """A text that stands for the physical id."""
        return f"{{{{{LATER}:{name}}}}}"

    def attribute(self, name: str, attribute: str) -> str:
        """A text that stands for the attribute."""
        return f"{{{{{LATER}:{name}.{attribute}}}}}"


class NoResources:
    """A place where resources may not be named: conditions, and the collections of loops."""

    def reference(self, name: str) -> Any:
        """Raise TemplateError."""
        raise TemplateError(
            f"Template format error: Unresolved dependencies [{name}]."
            " Cannot reference resources in the Conditions block of the template"
        )

    def attribute(self, name: str, attribute: str) -> Any:
        """Raise TemplateError."""
        del attribute
        self.reference(name)


def _unresolved(name: str) -> TemplateError:
    return TemplateError(
        f"Template format error: Unresolved resource dependencies [{name}] in the Resources block of the template"
    )
