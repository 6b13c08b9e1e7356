"""Deploy action of provider CloudFormation: makes, changes, replaces and deletes stacks.

https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CloudFormation.html
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from generator.aws_rules import limits
from generator.rehearsal.assumptions import EMPTY_CHANGE_SET, EMPTY_UPDATE, REPLACE_ROLLED_BACK, TEMPLATE_UPLOAD
from generator.rehearsal.cloudformation.errors import TemplateError
from generator.rehearsal.codepipeline import artifacts, template
from generator.rehearsal.codepipeline.context import ActionContext
from generator.rehearsal.codepipeline.failure import ActionFailedError
from generator.rehearsal.codepipeline.lint import refuse_errors
from generator.rehearsal.codepipeline.parameters import file_of, settings
from generator.rehearsal.codepipeline.stacks import Stack, Stacks
from generator.rehearsal.codepipeline.state import Artifact, Outcome

ACTION_TYPES = frozenset({("Deploy", "AWS")})
GOOD = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE")
FAILED = ("ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED", "UPDATE_ROLLBACK_FAILED")
EMPTY = ("didn't contain changes", "No updates are to be performed")


def start(context: ActionContext) -> Outcome:
    """Do what the action's mode says; the stack's outputs are the action's output variables."""
    mode = context.configuration["ActionMode"]
    if mode not in _MODES:
        raise _wrong(f"ActionMode must be one of {', '.join(_MODES)}; it is {mode}.")
    if mode != "CHANGE_SET_EXECUTE" and "RoleArn" not in context.configuration:
        raise _wrong(f"RoleArn is required for ActionMode {mode}.")
    _refuse_large_inputs(context)
    deployment = Deployment(context)
    return deployment.outcome(_MODES[mode](deployment))


