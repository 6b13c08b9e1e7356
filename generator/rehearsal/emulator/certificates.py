"""Certificates for AWS's host names: an authority of this rehearsal's own, and one certificate per name asked for."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Mapping
from pathlib import Path

import botocore
import trustme

from generator.rehearsal.emulator.environment import CERTIFICATES


class Authority:
    """Signs a certificate for whatever host name a client asks for; lives as long as one emulator.

    `ca_file` holds its own certificate alone; `bundle_file` and `node_file` that one after every certificate the
    user trusts, so that a program told to use them can still install packages. (Node adds to roots of its own.)
    """

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._ca = trustme.CA(organization_name="Penstock rehearsal")
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._lock = threading.Lock()
        own = self._ca.cert_pem.bytes()
        self.ca_file = _written(folder / "ca.pem", own)
        self.bundle_file = _written(folder / "bundle.pem", trusted_roots(environ), own)
        self.node_file = _written(folder / "node.pem", _read(environ.get("NODE_EXTRA_CA_CERTS")), own)

    def context(self) -> ssl.SSLContext:
        """A server context that answers each client with the certificate of the name it asked for."""
        context = self._for("amazonaws.com")
        context.sni_callback = self._choose
        return context

    def _choose(self, connection: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
        if name:
            connection.context = self._for(name.lower())

    def _for(self, name: str) -> ssl.SSLContext:
        with self._lock:
            if name not in self._contexts:
                context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
                context.set_alpn_protocols(["http/1.1"])
                self._ca.issue_cert(name).configure_cert(context)
                self._contexts[name] = context
            return self._contexts[name]


def trusted_roots(environ: Mapping[str, str]) -> bytes:
    """The certificates the user trusts: those a variable names, the system's, or the ones botocore carries."""
    named = [environ.get(name) for name in CERTIFICATES[:3]]
    system = ssl.get_default_verify_paths().cafile
    carried = str(Path(botocore.__file__).with_name("cacert.pem"))
    return next((content for path in (*named, system, carried) if (content := _read(path))), b"")


def _read(path: str | None) -> bytes:
    return Path(path).read_bytes() if path and Path(path).is_file() else b""


def _written(file: Path, *certificates: bytes) -> Path:
    file.write_bytes(b"\n".join(filter(None, certificates)))
    return file
