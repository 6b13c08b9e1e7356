"""AWS::Lambda::Alias with CodeDeployLambdaAliasUpdate: hooks are called, and the traffic shifts at once.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from generator.rehearsal.assumptions import TRAFFIC_SHIFT, Assumption
from generator.rehearsal.emulator.cloudformation.code_deployments import DeploymentGroups
from generator.rehearsal.emulator.cloudformation.resource import Properties, ResourceError
from generator.rehearsal.emulator.cloudformation.stack_permissions import principal
from generator.rehearsal.emulator.deployments import Deployments, HookFailedError
from generator.rehearsal.emulator.ministack import (
    cloudformation,
    cloudformation_policies,
    cloudformation_types,
    context,
)
from generator.rehearsal.emulator.mounts import Mount
from generator.rehearsal.iam.question import CLOUDFORMATION
from generator.rehearsal.service import Surroundings

TYPE = "AWS::Lambda::Alias"
# https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/automating-updates-to-serverless-apps.html
_CALLS = ("codedeploy:CreateDeployment", "codedeploy:GetDeployment")


@dataclass(frozen=True, slots=True)
class _Deployment:
    """One deployment, with the update policy that asked for it."""

    id: str
    policy: Mapping[str, str]
    role: str

    def failed(self, why: str) -> ResourceError:
        """The error of the alias's update."""
        return ResourceError(f"CodeDeploy deployment {self.id} failed: {why} (Service: CodeDeploy)")


class Aliases:
    """The emulator's own handlers, and CodeDeploy between an alias's old version and its new one."""

    def __init__(
        self,
        groups: DeploymentGroups,
        mount: Mount,
        here: Callable[[], Surroundings],
        assume: Callable[[Assumption], bool],
    ) -> None:
        self._groups = groups
        self._mount = mount
        self._here = here
        self._assume = assume
        self._update = cloudformation_types.handlers_of(TYPE)["update"]

    def register(self) -> None:
        """Take the place of the emulator's handler."""
        cloudformation_types.replace_handlers(TYPE, blocking=True, update=self.update)

    def update(self, physical_id: str, old: Properties, new: Properties, *place: str) -> Any:
        """Change the alias of a stack, by logical id; another version is a deployment where the template says so.

        Raises ResourceError where a hook fails. A stack that rolls back gives the traffic back at once.
        """
        stack, logical_id = place
        policy = cloudformation_policies.update_policy(logical_id).get("CodeDeployLambdaAliasUpdate")
        if not policy or not _shifts(old, new) or "ROLLBACK" in cloudformation.stack_status(stack):
            return self._update(physical_id, old, new, *place)
        deployment = self._begun(policy)
        self._call(deployment, "BeforeAllowTraffic")
        if not self._assume(TRAFFIC_SHIFT):
            raise deployment.failed("an alarm of the deployment group went off (assumption traffic-shift)")
        updated = self._update(physical_id, old, new, *place)
        try:
            self._call(deployment, "AfterAllowTraffic")
        except ResourceError:
            self._update(physical_id, new, old, *place)
            raise
        return updated

    def _begun(self, policy: Mapping[str, str]) -> _Deployment:
        application, group = policy["ApplicationName"], policy["DeploymentGroupName"]
        resource = context.arn("codedeploy", f"deploymentgroup:{application}/{group}")
        for action in _CALLS if principal.get() else ():
            answer = self._here().may(principal.get(), action, resource, behind=CLOUDFORMATION)
            if not answer.allowed:
                raise ResourceError(f"{answer.why} (Service: CodeDeploy, Status Code: 400)")
        role = self._groups.role(application, group)
        return _Deployment(self._deployments().begin(application, group), policy, role)

    def _call(self, deployment: _Deployment, event: str) -> None:
        function = deployment.policy.get(f"{event}Hook")
        if not function:
            return
        try:
            self._deployments().call(deployment.id, function, deployment.role)
        except HookFailedError as failed:
            raise deployment.failed(f"the function {function} of the hook {event} {failed}") from failed

    def _deployments(self) -> Deployments:
        service = self._mount.at(context.account(), context.region())
        if not isinstance(service, Deployments):
            raise ResourceError("another CodeDeploy is mounted")
        return service


def _shifts(old: Properties, new: Properties) -> bool:
    """Whether the same alias gets another version."""
    same = all(old.get(name) == new.get(name) for name in ("FunctionName", "Name"))
    return same and old.get("FunctionVersion") != new.get("FunctionVersion")
