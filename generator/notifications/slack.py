"""A channel of Slack, through Amazon Q Developer in chat applications, which may do nothing else there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.model.deployment import PIPELINE_STACK
from generator.model.notification import Audience, Target
from generator.model.template import Resource
from generator.model.text import Json, arn, reference

_CONFIGURATION = r"^arn:aws[a-z-]*:chatbot::[0-9]{12}:chat-configuration/slack-channel/[A-Za-z0-9_-]{1,128}$"
_CHANNEL: Json = {
    "type": "object",
    "additionalProperties": False,
    "required": ["workspace", "channel"],
    "properties": {
        "workspace": {
            "type": "string",
            "pattern": "^T[A-Z0-9]{1,254}$",
            "x-what": "the id of a workspace, as in T0123ABCD",
            "description": "The workspace's id, as the console of Amazon Q Developer in chat applications shows it.",
            "examples": ["T0123ABCD"],
        },
        "channel": {
            "type": "string",
            "pattern": "^[CG][A-Z0-9]{1,255}$",
            "x-what": "the id of a channel, as in C0123ABCD",
            "description": "The channel's id: the end of the channel's link.",
            "examples": ["C0123ABCD"],
        },
    },
}
SCHEMA: Mapping[str, Json] = {
    "anyOf": [
        {"type": "string", "pattern": _CONFIGURATION, "x-what": "the ARN of a channel's configuration"},
        _CHANNEL,
    ],
    "description": "A channel of a workspace that was authorised once, by hand, or the ARN of a configuration "
    "that is there already.",
    "examples": ["arn:aws:chatbot::111122223333:chat-configuration/slack-channel/deliveries"],
}
_CHANNEL_ID, _ROLE_ID = "SlackChannel", "SlackRole"
# Messages need no right: what is allowed here, people in the channel could do from there.
# https://docs.aws.amazon.com/chatbot/latest/adminguide/understanding-permissions.html
_NOTHING = "arn:${AWS::Partition}:iam::aws:policy/AWSDenyAll"


def audience(settings: str | Mapping[str, str]) -> Audience:
    """The configuration that is there, or one for the channel and the role it cannot be without."""
    if isinstance(settings, str):
        return Audience(targets=(Target("AWSChatbotSlack", settings),))
    return Audience(
        targets=(Target("AWSChatbotSlack", reference(_CHANNEL_ID)),), resources=(_channel(settings), _role())
    )


def remarks(settings: str | Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What somebody must do in the workspace before a channel of it can be configured."""
    if not isinstance(settings, str):
        message = "the workspace must have been authorised in the console, once for each account: else the launch fails"
        hint = "Amazon Q Developer in chat applications, Configure a chat client; a private channel invites @Amazon Q"
        yield message, hint


def _channel(settings: Mapping[str, str]) -> Resource:
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-chatbot-slackchannelconfiguration.html
    properties = {
        "ConfigurationName": PIPELINE_STACK,
        "SlackWorkspaceId": settings["workspace"],
        "SlackChannelId": settings["channel"],
        "IamRoleArn": arn(_ROLE_ID),
        # Left out, it would be AdministratorAccess.
        "GuardrailPolicies": [_NOTHING],
        "LoggingLevel": "ERROR",
    }
    comment = "Notifies a Slack channel. Its workspace was authorised by hand; nobody can run anything from there."
    return Resource(_CHANNEL_ID, "AWS::Chatbot::SlackChannelConfiguration", properties, comment)


def _role() -> Resource:
    trust = {"Effect": "Allow", "Principal": {"Service": "chatbot.amazonaws.com"}, "Action": "sts:AssumeRole"}
    properties = {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]}}
    return Resource(_ROLE_ID, "AWS::IAM::Role", properties, "A channel needs a role; this one may do nothing.")
