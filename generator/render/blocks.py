"""Blocks become resources, each kind of block by the module that writes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from generator.model.block import Block, reached
from generator.model.build import Project
from generator.model.event import EventRule
from generator.model.function import Function
from generator.model.iam import ManagedPolicy, Role
from generator.model.log import LogGroup
from generator.model.notification import Topic
from generator.model.template import Output, Resource
from generator.render import event, function, log, policies, project, topic

_RESOURCES: Mapping[type, Callable[[Any], Iterable[Resource]]] = {
    EventRule: event.resources,
    Function: function.resources,
    LogGroup: log.resources,
    ManagedPolicy: policies.attachable,
    Project: project.resources,
    Resource: lambda resource: (resource,),
    Role: policies.role,
    Topic: topic.resources,
}


def resources(blocks: Iterable[Block]) -> Iterator[Resource]:
    """The resources of these blocks and of their parts, in the order in which they are reached."""
    for block in reached(blocks):
        yield from _RESOURCES[type(block)](block)


def outputs(blocks: Iterable[Block]) -> Iterator[Output]:
    """What these blocks tell a person."""
    for block in reached(blocks):
        output = getattr(block, "output", None)
        if isinstance(output, Output):
            yield output
