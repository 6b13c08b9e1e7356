"""The emulator as the program that uses it holds it: start, reach, stop; nothing stays behind."""

from __future__ import annotations

import contextlib
import json
import secrets
import select
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

import generator
from generator.errors import PenstockError
from generator.rehearsal.emulator.environment import Doors, blind, clean, leading_here, without_proxy
from generator.rehearsal.emulator.guard import GRACE, kill_family, remove
from generator.rehearsal.emulator.settings import Settings
from generator.rehearsal.service import Client, Credentials, connect, root_keys

START_TIMEOUT = 30.0  # seconds; it takes about half of one


class EmulatorError(PenstockError):
    """The emulator did not start, or is gone."""


class Emulator:
    """One AWS on this machine, a context manager.

    `environ` is the user's environment: only what a build needs of it is passed on, and never its AWS part.
    `mounts` replaces the factories of services (see settings.MOUNTS).
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        *,
        account: str = "123456789012",
        region: str = "us-east-1",
        mounts: Mapping[str, str] | None = None,
    ) -> None:
        temporary = Path(environ.get("TMPDIR") or tempfile.gettempdir())
        folder = temporary / f"penstock-{secrets.token_hex(6)}"
        settings = Settings(folder, cache_folder(environ), account, region)
        self.settings = settings if mounts is None else replace(settings, mounts={**settings.mounts, **mounts})
        self._environ = dict(environ)
        self._guard: subprocess.Popen[str] | None = None
        self._doors: Doors | None = None
        self._clients: dict[tuple[str, str], Client] = {}

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
            self._guard = subprocess.Popen(
                [sys.executable, "-m", "generator.rehearsal.emulator.process", self.settings.to_json()],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                env=self._start_environment(),
                start_new_session=True,
            )
            self._doors = self._announced(self._guard)
        except BaseException:
            self.stop()
            raise

    def _start_environment(self) -> dict[str, str]:
        kept = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
        return {
            **clean(self._environ),
            **{name: self._environ[name] for name in kept if name in self._environ},
            **blind(),
            "PYTHONPATH": str(Path(generator.__file__).parent.parent),
            "PYTHONDONTWRITEBYTECODE": self._environ.get("PYTHONDONTWRITEBYTECODE", ""),
            "TMPDIR": str(self.settings.temporary),
        }

    def _announced(self, guard: subprocess.Popen[str]) -> Doors:
        assert guard.stdout is not None  # noqa: S101 - it was asked for as a pipe
        ready, _, _ = select.select([guard.stdout], [], [], START_TIMEOUT)
        said = json.loads(guard.stdout.readline() or "{}") if ready else {}
        if "http_port" not in said:
            raise EmulatorError(f"the emulator did not start: {said.get('error') or self._last_words()}")
        return Doors(said["http_port"], said["tls_port"], Path(said["ca_file"]), Path(said["bundle_file"]))

    def _last_words(self) -> str:
        with contextlib.suppress(OSError):
            lines = self.settings.log_file.read_text("utf-8", "replace").splitlines()
            return lines[-1] if lines else "it said nothing"
        return "it said nothing"

    def stop(self) -> None:
        """End it and everything it started, and remove its folder. May be called at any time, and again."""
        guard, self._guard, self._doors = self._guard, None, None
        self._clients.clear()
        if guard is None:
            return
        for pipe in (guard.stdin, guard.stdout):
            if pipe is not None:
                pipe.close()
        try:
            guard.wait(timeout=GRACE + 5)
        except subprocess.TimeoutExpired:
            kill_family(guard.pid)
            guard.kill()
            guard.wait()
        remove(self.settings.folder)

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

    def client(self, service: str, *, region: str | None = None) -> Client:
        """A botocore client with the account's root keys."""
        key = (service, region or self.settings.region)
        if key not in self._clients:
            self._clients[key] = connect(service, self.endpoint, self.credentials, key[1])
        return self._clients[key]

    @property
    def credentials(self) -> Credentials:
        """The account's root keys."""
        return root_keys(self.settings.account)

    def environment(self) -> dict[str, str]:
        """The whole environment of a child program, keys included, that must reach the emulator and AWS never."""
        return {
            **without_proxy(clean(self._environ)),
            **leading_here(self.doors),
            **self.credentials.environment(),
            "AWS_REGION": self.settings.region,
            "AWS_DEFAULT_REGION": self.settings.region,
        }


def cache_folder(environ: Mapping[str, str]) -> Path:
    """The user's cache folder for what Penstock makes once per machine."""
    if environ.get("XDG_CACHE_HOME"):
        return Path(environ["XDG_CACHE_HOME"]) / "penstock"
    home = Path(environ["HOME"]) if environ.get("HOME") else Path.home()
    return home / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "penstock"
