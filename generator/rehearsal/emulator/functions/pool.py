"""Runs the emulator's Lambda functions in execution environments of ours, and refuses what nothing stands in for."""

from __future__ import annotations

import contextlib
import hashlib
import io
import logging
import os
import shutil
import threading
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from generator.rehearsal.emulator.environment import Doors, blind, clean, redirection, through_registry_proxy
from generator.rehearsal.emulator.functions.execution import ExecutionEnvironment, Outcome, Program
from generator.rehearsal.emulator.functions.jobs import NOT_REHEARSED, Jobs, answering_stacks
from generator.rehearsal.emulator.functions.node_environment import (
    NoNodeError,
    client_for,
    node_environment,
    node_program,
    sdk_modules,
)
from generator.rehearsal.emulator.functions.python_environment import interpreter_for, python_environment
from generator.rehearsal.emulator.functions.stand_ins import NotRehearsableError, family, stand_in
from generator.rehearsal.emulator.lambda_actions import action_of
from generator.rehearsal.emulator.ledger import Ledger
from generator.rehearsal.emulator.ministack import cloudformation_resources, lambda_, s3
from generator.rehearsal.emulator.role_trust import RoleTrust
from generator.rehearsal.emulator.settings import Settings

log = logging.getLogger("penstock")

_START = Path(__file__).with_name("bootstrap") / "start.py"


class Worker:
    """An execution environment as the emulator's pool keeps it."""

    def __init__(self, functions: Functions, config: Mapping[str, Any], archive: bytes) -> None:
        self._make: Callable[[], ExecutionEnvironment] = lambda: ExecutionEnvironment(
            functions.program(config, archive)
        )
        self._environment: ExecutionEnvironment | None = None
        # The pool's own marks.
        self.in_use = False
        self.last_used = 0.0
        self._proc: Any = None

    def run(self, event: Any, request_id: str, arn: str) -> Outcome:
        """Run one invocation; raises NotRehearsableError when its program cannot be put together."""
        if self._environment is None:
            self._environment = self._make()
        return self._environment.invoke(event, request_id, arn)

    def kill(self) -> None:
        """End the process as the machine might; the invocation ends as AWS words it."""
        if self._environment is not None:
            self._environment.kill()

    def _discard_tmpdir(self) -> None:
        """What the pool calls when it drops a worker."""
        if self._environment is not None:
            self._environment.close()


