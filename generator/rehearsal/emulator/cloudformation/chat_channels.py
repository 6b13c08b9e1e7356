"""Channels of chats, AWS::Chatbot's resources: kept as CloudFormation describes them; nobody is notified.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_Chatbot.html
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.rehearsal.emulator.cloudformation.resource import Properties, ResourceError, ReturnValues
from generator.rehearsal.emulator.ministack import context

# By type: the part of the ARN that says which chat, and what cannot be changed in the registry's schema of the type.
_CHATS = {
    "AWS::Chatbot::MicrosoftTeamsChannelConfiguration": (
        "microsoft-teams-channel",
        ("ConfigurationName", "TeamId", "TeamsTenantId"),
    ),
    "AWS::Chatbot::SlackChannelConfiguration": ("slack-channel", ("ConfigurationName", "SlackWorkspaceId")),
}


class ChatChannels:
    """Ref and Arn are the configuration's ARN. There is no service behind it: it is a name and nothing else."""

    def __init__(self, name: str) -> None:
        """The channels of one resource type, which `name` is."""
        self.name = name
        self._chat, self._create_only = _CHATS[name]
        self._arns: set[str] = set()

    def create(self, _logical_id: str, properties: Properties, _stack: str) -> ReturnValues:
        """A configuration of a name that nobody has; whether the workspace was authorised only AWS knows."""
        name = properties["ConfigurationName"]
        arn = f"arn:aws:chatbot::{context.account()}:chat-configuration/{self._chat}/{name}"
        if arn in self._arns:
            raise ResourceError(f"There is a configuration {name} already")
        self._arns.add(arn)
        return arn, {"Arn": arn}

    def update(self, physical_id: str, old: Properties, new: Properties, stack: str) -> ReturnValues:
        """Another name or workspace makes another configuration."""
        if any(old.get(key) != new.get(key) for key in self._create_only):
            return self.create("", new, stack)
        return physical_id, {"Arn": physical_id}

    def delete(self, physical_id: str, _properties: Properties) -> None:
        """One that is gone already is deleted."""
        self._arns.discard(physical_id)


def chat_channels() -> Iterator[ChatChannels]:
    """The types of all chats."""
    return (ChatChannels(name) for name in _CHATS)