class Deployment:
    """One deploy action at work on its stack."""

    def __init__(self, context: ActionContext) -> None:
        self.context = context
        self.name = context.configuration["StackName"]
        self.stacks = Stacks(context.client("cloudformation"), context.handle)
        self._is_unchanged = False

    def create_or_update(self) -> Stack | None:
        """CREATE_UPDATE: an update without changes counts as done."""
        request = self._request(expand=True)
        stack = self.stacks.find(self.name)
        if stack is None:
            return self._create(request)
        return self._update(stack, request)

    def replace_on_failure(self) -> Stack | None:
        """REPLACE_ON_FAILURE: like CREATE_UPDATE, but a failed stack is deleted first."""
        request = self._request(expand=True)
        stack = self.stacks.find(self.name)
        if stack and (stack.status in FAILED or self._replaces_rolled_back(stack)):
            self._delete(stack)
            stack = None
        return self._create(request) if stack is None else self._update(stack, request)

    def replace_change_set(self) -> Stack | None:
        """CHANGE_SET_REPLACE: makes the change set, in place of one of the same name."""
        request = self._request(expand=False)
        name = self._change_set_name()
        stack = self.stacks.find(self.name)
        if stack and self.stacks.change_set(self.name, name):
            self.stacks.client.delete_change_set(StackName=self.name, ChangeSetName=name)
        kind = "CREATE" if stack is None or stack.status == "REVIEW_IN_PROGRESS" else "UPDATE"
        self.stacks.client.create_change_set(ChangeSetName=name, ChangeSetType=kind, **request)
        change_set = self.stacks.completed_change_set(self.name, name)
        if change_set is None or (change_set["Status"] == "FAILED" and not self._empty_is_fine(change_set)):
            reason = change_set.get("StatusReason", change_set["Status"]) if change_set else "it was deleted meanwhile"
            raise ActionFailedError("JobFailed", f"Failed to create change set {name}. Reason: {reason}")
        return self.stacks.find(self.name)

    def execute_change_set(self) -> Stack | None:
        """CHANGE_SET_EXECUTE."""
        name = self._change_set_name()
        change_set = self.stacks.change_set(self.name, name)
        if change_set is None:
            raise ActionFailedError("ChangeSetNotFound", f"ChangeSet [{name}] of stack {self.name} does not exist")
        if change_set["Status"] == "FAILED" and self._empty_is_fine(change_set):
            return self.stacks.find(self.name)
        self.stacks.client.execute_change_set(StackName=self.name, ChangeSetName=name)
        return self._good("Failed to execute change set", self.name)

    def delete(self) -> Stack | None:
        """DELETE_ONLY: a stack that is not there is deleted already."""
        stack = self.stacks.find(self.name)
        if stack:
            self._delete(stack)
        return None

    def outcome(self, stack: Stack | None) -> Outcome:
        """What the action gives: the stack's outputs, in a file too if one is asked for."""
        if stack is None:
            return Outcome()
        return Outcome(
            summary=f"Stack {stack.name}: {'no changes' if self._is_unchanged else stack.status}",
            external_id=stack.id,
            artifacts=self._output_file(stack.outputs),
            variables=stack.outputs,
        )

    def _create(self, request: Mapping[str, Any]) -> Stack:
        stack_id = self.stacks.client.create_stack(**request)["StackId"]
        self.context.handle.say(summary="Creating the stack", external_id=stack_id)
        return self._good("Failed to create stack", stack_id)

    def _update(self, stack: Stack, request: Mapping[str, Any]) -> Stack:
        try:
            self.stacks.client.update_stack(**request)
        except ClientError as error:
            empty = EMPTY[1] in error.response["Error"].get("Message", "")
            if not (empty and self.context.handle.assume(EMPTY_UPDATE)):
                raise
            self._is_unchanged = True
            return stack
        self.context.handle.say(summary="Updating the stack", external_id=stack.id)
        return self._good("Failed to update stack", stack.id)

    def _delete(self, stack: Stack) -> None:
        role = self.context.configuration["RoleArn"]
        self.stacks.client.delete_stack(StackName=stack.name, RoleARN=role)
        left = self.stacks.settled(stack.id)
        if left:
            raise self.stacks.failed("Failed to delete stack", left)

    def _good(self, doing: str, stack_id: str) -> Stack:
        stack = self.stacks.settled(stack_id)
        if stack is None:
            raise ActionFailedError("JobFailed", f"{doing}. The stack was deleted meanwhile.")
        if stack.status not in GOOD:
            raise self.stacks.failed(doing, stack)
        return stack

    def _replaces_rolled_back(self, stack: Stack) -> bool:
        return stack.status == "ROLLBACK_COMPLETE" and self.context.handle.assume(REPLACE_ROLLED_BACK)

    def _empty_is_fine(self, change_set: Mapping[str, Any]) -> bool:
        empty = any(words in change_set.get("StatusReason", "") for words in EMPTY)
        self._is_unchanged = empty and self.context.handle.assume(EMPTY_CHANGE_SET)
        return self._is_unchanged

    def _change_set_name(self) -> str:
        name = self.context.configuration.get("ChangeSetName")
        if not name:
            raise _wrong(f"ChangeSetName is required for ActionMode {self.context.configuration['ActionMode']}.")
        return name

    def _request(self, *, expand: bool) -> dict[str, Any]:
        """What CreateStack, UpdateStack and CreateChangeSet take alike."""
        configuration = self.context.configuration
        path = configuration.get("TemplatePath")
        if path is None:
            raise _wrong(f"TemplatePath is required for ActionMode {configuration['ActionMode']}.")
        content = file_of(self.context, "TemplatePath", path)
        read = _read(content, path)
        refuse_errors(self.context.lint, content.decode(), path.partition("::")[2])
        capabilities = self._capabilities(read, expand=expand)
        chosen = settings(self.context)
        self._refuse_unknown_parameters(read, chosen.parameters)
        request: dict[str, Any] = {
            "StackName": self.name,
            "RoleARN": configuration["RoleArn"],
            "Capabilities": capabilities,
            "Parameters": [{"ParameterKey": k, "ParameterValue": v} for k, v in sorted(chosen.parameters.items())],
            "Tags": [{"Key": k, "Value": v} for k, v in sorted(chosen.tags.items())],
            **self._template(content),
        }
        if chosen.policy and configuration["ActionMode"] != "CHANGE_SET_REPLACE":
            request["StackPolicyBody"] = chosen.policy
        return request

    def _template(self, content: bytes) -> dict[str, str]:
        """The template itself, or where CloudFormation may read it: it takes only so much in a request."""
        if len(content) <= limits.TEMPLATE_INLINE_BYTES:
            return {"TemplateBody": content.decode()}
        place = self.context.place("template")
        file = self.context.folder / "template"
        file.write_bytes(content)
        s3 = self.context.client("s3")
        artifacts.put(self._writer(s3), self.context.store, place, file)
        url = s3.generate_presigned_url("get_object", Params={"Bucket": place.bucket, "Key": place.key})
        return {"TemplateURL": url}

    def _writer(self, s3: Any) -> Any:
        """Who lays the template down; the role of another account only reads, as far as AWS asks for."""
        context = self.context
        abroad = context.account != context.surroundings.account
        return context.as_pipeline("s3", context.region) if abroad and context.handle.assume(TEMPLATE_UPLOAD) else s3

    def _capabilities(self, read: Mapping[str, Any], *, expand: bool) -> list[str]:
        acknowledged = [name for name in self.context.configuration.get("Capabilities", "").split(",") if name]
        if unknown := [name for name in acknowledged if name not in template.CAPABILITIES]:
            raise ActionFailedError(
                "ValidationError",
                f"Capabilities must be a list without spaces of {', '.join(template.CAPABILITIES)};"
                f" it has '{unknown[0]}'.",
            )
        if missing := template.missing_capabilities(read, frozenset(acknowledged), expand=expand):
            raise ActionFailedError(
                "InsufficientCapabilitiesException", f"Requires capabilities : [{', '.join(missing)}]"
            )
        return acknowledged

    def _refuse_unknown_parameters(self, read: Mapping[str, Any], values: Mapping[str, str]) -> None:
        if unknown := sorted(values.keys() - template.parameters(read)):
            raise ActionFailedError(
                "ValidationError", f"Parameters: [{', '.join(unknown)}] do not exist in the template"
            )

    def _output_file(self, outputs: Mapping[str, str]) -> tuple[Artifact, ...]:
        name = self.context.configuration.get("OutputFileName")
        if not name or not self.context.action.outputs:
            return ()
        file = self.context.folder / "outputs.zip"
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, json.dumps(dict(outputs), indent=2, sort_keys=True))
        (artifact,) = self.context.action.outputs
        return (self.context.put(artifact, file),)