class Functions:
    """Lambda's data plane: a function's code and configuration become a program; its invocations, outcomes."""

    def __init__(self, settings: Settings, doors: Doors, ledger: Ledger, role_trust: RoleTrust) -> None:
        self._folder = settings.folder / "functions"
        self._cache = settings.cache
        self._doors = doors
        self._user = clean(os.environ)
        # AWS sets no proxy; a function needs one only for what it is allowed to reach here.
        self._proxy = through_registry_proxy({}, doors) if settings.limits.allowed else {}
        self._lock = threading.Lock()
        self._ledger = ledger
        self._role_trust = role_trust
        self._running: dict[str, Worker] = {}

    def kill(self, request_id: str) -> bool:
        """End the process of an invocation that runs, from outside; whether there was one."""
        worker = self._running.get(request_id)
        if worker is not None:
            worker.kill()
        return worker is not None

    @property
    def busy(self) -> bool:
        """Whether any function runs."""
        return bool(self._running)

    def install(self, jobs: Jobs) -> None:
        """Take over from the emulator's own workers; `jobs` sees which job a function leaves unanswered."""
        execute, refuse = (jobs.watching(answering_stacks(run)) for run in (self._execute, self._refuse))
        lambda_.run_functions(self._worker_class, execute, refuse)
        cloudformation_resources.before_functions(self._prepare)
        lambda_.accept_invoke_async()
        lambda_.name_actions(action_of)

    def _prepare(self, properties: Mapping[str, Any]) -> None:
        """Begin to fetch what a Node function needs, once per machine: whoever calls it first may not wait for npm."""
        runtime, code = str(properties.get("Runtime")), properties.get("Code") or {}
        if not runtime.startswith("nodejs"):
            return
        with contextlib.suppress(LookupError):
            if archive := s3.bucket_content(str(code.get("S3Bucket")), str(code.get("S3Key"))):
                threading.Thread(target=self._fetch, args=(runtime, archive), daemon=True).start()

    def _fetch(self, runtime: str, archive: bytes) -> None:
        # What goes wrong here goes wrong once more for whoever calls the function, and is told then.
        with contextlib.suppress(NoNodeError, OSError, zipfile.BadZipFile):
            self._node_packages(runtime, archive)

    def _node_packages(self, runtime: str, archive: bytes) -> tuple[Path, Path | None]:
        """The folders of the runtime client and of the SDK's clients."""
        npm_environment = {
            **through_registry_proxy(self._user, self._doors),
            "NODE_EXTRA_CA_CERTS": str(self._doors.node_file),
            # Not the user's, where nothing here may write, nor that of builds, which could choose what functions run.
            "NPM_CONFIG_CACHE": str(self._cache / "tools" / "downloads" / "npm"),
        }
        sdk = sdk_modules(self._cache, archive, npm_environment)
        return node_environment(self._cache, npm_environment, client_for(runtime)), sdk

    def _worker_class(self, _config: Mapping[str, Any]) -> Any:
        return lambda _name, config, archive: Worker(self, config, archive)

    def _execute(self, func: dict[str, Any], event: Any, request_id: str) -> dict[str, Any]:
        config = func.get("config") or func
        # AWS asks when the function is made, the emulator never.
        if not self._role_trust.trusts(config["Role"], "lambda.amazonaws.com", config["FunctionArn"]):
            return {"body": _ROLE_REFUSED, "error": True}
        try:
            with lambda_.leased_worker(func) as worker:
                self._running[request_id] = worker
                outcome = worker.run(event, request_id, config.get("FunctionArn", ""))
        except NotRehearsableError as refused:
            return self._refusal(str(refused))
        except Exception as broken:
            # A full disk, an interpreter that is gone: nobody else would ever learn of it.
            log.exception("%s could not be run", config["FunctionName"])
            return self._refusal(f"{config['FunctionName']} could not be run on this machine: {broken}")
        finally:
            self._running.pop(request_id, None)
        return {
            "body": outcome.payload,
            "error": outcome.failed,
            "log": outcome.log,
            "log_source": "rie",
        }

    def _refuse(self, func: dict[str, Any], _event: Any, _request_id: str) -> dict[str, Any]:
        config = func.get("config") or func
        try:
            family(config.get("Runtime") or "")
        except NotRehearsableError as refused:
            return self._refusal(str(refused))
        return self._refusal("functions packaged as container images are not rehearsed")

    def _refusal(self, reason: str) -> dict[str, Any]:
        self._ledger.refused(reason)
        return {"body": {"errorType": NOT_REHEARSED, "errorMessage": reason}, "error": True}

    def program(self, config: Mapping[str, Any], archive: bytes) -> Program:
        """What to start for a function. Raises NotRehearsableError."""
        chosen = stand_in(config.get("Runtime", ""), self._user)
        root = self._unpacked(archive)
        layers = self._layers(config)
        try:
            command, runtime, extra = self._command(chosen.runtime, root, layers, archive)
        except NoNodeError as missing:
            raise NotRehearsableError(str(missing)) from missing
        self._ledger.stood_in(chosen.runtime, chosen.program)
        environment = {**self._environment(config, root / "task"), **extra}
        return Program(
            command,
            {**environment, **_joined(environment, lambda_.function_variables(config))},
            root / "task",
            runtime,
            float(config.get("Timeout", 3)),
            int(config.get("MemorySize", 128)),
            config.get("Version", "$LATEST"),
            (self._folder / "tmp",),
        )

    def _command(
        self, runtime: str, root: Path, layers: list[Path], archive: bytes
    ) -> tuple[list[str], Path, dict[str, str]]:
        """The command, the folder of the runtime it starts, and what only this family needs in its environment."""
        task = str(root / "task")
        if family(runtime) == "python":
            python = interpreter_for(runtime, self._user)
            packages = python_environment(self._cache, python)
            command = [python.program, "-S", "-s", "-B", "-u", str(_START), str(packages), task]
            return [*command, *map(str, layers)], packages, {}
        client, sdk = self._node_packages(runtime, archive)
        self._offer(root, sdk)
        paths = [f"{layer}/nodejs/node_modules" for layer in layers]
        command = [node_program(self._user), str(client / "start.mjs")]
        return command, client, {"NODE_PATH": os.pathsep.join(paths)}

    @staticmethod
    def _offer(root: Path, modules: Path | None) -> None:
        """Put the SDK's clients where both `require` and `import` look after the function's own modules."""
        link = root / "node_modules"
        if modules is not None and not link.is_symlink():
            link.symlink_to(modules, target_is_directory=True)

    def _unpacked(self, archive: bytes) -> Path:
        """The folder with the code under `task`, written once for all environments of the same code."""
        root = self._folder / hashlib.sha256(archive).hexdigest()[:16]
        with self._lock:
            if not root.exists():
                _extract(archive, root.with_suffix(".new") / "task")
                root.with_suffix(".new").rename(root)
        return root

    def _layers(self, config: Mapping[str, Any]) -> list[Path]:
        archives = [lambda_.layer_archive(layer) for layer in config.get("Layers", [])]
        return [self._unpacked(archive) / "task" for archive in archives if archive]

    def _environment(self, config: Mapping[str, Any], task: Path) -> dict[str, str]:
        """The environment Lambda defines, and the way to the emulator.

        https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
        """
        name, region = config["FunctionName"], config["FunctionArn"].split(":")[3]
        temporary = self._folder / "tmp"
        temporary.mkdir(parents=True, exist_ok=True)
        return {
            **blind(),
            **self._proxy,
            **redirection(self._doors),
            **lambda_.execution_credentials(config),
            "AWS_DEFAULT_REGION": region,
            "AWS_ENDPOINT_URL": self._doors.endpoint,
            "AWS_EXECUTION_ENV": f"AWS_Lambda_{config.get('Runtime', '')}",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(config.get("MemorySize", 128)),
            "AWS_LAMBDA_FUNCTION_NAME": name,
            "AWS_LAMBDA_FUNCTION_VERSION": config.get("Version", "$LATEST"),
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{name}",
            "AWS_LAMBDA_LOG_STREAM_NAME": f"[{config.get('Version', '$LATEST')}]{task.parent.name}",
            "AWS_REGION": region,
            "HOME": str(temporary),
            "LAMBDA_TASK_ROOT": str(task),
            "LANG": "en_US.UTF-8",
            "PATH": self._user.get("PATH", os.defpath),
            "TMPDIR": str(temporary),
            "TZ": ":UTC",
            "_HANDLER": config.get("Handler", ""),
        }


