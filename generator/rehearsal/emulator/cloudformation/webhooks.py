"""AWS::CodePipeline::Webhook.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-codepipeline-webhook.html
"""

from __future__ import annotations

from generator.rehearsal.emulator.cloudformation.properties import to_api
from generator.rehearsal.emulator.cloudformation.resource import Asked, Properties, ReturnValues, generated_name
from generator.rehearsal.emulator.wire import model_of

# The stack hands its tags to every resource; webhooks have none here.
_BESIDE = frozenset({"RegisterWithThirdParty", "Tags", "TargetPipelineVersion"})
_NAME_LENGTH = 100


class Webhooks:
    """Ref is the webhook's name, Url where GitHub tells of pushes: no address of this machine."""

    name = "AWS::CodePipeline::Webhook"

    def __init__(self, ask: Asked) -> None:
        self._ask = ask

    def create(self, logical_id: str, properties: Properties, stack: str) -> ReturnValues:
        """PutWebhook."""
        name = properties.get("Name") or generated_name(stack, logical_id, _NAME_LENGTH)
        own = {key: value for key, value in properties.items() if key not in _BESIDE}
        shape = model_of("codepipeline").shape_for("WebhookDefinition")
        answer = self._ask("PutWebhook", webhook=to_api(shape, {**own, "Name": name}))
        return name, {"Url": answer["webhook"]["url"]}

    def update(self, physical_id: str, _old: Properties, new: Properties, stack: str) -> ReturnValues:
        """PutWebhook again; another name makes another webhook."""
        return self.create("", {"Name": physical_id, **new}, stack)

    def delete(self, physical_id: str, _properties: Properties) -> None:
        """DeleteWebhook."""
        self._ask("DeleteWebhook", name=physical_id)
