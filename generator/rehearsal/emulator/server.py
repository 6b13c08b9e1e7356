"""Puts the emulator together in its own process and serves it: plain http for endpoints, TLS for real names."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import socket
import ssl
from collections.abc import Callable
from typing import Any

from hypercorn.asyncio import serve as serve_asgi
from hypercorn.config import Config, Sockets

from generator.rehearsal.emulator.certificates import Authority
from generator.rehearsal.emulator.environment import Doors, to_json
from generator.rehearsal.emulator.ministack import deferred_services
from generator.rehearsal.emulator.provenance import refuse_another
from generator.rehearsal.emulator.run_secrets import RunSecrets
from generator.rehearsal.emulator.settings import Settings
from generator.rehearsal.sandbox.launcher import Inside

Announce = Callable[[dict[str, object]], None]


class _Doors(Config):
    """Hypercorn's configuration with sockets that are already bound and a certificate chosen by name."""

    def __init__(self, plain: socket.socket, tls: socket.socket, context: ssl.SSLContext) -> None:
        super().__init__()
        self._ready = Sockets([tls], [plain], [])
        self._context = context
        self.on_open: Callable[[], None] = lambda: None
        # A connection that its client has closed is held for as long, too.
        self.keep_alive_timeout = 5
        self.loglevel = "WARNING"
        self.accesslog = None

    @property
    def ssl_enabled(self) -> bool:
        return True

    def create_ssl_context(self) -> ssl.SSLContext:
        return self._context

    def create_sockets(self) -> Sockets:
        """Called when the application has started: from here on every connection is answered."""
        self.on_open()
        return self._ready


def bound() -> socket.socket:
    """A listening socket on a port nobody else has; connections wait in it until they are served."""
    door = socket.create_server(("127.0.0.1", 0), backlog=256)
    door.setblocking(False)
    return door


def serve(settings: Settings, inside: Inside, announce: Announce) -> None:
    """Serve until SIGTERM; `announce` gets the doors as soon as they are open."""
    plain, tls = bound(), bound()
    authority = Authority(settings.certificates, os.environ)
    doors = Doors(
        plain.getsockname()[1],
        tls.getsockname()[1],
        authority.ca_file,
        authority.bundle_file,
        authority.node_file,
        inside.status(),
        RunSecrets.fresh(),
    )
    os.environ.update(ministack_variables(settings, doors))
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s [%(name)s] %(message)s")
    refuse_another(settings.cache)
    deferred_services.defer()
    # ministack reads its settings from the environment while it is imported.
    from generator.rehearsal.emulator.assembly import Assembly  # noqa: PLC0415 - see above

    assembly = Assembly(settings, doors)
    config = _Doors(plain, tls, authority.context())
    config.on_open = lambda: announce(to_json(doors))
    gc.freeze()
    asyncio.run(_until_terminated(assembly.application, config, assembly.close))


async def _until_terminated(application: Any, config: Config, close: Callable[[], None]) -> None:
    asked = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asked.set)
    serving = asyncio.create_task(serve_asgi(application, config, shutdown_trigger=asyncio.Event().wait))
    waiting = asyncio.create_task(asked.wait())
    await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if serving.done():
        serving.result()
    # The services still answer each other while they close; what then remains is the guard's to end.
    await asyncio.to_thread(close)
    logging.shutdown()
    os._exit(0)


def ministack_variables(settings: Settings, doors: Doors) -> dict[str, str]:
    """The settings of ministack: IAM enforced, one host, nothing listening but our two doors, no containers."""
    return {
        "AUTH": "true",
        "AWS_ENDPOINT_URL": doors.endpoint,
        "BIND_HOST": "127.0.0.1",
        "DOCKER_HOST": f"unix://{settings.folder / 'no-containers'}",
        "GATEWAY_PORT": str(doors.http_port),
        "IOT_MTLS_ENABLED": "0",
        "LAMBDA_EXECUTOR": "local",
        "LOG_LEVEL": "WARNING",
        "MINISTACK_ACCOUNT_ID": settings.account,
        "MINISTACK_HOST": "localhost",
        "MINISTACK_REGION": settings.region,
        "S3_DATA_DIR": str(settings.service_folder("s3") / "objects"),
        "S3_PERSIST": "1",
        "SFTP_ENABLED": "0",
        # Cognito's keys lie there, else in a folder of /tmp that all users share.
        "STATE_DIR": str(settings.folder / "ministack"),
    }
