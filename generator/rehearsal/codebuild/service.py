"""CodeBuild's API for builds: StartBuild runs one here, the others describe it. Projects are the emulator's."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from botocore.exceptions import ClientError

from generator.rehearsal import waits
from generator.rehearsal.codebuild.entry import Entry
from generator.rehearsal.codebuild.job import Clocks
from generator.rehearsal.codebuild.pipeline import Orders, PipelineBuild
from generator.rehearsal.codebuild.plan import Plan
from generator.rehearsal.codebuild.project import Project
from generator.rehearsal.codebuild.record import Ended, Failure
from generator.rehearsal.codebuild.runner import Build
from generator.rehearsal.codepipeline.builds import BuildOrder
from generator.rehearsal.service import Caller, ServiceError, Surroundings

log = logging.getLogger("penstock")

_PAGE = 100  # ids in one answer of ListBuilds

Request = Mapping[str, Any]
GetProject = Callable[[str], Mapping[str, Any] | None]


class CodeBuildService:
    """The builds of one account and region.

    `project` finds a project by name, in BatchGetProjects' shape; without it the emulator is asked.
    """

    def __init__(
        self, surroundings: Surroundings, project: GetProject | None = None, clocks: Clocks | None = None
    ) -> None:
        self._surroundings = surroundings
        self._project = project or self._ask_emulator
        self._clocks = clocks or Clocks()
        self._orders = Orders()
        self._entries: dict[str, Entry] = {}
        self._tokens: dict[str, Entry] = {}
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._operations: dict[str, Callable[[Request, Caller], dict[str, Any]]] = {
            "StartBuild": self._start_build,
            "BatchGetBuilds": self._batch_get_builds,
            "StopBuild": self._stop_build,
            "ListBuilds": self._list_builds,
            "ListBuildsForProject": self._list_builds_for_project,
        }

    @property
    def operations(self) -> frozenset[str]:
        """The operations that are answered here."""
        return frozenset(self._operations)

    def handle(self, operation: str, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Answer one operation; see Service."""
        answer = self._operations.get(operation)
        if answer is None:
            words = f"{operation} of CodeBuild is not rehearsed on this machine."
            raise ServiceError("InvalidInputException", words)
        return answer(request, caller)

    def start(self, order: BuildOrder) -> PipelineBuild:
        """Start a build for a pipeline's action; raises what StartBuild and BatchGetBuilds raise for its role.

        A pipeline's role needs both: AWS's CodePipeline starts a build and then asks how it is getting on.
        """
        client = order.client or self._surroundings.client("codebuild", role=order.role)
        request: dict[str, Any] = {
            "projectName": order.project,
            # The build is kept for as long as it can be asked for, and would keep the client's connections.
            "idempotencyToken": self._orders.put(replace(order, client=None)),
            "environmentVariablesOverride": [
                {"name": variable.name, "value": variable.value, "type": variable.type}
                for variable in order.environment
            ],
        }
        if order.buildspec:
            request["buildspecOverride"] = order.buildspec
        entry = self._entries[client.start_build(**request)["build"]["id"]]
        try:
            client.batch_get_builds(ids=[entry.id])
        except ClientError:
            entry.stop()
            raise
        return PipelineBuild(entry, order)

    def close(self) -> None:
        """Stop every build and wait until it has cleared up."""
        for entry in list(self._entries.values()):
            entry.stop()
        for thread in self._threads:
            thread.join(waits.END_OF_BUILDS.seconds)

    def _start_build(self, request: Request, caller: Caller) -> dict[str, Any]:
        name = str(request["projectName"]).rpartition(":project/")[2]
        shape = self._project(name)
        if shape is None:
            raise ServiceError("ResourceNotFoundException", f"Project cannot be found: {name}")
        project = Project.for_build(shape, request)
        token = str(request.get("idempotencyToken", ""))
        with self._lock:
            if token in self._tokens:
                return {"build": self._tokens[token].describe()}
            order = self._orders.take(token)
            number = 1 + sum(entry.project.name == project.name for entry in self._entries.values())
            plan = Plan(self._surroundings, self._clocks, project, order)
            entry, build = plan.build(number, caller)
            self._entries[entry.id] = entry
            self._tokens |= {token: entry} if token else {}
            ran = (entry, build, plan.log.close)
            thread = threading.Thread(target=self._run, args=ran, name=entry.id, daemon=True)
            self._threads = [*(t for t in self._threads if t.is_alive()), thread]
            thread.start()
        return {"build": entry.describe()}

    def _run(self, entry: Entry, build: Build, close_log: Callable[[], None]) -> None:
        try:
            ended = build.run()
            close_log()
        except Exception as broken:
            # A full disk, or our own bug: it must end the build, not leave a pipeline waiting for it for ever.
            log.exception("build %s broke", entry.id)
            ended = Ended("FAULT", (), failure=Failure("FINALIZING", f"the rehearsal of the build failed: {broken}"))
        entry.finish(ended, self._clocks.now())

    def _batch_get_builds(self, request: Request, _caller: Caller) -> dict[str, Any]:
        ids = [_id(identity) for identity in request["ids"]]
        return {
            "builds": [self._entries[identity].describe() for identity in ids if identity in self._entries],
            "buildsNotFound": [unknown for unknown in ids if unknown not in self._entries],
        }

    def _stop_build(self, request: Request, _caller: Caller) -> dict[str, Any]:
        entry = self._entries.get(_id(request["id"]))
        if entry is None:
            raise ServiceError("ResourceNotFoundException", f"Build cannot be found: {request['id']}")
        entry.stop()
        return {"build": entry.describe()}

    def _list_builds(self, request: Request, _caller: Caller) -> dict[str, Any]:
        return self._page(list(self._entries), request)

    def _list_builds_for_project(self, request: Request, _caller: Caller) -> dict[str, Any]:
        name = str(request["projectName"])
        ids = [entry.id for entry in list(self._entries.values()) if entry.project.name == name]
        if not ids and self._project(name) is None:
            raise ServiceError("ResourceNotFoundException", f"The provided project {name} does not exist")
        return self._page(ids, request)

    @staticmethod
    def _page(ids: list[str], request: Request) -> dict[str, Any]:
        """A page of build ids, the newest first unless asked otherwise; a token is the position to go on from."""
        ordered = ids if request.get("sortOrder") == "ASCENDING" else ids[::-1]
        token = str(request.get("nextToken", "0"))
        if not token.isdigit():
            raise ServiceError("InvalidInputException", f"Invalid nextToken: {token}")
        start = int(token)
        more = {"nextToken": str(start + _PAGE)} if start + _PAGE < len(ids) else {}
        return {"ids": ordered[start : start + _PAGE], **more}

    def _ask_emulator(self, name: str) -> Mapping[str, Any] | None:
        answer = self._surroundings.client("codebuild").batch_get_projects(names=[name])
        projects: list[Mapping[str, Any]] = answer["projects"]
        return projects[0] if projects else None


def _id(identity: str) -> str:
    """A build's id, which may be given as its ARN."""
    return identity.rpartition(":build/")[2]
