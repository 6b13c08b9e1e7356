"""Carries actions out: each on a thread of its own, with its artifacts, role and folder."""

from __future__ import annotations

import tempfile
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from generator.aws_rules import limits
from generator.execution import NOT_REHEARSED, ErrorDetails
from generator.rehearsal import waits
from generator.rehearsal.codepipeline.action_handle import ActionHandle
from generator.rehearsal.codepipeline.builds import Builds
from generator.rehearsal.codepipeline.context import ActionContext, ActionProvider
from generator.rehearsal.codepipeline.declaration import RULE, ActionType
from generator.rehearsal.codepipeline.failure import ActionAbandonedError, ActionFailedError, not_rehearsed
from generator.rehearsal.codepipeline.lint import Errors, no_errors
from generator.rehearsal.codepipeline.replication import replicated
from generator.rehearsal.codepipeline.repositories import Repositories
from generator.rehearsal.codepipeline.service_state import ServiceState
from generator.rehearsal.codepipeline.state import ActionRun, Outcome
from generator.rehearsal.codepipeline.variables import too_large
from generator.rehearsal.service import ServiceError, Surroundings

Find = Callable[[ActionType], ActionProvider | None]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Everything outside CodePipeline that actions reach: AWS's services, builds, source code, cfn-lint."""

    surroundings: Surroundings
    builds: Builds
    repositories: Repositories
    lint: Errors = no_errors


class Workers:
    """Threads that carry actions out."""

    def __init__(self, neighbours: Neighbours, find: Find) -> None:
        self._neighbours = neighbours
        self._find = find
        self._threads: set[threading.Thread] = set()

    def carry_out(self, service: ServiceState, run: ActionRun) -> None:
        """Begin to work on an action, and return at once. Called with the service's lock held."""
        thread = threading.Thread(target=self._work, args=(service, run), name=f"action {run.action.name}", daemon=True)
        self._threads.add(thread)
        thread.start()

    def join(self) -> None:
        """Wait, a little, until every action has noticed that it was abandoned."""
        for thread in tuple(self._threads):
            thread.join(waits.END_OF_ACTIONS.seconds)

    def _work(self, service: ServiceState, run: ActionRun) -> None:
        try:
            outcome = self._outcome(service, run)
        except ActionAbandonedError:
            outcome = None
        with service.lock:
            self._threads.discard(threading.current_thread())
            state = service.pipelines.get(run.execution.pipeline.name)
            if state and outcome:
                service.engine.ended(state, run, outcome)
            service.changed.notify_all()

    def _outcome(self, service: ServiceState, run: ActionRun) -> Outcome:
        try:
            provider = self._provider(service, run)
            with tempfile.TemporaryDirectory(dir=self._neighbours.surroundings.folder, prefix="action-") as folder:
                context = replicated(self._context(service, run, Path(folder)), run.execution.pipeline)
                return _within_limits(provider.start(context))
        except ActionFailedError as error:
            return error.outcome
        except ClientError as error:
            details = error.response.get("Error", {})
            message = f"{details.get('Message') or error} (operation {error.operation_name})"
            return Outcome(error=_refused(details.get("Code", "Unknown"), message))
        except ServiceError as error:
            return Outcome(error=_refused(error.code, error.message))
        except BotoCoreError as error:
            return Outcome(error=ErrorDetails("ConfigurationError", str(error)))
        except ActionAbandonedError:
            raise
        except Exception as error:  # noqa: BLE001  # our own bug must end the action, not hang the pipeline
            trace = tuple(traceback.format_exc().splitlines())
            return Outcome(error=ErrorDetails("InternalError", f"{type(error).__name__}: {error}"), log=trace)

    def _provider(self, service: ServiceState, run: ActionRun) -> ActionProvider:
        kind = run.action.type
        provider = self._find(kind)
        if provider is None:
            raise not_rehearsed(f"An action of {kind.category} provider {kind.provider} ({kind.owner})")
        if kind.category == RULE and run.action.region not in (None, service.region):
            raise not_rehearsed(f"A rule in another region ({run.action.region})")
        return provider

    def _context(self, service: ServiceState, run: ActionRun, folder: Path) -> ActionContext:
        execution = run.execution
        pipeline = execution.pipeline
        return ActionContext(
            pipeline=pipeline.name,
            pipeline_arn=service.arn(pipeline.name),
            execution=execution.id,
            stage=run.stage.name,
            run=run.id,
            action=run.action,
            configuration=dict(run.configuration),
            inputs=dict(run.inputs),
            overrides=execution.overrides.get(run.action.name, {}),
            role=pipeline.role,
            store=pipeline.store(run.action.region or service.region),
            folder=folder,
            clock=service.clock,
            handle=ActionHandle(service, run),
            surroundings=self._neighbours.surroundings,
            builds=self._neighbours.builds,
            repositories=self._neighbours.repositories,
            lint=self._neighbours.lint,
        )


def _within_limits(outcome: Outcome) -> Outcome:
    if too_large(outcome.variables):
        raise ActionFailedError(
            "OutputVariablesSizeExceeded",
            f"The action's output variables exceed the limit of {limits.OUTPUT_VARIABLES_BYTES} bytes.",
        )
    return outcome


def _refused(code: str, message: str) -> ErrorDetails:
    """Another service's refusal; whatever is denied is AWS's PermissionError, and keeps its own code in words."""
    if code == NOT_REHEARSED:
        return ErrorDetails(code, message)
    denied = code.startswith(("AccessDenied", "UnauthorizedOperation")) or code == "403"
    worded = f"{message} ({code})"[: limits.FAILURE_MESSAGE_LENGTH]
    return ErrorDetails("PermissionError" if denied else code, worded)
