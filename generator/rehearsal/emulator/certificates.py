"""Certificates for AWS's host names: an authority of this rehearsal's own, and one certificate per name asked for."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Mapping
from pathlib import Path

import botocore
import trustme


class Authority:
    """Signs a certificate for whatever host name a client asks for; lives as long as one emulator.

    `ca_file` holds its own certificate alone, `bundle_file` that one after every certificate the machine trusts,
    so that a program told to use it can still install packages.
    """

    def __init__(self, folder: Path, roots: Path | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._ca = trustme.CA(organization_name="Penstock rehearsal")
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._lock = threading.Lock()
        self.ca_file = folder / "ca.pem"
        self.bundle_file = folder / "bundle.pem"
        own = self._ca.cert_pem.bytes()
        self.ca_file.write_bytes(own)
        self.bundle_file.write_bytes(trusted_roots(roots) + b"\n" + own)

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


def trusted_roots(chosen: Path | None) -> bytes:
    """The certificates the machine trusts: the user's own bundle, the system's, or the one botocore carries."""
    system = ssl.get_default_verify_paths().cafile
    candidates = [chosen, Path(system) if system else None, Path(botocore.__file__).with_name("cacert.pem")]
    return next((found.read_bytes() for found in candidates if found and found.is_file()), b"")


def chosen_roots(environ: Mapping[str, str]) -> Path | None:
    """The certificate bundle the user's own variables name, if any."""
    named = environ.get("SSL_CERT_FILE") or environ.get("REQUESTS_CA_BUNDLE")
    return Path(named) if named else None
