"""AWS::Chatbot::SlackChannelConfiguration: taken down as CloudFormation takes it; nobody is told on this machine.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-chatbot-slackchannelconfiguration.html
"""

from __future__ import annotations

from generator.rehearsal.emulator.cloudformation.resource import Made, Properties, ResourceError

_CREATE_ONLY = ("ConfigurationName", "SlackWorkspaceId")


class SlackChannels:
    """Ref and Arn are the configuration's ARN. There is no service behind it: it is a name and nothing else."""

    name = "AWS::Chatbot::SlackChannelConfiguration"

    def __init__(self, account: str) -> None:
        self._account = account
        self._made: set[str] = set()

    def create(self, _logical_id: str, properties: Properties, _stack: str) -> Made:
        """A configuration of a name that nobody has; whether the workspace was authorised only AWS knows."""
        name = properties["ConfigurationName"]
        arn = f"arn:aws:chatbot::{self._account}:chat-configuration/slack-channel/{name}"
        if arn in self._made:
            raise ResourceError(f"There is a configuration {name} already")
        self._made.add(arn)
        return arn, {"Arn": arn}

    def update(self, physical_id: str, old: Properties, new: Properties, stack: str) -> Made:
        """Another name or workspace makes another configuration."""
        if any(old.get(key) != new.get(key) for key in _CREATE_ONLY):
            return self.create("", new, stack)
        return physical_id, {"Arn": physical_id}

    def delete(self, physical_id: str, _properties: Properties) -> None:
        """One that is gone already is deleted."""
        self._made.discard(physical_id)
