# ruff: noqa: SLF001 - an adapter touches the private names of ministack that `contract` lists
"""ministack's EventBridge: events of AWS's services, and what rules hand to their targets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ministack.services import eventbridge

from generator.rehearsal.emulator.ministack.interception import Intercepted

Deliver = Callable[[str, Callable[[], None]], None]
Target = Mapping[str, Any]

_invoke_target = Intercepted("ministack.services.eventbridge._invoke_target")


def put_service_events(entries: Sequence[Mapping[str, Any]]) -> None:
    """Put events of AWS services, which PutEvents itself refuses, on the bus of the account and region at hand."""
    eventbridge._put_events({"Entries": [dict(entry) for entry in entries]}, allow_aws_source=True)


def deliver_events(service: str, deliver: Callable[[Target, str, str], None]) -> None:
    """Hand events for a target ARN of `service`, which ministack drops, to `deliver(target, rule ARN, input)`.

    The input is the target's own text (Input or InputTransformer); empty when it has none.
    """

    def invoke(inner: Any, target: Any, event: Any, rule: Any, view: Any = None) -> None:
        if target.get("Arn", "").split(":")[2:3] != [service]:
            inner(target, event, rule, view)
            return
        text = target.get("Input", "")
        if target.get("InputTransformer"):
            seen = view or eventbridge._pattern_event_view(event)
            text = eventbridge._apply_input_transformer(target["InputTransformer"], rule, seen)
        deliver(target, rule.get("Arn", ""), text)

    _invoke_target.around(invoke)


def restrict_targets(allowed: Callable[[Target, str], bool]) -> None:
    """Hand an event to a rule's target only if `allowed(target, rule ARN)`."""

    def invoke(inner: Any, target: Any, event: Any, rule: Any, view: Any = None) -> None:
        if allowed(target, rule.get("Arn", "")):
            inner(target, event, rule, view)

    _invoke_target.around(invoke)


def divert_events(deliver: Deliver) -> None:
    """Have every event carried to its target by `deliver(what to whom, the delivery)`."""

    def invoke(inner: Any, target: Any, event: Any, rule: Any, view: Any = None) -> None:
        subject = f"{event.get('DetailType', 'event')} to {resource_name(target.get('Arn', ''))}"
        deliver(subject, lambda: inner(target, event, rule, view))

    _invoke_target.around(invoke)


def resource_name(arn: str) -> str:
    """What an ARN names, with its service."""
    parts = arn.split(":", 5)
    return f"{parts[2]} {parts[5]}" if len(parts) > 5 else arn  # noqa: PLR2004 - an ARN's resource is its sixth part
