"""The emulator as the program that uses it holds it: start, reach, stop; nothing stays behind."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import select
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import generator
from generator.rehearsal import waits
from generator.rehearsal.assumptions import AS_THEY_ARE, Chosen
from generator.rehearsal.emulator.codecommit.folders import repository_folder
from generator.rehearsal.emulator.control_client import EmulatorError, call
from generator.rehearsal.emulator.environment import (
    CERTIFICATES,
    Doors,
    blind,
    clean,
    from_json,
    leading_here,
    without_proxy,
)
from generator.rehearsal.emulator.faults.kinds import Faults
from generator.rehearsal.emulator.guard import KEEP, children, descendants, kill_family, remove
from generator.rehearsal.emulator.kept_emulators import KeptEmulator, remember
from generator.rehearsal.emulator.leftovers import Note, hold
from generator.rehearsal.emulator.settings import MOUNTS, Settings
from generator.rehearsal.folders import folder_of_rehearsals
from generator.rehearsal.sandbox.confinement import TEMPORARY
from generator.rehearsal.sandbox.credentials import lying
from generator.rehearsal.sandbox.registries import npm_settings
from generator.rehearsal.sandbox.status import Limits
from generator.rehearsal.service import Client, Credentials, connect
from generator.repository.cache.folder import cache_folder

_NO_MORE = Limits()
_PROCESS = "generator.rehearsal.emulator.process"


@dataclass(frozen=True, slots=True)
class Pushed:
    """A push that was taken: the full id of its commit, and the executions it started without an event rule."""

    commit: str
    executions: tuple[str, ...]


class Emulator:
    """One AWS on this machine, a context manager.

    `environ` is the user's environment: only what a build needs of it is passed on, and never its AWS part.
    `mounts` replaces the factories of services (see settings.MOUNTS), `assumptions` gives named assumptions about AWS
    other values than their defaults, `limits` say what programs may reach beside it, `faults` what goes wrong,
    `stubs` how the actions of a provider end without being run.
    """

    def __init__(  # noqa: PLR0913 - all but the first by name, each a wish of its own
        self,
        environ: Mapping[str, str],
        *,
        account: str = "123456789012",
        region: str = "us-east-1",
        mounts: Mapping[str, str] | None = None,
        assumptions: Chosen = AS_THEY_ARE,
        limits: Limits = _NO_MORE,
        faults: Faults | None = None,
        stubs: Mapping[str, str] | None = None,
    ) -> None:
        cache = cache_folder(environ)
        folder = folder_of_rehearsals(environ, cache) / f"penstock-{secrets.token_hex(6)}"
        self.settings = Settings(
            folder,
            cache,
            account,
            region,
            mounts={**MOUNTS, **(mounts or {})},
            assumptions=dict(assumptions),
            limits=replace(limits, keys=lying(environ), writable=(folder, cache, *TEMPORARY)),
            faults=faults.to_json() if faults else {},
            stubs=dict(stubs or {}),
        )
        self._environ = dict(environ)
        self._guard: subprocess.Popen[str] | None = None
        self._note = Note()
        self._doors: Doors | None = None
        self._clients: dict[tuple[str, str, str], Client] = {}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start it and wait until it answers. Raises EmulatorError with the reason when it does not."""
        try:
            self._note = hold(self.settings.cache, self.settings.folder)
            self._guard = subprocess.Popen(
                [sys.executable, "-m", _PROCESS, self.settings.to_json(), str(self._note.descriptor)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                env=self._start_environment(),
                start_new_session=True,
                pass_fds=(*self.settings.descriptors, self._note.descriptor),
            )
            self._doors = self._announced(self._guard)
            self._note.let_go()
        except BaseException:
            self.stop()
            raise

    def _start_environment(self) -> dict[str, str]:
        return {
            **npm_settings(self._environ),
            **clean(self._environ),
            **{name: self._environ[name] for name in CERTIFICATES if name in self._environ},
            **blind(),
            "PYTHONPATH": str(Path(generator.__file__).parent.parent),
            "PYTHONDONTWRITEBYTECODE": self._environ.get("PYTHONDONTWRITEBYTECODE", ""),
            "TMPDIR": str(self.settings.temporary),
            # glibc keeps what each of many threads has let go of; few threads run at once.
            "MALLOC_ARENA_MAX": "2",
        }

    def _announced(self, guard: subprocess.Popen[str]) -> Doors:
        assert guard.stdout is not None  # noqa: S101 - it was asked for as a pipe
        ready, _, _ = select.select([guard.stdout], [], [], waits.EMULATOR.seconds)
        announcement = json.loads(guard.stdout.readline() or "{}") if ready else {}
        if "http_port" not in announcement:
            raise EmulatorError(f"the emulator did not start: {announcement.get('error') or self._last_words()}")
        return from_json(announcement)

    def _last_words(self) -> str:
        with contextlib.suppress(OSError):
            lines = self.settings.log_file.read_text("utf-8", "replace").splitlines()
            return lines[-1] if lines else "it said nothing"
        return "it said nothing"

    def stop(self) -> None:
        """End it and everything it started, and remove its folder. May be called at any time, and again."""
        guard, self._guard, self._doors = self._guard, None, None
        self._clients.clear()
        self._note.let_go()
        if guard is None:
            return
        for pipe in (guard.stdin, guard.stdout):
            if pipe is not None:
                pipe.close()
        try:
            guard.wait(timeout=waits.CLEARED.seconds)
        except subprocess.TimeoutExpired:
            kill_family(guard.pid)
            guard.kill()
            guard.wait()
        remove(self.settings.folder)

    def keep(self) -> KeptEmulator:
        """Let it go on without this program, which can use it no longer through this object.

        `keeping.kept` finds it again. Raises EmulatorError when it is not running.
        """
        kept = remember(self.settings, self.doors)
        guard, self._guard, self._doors = self._guard, None, None
        assert guard is not None  # noqa: S101 - it has doors, so it was started
        assert guard.stdin is not None  # noqa: S101 - it was asked for as a pipe
        assert guard.stdout is not None  # noqa: S101 - as above
        guard.stdin.write(KEEP.decode())
        guard.stdin.close()
        guard.stdout.close()
        self._clients.clear()
        guard.returncode = 0  # else Popen would wait for it, or warn that nobody did
        return kept

    def lose(self) -> None:
        """Kill the emulator as a machine that lacks memory would; what it started, and who watches it, live on."""
        guard = self._guard
        for pid in children(guard.pid) if guard else ():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def processes(self) -> set[int]:
        """The ids of the emulator's processes and of all they started, as long as it runs."""
        return {self._guard.pid, *descendants(self._guard.pid)} if self._guard else set()

    @property
    def alive(self) -> bool:
        """Whether it is running."""
        return self._guard is not None and self._guard.poll() is None

    @property
    def doors(self) -> Doors:
        """Its ports and certificates. Raises EmulatorError when it is not running."""
        if self._doors is None:
            raise EmulatorError("the emulator is not running")
        return self._doors

    @property
    def endpoint(self) -> str:
        """The plain http URL of every AWS API."""
        return self.doors.endpoint

    def client(self, service: str, *, account: str | None = None, region: str | None = None) -> Client:
        """A botocore client with the root keys of the account, or of another one."""
        key = service, account or self.settings.account, region or self.settings.region
        if key not in self._clients:
            self._clients[key] = connect(service, self.endpoint, self.root(key[1]), key[2])
        return self._clients[key]

    def root(self, account: str) -> Credentials:
        """The root keys of any account, which come into being when they are first asked for."""
        return Credentials(**self._control("root", account=account))

    @property
    def credentials(self) -> Credentials:
        """The account's root keys."""
        return self.doors.secrets.root

    def environment(self) -> dict[str, str]:
        """The whole environment of a child program, keys included, that must reach the emulator and AWS never."""
        return {
            **without_proxy(clean(self._environ)),
            **leading_here(self.doors),
            **self.credentials.environment(),
            "AWS_REGION": self.settings.region,
            "AWS_DEFAULT_REGION": self.settings.region,
        }

    def push(self, repository: str, source: Path, revision: str = "HEAD", branch: str = "main") -> Pushed:
        """Make a revision of a git directory the head of a branch of a CodeCommit repository, as a push would.

        Returns the commit and the executions that started by themselves (a rule starts its own a moment later).
        Raises EmulatorError when there is no such repository or revision.
        """
        return self._push(repository, source, revision, branch, connected=False)

    def push_connected(self, full_id: str, source: Path, revision: str = "HEAD", branch: str = "main") -> Pushed:
        """The same for "owner/name" behind a connection; the repository is made at its first push."""
        return self._push(full_id, source, revision, branch, connected=True)

    def _push(self, repository: str, source: Path, revision: str, branch: str, *, connected: bool) -> Pushed:
        origin = {"source": str(Path(source).resolve()), "revision": revision, "branch": branch, "connected": connected}
        reply = self._control("push", repository=repository, **origin)
        return Pushed(reply["commit"], tuple(reply["executions"]))

    def connect(self, name: str) -> list[str]:
        """Complete the connections of this name or ARN as a person does in the console; the ARNs of those."""
        return list(self._control("connect", name=name)["connections"])

    def add_policy(self, arn: str, document: str) -> None:
        """Let the account have a managed policy, by its ARN."""
        self._control("policy", arn=arn, document=document)

    def mails(self) -> list[dict[str, str]]:
        """The mails that ask to confirm a subscription and that nobody answered: each {"address", "topic", "token"}."""
        return list(self._control("mails")["unconfirmed"])

    def repository(self, name: str) -> Path:
        """The bare git directory of a CodeCommit repository; a `git push` to it is a push to CodeCommit."""
        return repository_folder(self.settings.service_folder("codecommit"), name)

    def ledger(self) -> dict[str, Any]:
        """What stood in for runtimes, what could not be rehearsed, which events nobody took; see Ledger."""
        return self._control("ledger")

    def needed_statements(
        self, roles: Sequence[str], types: Sequence[str], resources: Sequence[str] = ()
    ) -> list[dict[str, Any]]:
        """How often each statement of roles (ARNs), trust policies included, and of resources was used and needed.

        `types` are the resource types of the stacks CloudFormation makes for them.
        """
        request = {"roles": list(roles), "resources": list(resources), "types": list(types)}
        return list(self._control("needed-statements", **request)["statements"])

    def api_url(self, url: str) -> str:
        """A plain http URL on this machine for an API's `https://<id>.execute-api...` URL: for curl, or a browser."""
        parts = urlsplit(url)
        api, query = (parts.hostname or "").partition(".")[0], f"?{parts.query}" if parts.query else ""
        return f"{self.endpoint}/_aws/execute-api/{api}{parts.path or '/'}{query}"

    def _control(self, path: str, **request: Any) -> dict[str, Any]:
        return call(self.doors, path, **request)
