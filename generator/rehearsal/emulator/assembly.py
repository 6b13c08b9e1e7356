"""The emulator with everything of ours built in: mounted services, resource types, events, functions, names."""

from __future__ import annotations

import contextlib
import functools
import os
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from generator.aws_rules import limits
from generator.rehearsal.assumptions import Assumption
from generator.rehearsal.emulator import policy_attachments
from generator.rehearsal.emulator.accounts import Accounts
from generator.rehearsal.emulator.authorizer import Authorizer
from generator.rehearsal.emulator.cloudformation import stack_roles
from generator.rehearsal.emulator.cloudformation.evaluation import install as install_evaluation
from generator.rehearsal.emulator.cloudformation.types import register_all
from generator.rehearsal.emulator.cloudformation.validation.installation import install as install_refusals
from generator.rehearsal.emulator.control import PREFIX, Control
from generator.rehearsal.emulator.directory import EmulatorDirectory
from generator.rehearsal.emulator.environment import Doors, clean, leading_here, through_registry_proxy
from generator.rehearsal.emulator.events import PipelineTargets
from generator.rehearsal.emulator.functions.jobs import Jobs
from generator.rehearsal.emulator.functions.left_jobs import LeftJobs
from generator.rehearsal.emulator.functions.pool import Functions
from generator.rehearsal.emulator.gate import Turned, turned_away
from generator.rehearsal.emulator.ledger import Ledger
from generator.rehearsal.emulator.ministack import (
    apigateway,
    app,
    cloudformation_resources,
    context,
    eventbridge,
    iam,
    kms,
    logs,
    owners,
    s3_bodies,
    s3_parts,
    service_models,
    sns,
    sts,
)
from generator.rehearsal.emulator.mounts import Mount, factory_named, mount_all
from generator.rehearsal.emulator.role_trust import RoleTrust, assuming
from generator.rehearsal.emulator.service_calls import ServiceCalls
from generator.rehearsal.emulator.settings import Settings
from generator.rehearsal.emulator.statement_report import StatementReport
from generator.rehearsal.emulator.wire import model_of
from generator.rehearsal.iam.authority import Authority
from generator.rehearsal.iam.question import Answer, Question
from generator.rehearsal.sandbox.attempts import Book
from generator.rehearsal.service import Credentials, Service, ServiceError, Surroundings, service_data
from generator.repository.cache.answers import answers_below

API_HOST = re.compile(r"^([a-z0-9]+)\.execute-api\.(?:[a-z0-9-]+\.amazonaws\.com|localhost)(?::\d+)?$")
"""The Host of a REST, HTTP or WebSocket API: the name AWS gives it, or the same below localhost."""

API_PATH = re.compile(r"^/_aws/execute-api/(?P<id>[a-z0-9]+)")
"""How to call an API by a plain http URL: the endpoint, this path, then the API's own path with its stage."""


class Privileges:
    """What AWS's services may do among themselves in an account and region, done inside the emulator."""

    def __init__(self, authorizer: Authorizer, account: str, region: str) -> None:
        self._authorizer = authorizer
        self._account = account
        self._region = region

    def may(self, question: Question) -> Answer:
        """What IAM says to a call behind a call."""
        with context.acting_for(self._account, self._region):
            if question.action.startswith("kms:"):
                # Policies name keys by their ARN, callers also by an alias.
                question = replace(question, resource=kms.key_arn(question.resource))
            return self._authorizer.ask(question)

    def session(self, role: str, principal: str, session_name: str, conditions: Mapping[str, str]) -> Credentials:
        """Keys of a role's session for a service principal; PermissionError when its trust refuses."""
        asked = self.may(assuming(principal, role, conditions))
        if not asked.allowed:
            raise PermissionError(asked.why)
        keys = sts.role_session(role, session_name)
        return Credentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])

    def put_event(self, entry: Mapping[str, Any], account: str, region: str) -> None:
        """Put an event whose source is an AWS service."""
        with context.acting_for(account, region):
            eventbridge.put_service_events([entry])


