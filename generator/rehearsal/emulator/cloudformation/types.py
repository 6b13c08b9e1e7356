"""Every resource type of ours, registered with the emulator's CloudFormation."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from generator.rehearsal.assumptions import Assumption
from generator.rehearsal.emulator.cloudformation.alarms import Alarms
from generator.rehearsal.emulator.cloudformation.aliases import Aliases
from generator.rehearsal.emulator.cloudformation.buckets import Buckets
from generator.rehearsal.emulator.cloudformation.chat_channels import chat_channels
from generator.rehearsal.emulator.cloudformation.code_deployments import Applications, DeploymentGroups
from generator.rehearsal.emulator.cloudformation.connections import Connections
from generator.rehearsal.emulator.cloudformation.event_sources import EventSources
from generator.rehearsal.emulator.cloudformation.http_apis import HttpApis
from generator.rehearsal.emulator.cloudformation.log_groups import LogGroups
from generator.rehearsal.emulator.cloudformation.notification_rules import NotificationRules
from generator.rehearsal.emulator.cloudformation.pipelines import Pipelines
from generator.rehearsal.emulator.cloudformation.principals import Roles
from generator.rehearsal.emulator.cloudformation.projects import Projects
from generator.rehearsal.emulator.cloudformation.repositories import Repositories
from generator.rehearsal.emulator.cloudformation.resource import Asked, register
from generator.rehearsal.emulator.cloudformation.role_policies import RolePolicies
from generator.rehearsal.emulator.cloudformation.webhooks import Webhooks
from generator.rehearsal.emulator.cloudformation.websocket_apis import parts
from generator.rehearsal.emulator.ministack import cloudformation_types
from generator.rehearsal.emulator.mounts import Mount
from generator.rehearsal.service import Client, Surroundings


def register_all(
    mounts: Mapping[str, Mount], here: Callable[[], Surroundings], assume: Callable[[Assumption], bool]
) -> None:
    """Teach CloudFormation the types the mounted services stand behind, and correct those that need it.

    `here` are CloudFormation's surroundings in the account and region of the stack at hand.
    """

    def client(service: str) -> Client:
        return here().client(service)

    cloudformation_types.provision_blocking_types_on_threads()
    asked = {name: Asked(mount) for name, mount in mounts.items()}
    applications = Applications()
    groups = DeploymentGroups(applications.names)
    register(
        [
            applications,
            groups,
            Connections("AWS::CodeConnections::Connection", asked["codeconnections"]),
            Connections("AWS::CodeStarConnections::Connection", asked["codestar-connections"]),
            NotificationRules(asked["codestar-notifications"]),
            Pipelines(asked["codepipeline"]),
            Projects(asked["codebuild"]),
            Repositories(asked["codecommit"]),
            RolePolicies(client),
            Webhooks(asked["codepipeline"]),
            *chat_channels(),
            *parts(client),
        ]
    )
    Alarms().register()
    Aliases(groups, mounts["codedeploy"], here, assume).register()
    Buckets().register()
    HttpApis().register()
    LogGroups(here).register()
    Roles().register()
    EventSources(here).register()
