"""AWS::CodeDeploy::Application and DeploymentGroup, as SAM's DeploymentPreference makes them.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/automating-updates-to-serverless-apps.html
"""

from __future__ import annotations

from collections.abc import Collection

from generator.aws_rules import limits
from generator.rehearsal.emulator.cloudformation.resource import Properties, ResourceError, ReturnValues, generated_name

# An application's name and a group's are as long.
_LONGEST = limits.NAME_LENGTHS["AWS::CodeDeploy::Application"]


class Applications:
    """Ref is the application's name."""

    name = "AWS::CodeDeploy::Application"

    def __init__(self) -> None:
        self.names: set[str] = set()

    def create(self, logical_id: str, properties: Properties, stack: str) -> ReturnValues:
        """Keep its name; raises ResourceError for one that there is already."""
        name = str(properties.get("ApplicationName") or generated_name(stack, logical_id, _LONGEST))
        if name in self.names:
            raise _refusal("ApplicationAlreadyExistsException", f"An application with name {name} already exists")
        self.names.add(name)
        return name, {}

    def update(self, physical_id: str, old: Properties, new: Properties, stack: str) -> ReturnValues:
        """Change its tags; another name or platform makes another application."""
        replaced = any(old.get(name) != new.get(name) for name in ("ApplicationName", "ComputePlatform"))
        return self.create("", new, stack) if replaced else (physical_id, {})

    def delete(self, physical_id: str, _properties: Properties) -> None:
        """Forget its name."""
        self.names.discard(physical_id)


class DeploymentGroups:
    """Ref is the group's name, which is the application's own business: two applications may use the same."""

    name = "AWS::CodeDeploy::DeploymentGroup"

    def __init__(self, applications: Collection[str]) -> None:
        self._applications = applications
        self._roles: dict[tuple[str, str], str] = {}

    def create(self, logical_id: str, properties: Properties, stack: str) -> ReturnValues:
        """Keep its name; raises ResourceError without its application, or for a name that the application has."""
        name = str(properties.get("DeploymentGroupName") or generated_name(stack, logical_id, _LONGEST))
        self._require(properties)
        group = _key(name, properties)
        if group in self._roles:
            message = f"Deployment Group name already exists : {name} for application {group[0]}"
            raise _refusal("DeploymentGroupAlreadyExistsException", message)
        self._roles[group] = str(properties.get("ServiceRoleArn", ""))
        return name, {}

    def update(self, physical_id: str, old: Properties, new: Properties, stack: str) -> ReturnValues:
        """Change it; another name or application makes another group. Raises as `create`."""
        if any(old.get(name) != new.get(name) for name in ("ApplicationName", "DeploymentGroupName")):
            return self.create("", new, stack)
        self._require(new)
        self._roles[_key(physical_id, new)] = str(new.get("ServiceRoleArn", ""))
        return physical_id, {}

    def delete(self, physical_id: str, properties: Properties) -> None:
        """Forget its name."""
        self._roles.pop(_key(physical_id, properties), None)

    def role(self, application: str, group: str) -> str:
        """The role under which a group deploys. Raises ResourceError for one that there is not."""
        if (application, group) not in self._roles:
            message = f"No Deployment Group found for name: {group}"
            raise _refusal("DeploymentGroupDoesNotExistException", message)
        return self._roles[application, group]

    def _require(self, properties: Properties) -> None:
        application = str(properties.get("ApplicationName"))
        if application not in self._applications:
            raise _refusal("ApplicationDoesNotExistException", f"No application found for name: {application}")


def _key(name: str, properties: Properties) -> tuple[str, str]:
    return str(properties.get("ApplicationName")), name


def _refusal(code: str, message: str) -> ResourceError:
    return ResourceError(f"{message} (Service: CodeDeploy, Status Code: 400, Error Code: {code})")