_ROLE_REFUSED = {
    "errorType": "InvalidParameterValueException",
    "errorMessage": "The role defined for the function cannot be assumed by Lambda.",
}


def _joined(ours: Mapping[str, str], theirs: Mapping[str, str]) -> dict[str, str]:
    """The function's own variables, its search paths and Node options after ours instead of in their place."""
    separators = {"PYTHONPATH": os.pathsep, "NODE_OPTIONS": " ", "NODE_PATH": os.pathsep}
    own = {name: str(value) for name, value in theirs.items()}
    both = {
        name: by.join([ours[name], own[name]]) for name, by in separators.items() if own.get(name) and ours.get(name)
    }
    return {**own, **both}


def _extract(archive: bytes, folder: Path) -> None:
    """Unpack a deployment package as Lambda does: modes kept, everything readable, nothing writable."""
    shutil.rmtree(folder.parent, ignore_errors=True)
    folder.mkdir(parents=True)
    with zipfile.ZipFile(io.BytesIO(archive)) as package:
        written = {Path(package.extract(entry, folder)): entry for entry in package.infolist()}
    for path, entry in written.items():
        if path.is_file():
            path.chmod(0o555 if (entry.external_attr >> 16) & 0o111 else 0o444)
    for path in (folder, *filter(Path.is_dir, folder.rglob("*"))):
        path.chmod(0o555)