_MODES: Mapping[str, Callable[[Deployment], Stack | None]] = {
    "CREATE_UPDATE": Deployment.create_or_update,
    "REPLACE_ON_FAILURE": Deployment.replace_on_failure,
    "CHANGE_SET_REPLACE": Deployment.replace_change_set,
    "CHANGE_SET_EXECUTE": Deployment.execute_change_set,
    "DELETE_ONLY": Deployment.delete,
}


def _read(content: bytes, path: str) -> Mapping[str, Any]:
    if not 1 <= len(content) <= limits.TEMPLATE_BYTES:
        raise _wrong(f"Template {path} has {len(content)} bytes; it may have 1 to {limits.TEMPLATE_BYTES}.")
    try:
        return template.parse(content.decode())
    except UnicodeDecodeError:
        raise _wrong(f"Template {path} is not text in UTF-8.") from None
    except TemplateError as error:
        raise ActionFailedError("ValidationError", str(error)) from None


def _refuse_large_inputs(context: ActionContext) -> None:
    for name in context.action.inputs:
        size = artifacts.unpacked_size(context.fetch(name))
        if size > limits.CLOUDFORMATION_ARTIFACT_BYTES:
            raise _wrong(
                f"Artifact [{name}] has {size} bytes; input artifacts of CloudFormation may have at most"
                f" {limits.CLOUDFORMATION_ARTIFACT_BYTES} bytes (256 MB)."
            )


def _wrong(message: str) -> ActionFailedError:
    return ActionFailedError("ConfigurationError", message)