class Assembly:
    """One emulator, ready to be served."""

    def __init__(self, settings: Settings, doors: Doors) -> None:
        self.settings = settings
        self.doors = doors
        service_models.share(service_data, lambda name: model_of(name) if service_data(name) else None)
        self._surroundings: dict[tuple[str, tuple[str, str]], Surroundings] = {}
        self._lock = threading.RLock()
        ledger = Ledger()
        self._accounts = Accounts(settings.account, doors.secrets)
        directory = EmulatorDirectory(self._accounts)
        self.authority = Authority(directory)
        self._authorizer = Authorizer(self.authority, ledger)
        iam.judge_calls(self._authorizer.judge)
        home = settings.account, settings.region
        self.mounts = {name: Mount(name, self._maker(name, path), home) for name, path in settings.mounts.items()}
        mount_all(self.mounts)
        register_all(self.mounts, self._cloudformation, self._assuming(ledger))
        install_evaluation(ledger, answers_below(settings.cache))
        install_refusals(ledger.refused)
        policy_attachments.install()
        role_trust = RoleTrust(self._authorizer)
        stack_roles.install(self._authorizer, role_trust, ledger)
        cloudformation_resources.name_buckets_alike()
        _name_apis()
        functions = Functions(settings, doors, ledger, role_trust)
        pipelines = self.mounts["codepipeline"]
        left = LeftJobs(self.surroundings("codepipeline").client, lambda: pipelines.service, lambda: functions.busy)
        functions.install(Jobs(ledger, self._give_up_job, left.follow))
        ServiceCalls(self._authorizer).install()
        sts.register_sessions_one_at_a_time()
        sns.hold_mail_subscriptions()
        self._install_storage(ledger)
        self._deliver_events(ledger)
        self._asgi = self._faulty(functions, ledger) if settings.faults else app.asgi
        asked = self.surroundings("codecommit"), ledger, StatementReport(self.authority, directory, settings)
        self._control = Control(self.mounts, *asked, book=Book(settings.attempts), accounts=self._accounts)

    def _deliver_events(self, ledger: Ledger) -> None:
        targets = PipelineTargets(functools.partial(self.surroundings, "events"), ledger)
        eventbridge.deliver_events("codepipeline", targets.deliver)

    def _install_storage(self, ledger: Ledger) -> None:
        owners.answer_in_owners_account()
        owners.read_for(stack_roles.may_read(self._authorizer))
        folder = self.settings.service_folder("s3")
        s3_bodies.keep_on_disk(folder / "requests", ledger.refused)
        logs.keep_events_on_disk(self.settings.service_folder("logs") / "streams", ledger.refused)
        s3_parts.keep_parts_on_disk(folder / "parts", ledger.refused)

    def _faulty(self, functions: Functions, ledger: Ledger) -> Any:
        # Nothing of it is imported for a rehearsal without.
        from generator.rehearsal.emulator.faults.installation import Machinery, install  # noqa: PLC0415 - see above

        return install(self.settings.faults, Machinery(ledger, functions), app.asgi)

    def _give_up_job(self, job: str, why: str) -> None:
        """Fail a job for its function; one that was answered, or is not CodePipeline's, stays as it is."""
        failure = {"type": "JobFailed", "message": why[: limits.FAILURE_MESSAGE_LENGTH]}
        with contextlib.suppress(ServiceError):
            self.mounts["codepipeline"].ask("PutJobFailureResult", {"jobId": job, "failureDetails": failure})

    def _assuming(self, ledger: Ledger) -> Callable[[Assumption], bool]:
        """Whether an assumption is as it is by default, for what runs beside the pipeline; it is noted."""

        def assume(assumption: Assumption) -> bool:
            ledger.assumed(assumption.relied_on(self.settings.assumptions))
            return assumption.holds(self.settings.assumptions)

        return assume

    def _maker(self, name: str, path: str) -> Any:
        def make(account: str, region: str) -> Service:
            return factory_named(path)(self.surroundings(name, account, region))

        return make

    def _cloudformation(self) -> Surroundings:
        """What CloudFormation is given in the account and region of the stack at hand."""
        return self.surroundings("cloudformation", context.account(), context.region())

    def surroundings(self, service: str, account: str = "", region: str = "") -> Surroundings:
        """What a mounted service is given in an account and region: the rehearsal's unless others are named."""
        place = account or self.settings.account, region or self.settings.region
        with self._lock:
            if (service, place) not in self._surroundings:
                self._surroundings[service, place] = self._surroundings_of(service, *place)
            return self._surroundings[service, place]

    def _surroundings_of(self, service: str, account: str, region: str) -> Surroundings:
        folder = self.settings.service_folder(service, account, region)
        folder.mkdir(parents=True, exist_ok=True)
        return Surroundings(
            endpoint=self.doors.endpoint,
            ca_file=self.doors.ca_file,
            folder=folder,
            account=account,
            region=region,
            principal=f"{service}.amazonaws.com",
            root=self._accounts.root(account),
            push_token=self.doors.secrets.push,
            variables=MappingProxyType(self._variables()),
            privileges=Privileges(self._authorizer, account, region),
            neighbour=lambda name, at=(account, region): self.mounts[name].at(*at),
            publish=self.settings.news.append,
            assumptions=MappingProxyType(dict(self.settings.assumptions)),
            stubs=MappingProxyType(dict(self.settings.stubs)),
        )

    def _variables(self) -> dict[str, str]:
        """The environment of the programs a service starts: the user's clean part, and the way here."""
        user = through_registry_proxy(clean(os.environ), self.doors)
        return {**user, "TMPDIR": str(self.settings.temporary), **leading_here(self.doors)}

    async def application(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """The ASGI application."""
        if scope["type"] in {"http", "websocket"} and (turned := turned_away(scope)):
            await _turn_away(scope, receive, send, turned)
            return
        if scope["type"] == "http":
            if scope["path"].startswith(PREFIX):
                await self._answer_control(scope, receive, send)
                return
            scope = as_on_aws(scope, self.settings.region)
        with context.request():
            await self._asgi(scope, receive, send)

    async def _answer_control(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        headers = {name.lower(): value for name, value in scope["headers"]}
        status, answer = await context.on_a_thread(self._control.answer, scope["path"], headers, body)
        await send({"type": "http.response.start", "status": status, "headers": [_JSON]})
        await send({"type": "http.response.body", "body": answer})

    def close(self) -> None:
        """End what the services started."""
        for mount in self.mounts.values():
            mount.close()


def _name_apis() -> None:
    app.recognise_api_hosts(API_HOST)
    app.leave_paths_to_applications()
    apigateway.import_any_methods()
    apigateway.name_apis()
    apigateway.answer_in_owners_account()


_JSON = (b"content-type", b"application/json")


async def _turn_away(scope: dict[str, Any], receive: Any, send: Any, turned: Turned) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    await send({"type": "http.response.start", "status": turned.status, "headers": [_JSON]})
    await send({"type": "http.response.body", "body": turned.body})


def as_on_aws(scope: dict[str, Any], region: str) -> dict[str, Any]:
    """A request as AWS would see it.

    Plain http on loopback counts as the TLS every AWS endpoint has, and an API called by `API_PATH` counts as
    called by its name.
    """
    kept = [pair for pair in scope["headers"] if pair[0].lower() != b"x-forwarded-proto"]
    kept.append((b"x-forwarded-proto", b"https"))
    called = API_PATH.match(scope["path"])
    if called is None:
        return {**scope, "headers": kept}
    host = f"{called['id']}.execute-api.{region}.amazonaws.com".encode()
    named = [(b"host", host), *(pair for pair in kept if pair[0].lower() != b"host")]
    prefix = called.end("id")
    raw = scope.get("raw_path") or scope["path"].encode()
    return {**scope, "headers": named, "path": scope["path"][prefix:] or "/", "raw_path": raw[prefix:] or b"/"}
