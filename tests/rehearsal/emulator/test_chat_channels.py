"""Channels of chats in a stack: names that are there once, and what makes another of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from generator.rehearsal.emulator.cloudformation.chat_channels import ChatChannels, chat_channels
from generator.rehearsal.emulator.cloudformation.resource import ResourceError
from generator.rehearsal.emulator.ministack import context

_ACCOUNT = "111122223333"
_TYPES = {channels.name: channels for channels in chat_channels()}


@pytest.fixture(autouse=True)
def _in_an_account() -> Iterator[None]:
    with context.acting_for(_ACCOUNT, "us-east-1"):
        yield


@pytest.fixture(params=sorted(_TYPES))
def channels(request: pytest.FixtureRequest) -> ChatChannels:
    return ChatChannels(request.param)


@pytest.mark.parametrize(
    ("name", "chat"),
    [
        ("AWS::Chatbot::MicrosoftTeamsChannelConfiguration", "microsoft-teams-channel"),
        ("AWS::Chatbot::SlackChannelConfiguration", "slack-channel"),
    ],
)
def test_a_configuration_is_its_arn(name: str, chat: str) -> None:
    arn = f"arn:aws:chatbot::{_ACCOUNT}:chat-configuration/{chat}/news"
    answer = ChatChannels(name).create("Channel", {"ConfigurationName": "news"}, "stack")
    assert answer == (arn, {"Arn": arn})


def test_a_name_is_there_once_until_it_is_deleted(channels: ChatChannels) -> None:
    arn, _ = channels.create("Channel", {"ConfigurationName": "news"}, "stack")
    with pytest.raises(ResourceError, match="There is a configuration news already"):
        channels.create("Other", {"ConfigurationName": "news"}, "stack")
    channels.delete(arn, {})
    assert channels.create("Channel", {"ConfigurationName": "news"}, "stack")[0] == arn


def test_another_channel_changes_the_configuration_and_another_name_replaces_it(channels: ChatChannels) -> None:
    old = {"ConfigurationName": "news", "SlackChannelId": "C1", "TeamsChannelId": "1"}
    arn, _ = channels.create("Channel", old, "stack")
    assert channels.update(arn, old, {**old, "SlackChannelId": "C2", "TeamsChannelId": "2"}, "stack")[0] == arn
    assert channels.update(arn, old, {**old, "ConfigurationName": "more"}, "stack")[0] != arn
