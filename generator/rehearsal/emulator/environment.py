"""The variables of child programs: nothing of the user's AWS set-up, everything that leads to the emulator."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from generator.rehearsal.emulator.run_secrets import RunSecrets
from generator.rehearsal.sandbox.registries import AMAZON_SUFFIXES
from generator.rehearsal.sandbox.status import SandboxStatus

REDIRECT = Path(__file__).with_name("redirect")
"""A folder with `sitecustomize.py` for Python and `redirect.cjs` for Node."""

# What a program needs to find other programs, its caches and its way through a proxy. Anything else of the
# user's (tokens, cloud set-up, PYTHONPATH) stays outside.
_PASSED = frozenset({
    "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TERM", "NO_COLOR",
    "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy",
    "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "SYSTEMROOT", "JAVA_HOME",
})  # fmt: skip
_PASSED_PREFIXES = ("LC_", "PIP_", "UV_", "NPM_CONFIG_", "npm_config_", "PYENV_", "NVM_", "NODENV_", "ASDF_")

_PROXY_SETTING = re.compile(r"(?:PIP_PROXY|ALL_PROXY|NPM_CONFIG_(?:HTTPS?_)?(?:NO)?PROXY)$", re.IGNORECASE)

CERTIFICATES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
"""The variables with which a user names the certificates to trust."""


@dataclass(frozen=True, slots=True)
class Doors:
    """Where the emulator answers: the ports of plain http and of TLS on 127.0.0.1, and its certificates.

    `sandbox` is around everything it starts; `secrets` are what a caller proves himself with.
    """

    http_port: int
    tls_port: int
    ca_file: Path
    bundle_file: Path
    node_file: Path
    sandbox: SandboxStatus
    secrets: RunSecrets = field(repr=False)

    @property
    def endpoint(self) -> str:
        """The URL of every AWS API."""
        return f"http://127.0.0.1:{self.http_port}"


def clean(environ: Mapping[str, str]) -> dict[str, str]:
    """The part of the user's environment that child programs may see."""
    return {
        name: value for name, value in sorted(environ.items()) if name in _PASSED or name.startswith(_PASSED_PREFIXES)
    }


def blind() -> dict[str, str]:
    """The variables that keep an AWS SDK away from the user's files and from any instance's metadata."""
    return {
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_SDK_LOAD_CONFIG": "0",
        "AWS_PAGER": "",
    }


def redirection(doors: Doors) -> dict[str, str]:
    """The variables with which Python and Node reach the emulator under AWS's own host names, over TLS."""
    bundle = str(doors.bundle_file)
    return {
        "PYTHONPATH": str(REDIRECT),
        "NODE_OPTIONS": f"--require={REDIRECT / 'redirect.cjs'}",
        "NODE_EXTRA_CA_CERTS": str(doors.node_file),
        "AWS_CA_BUNDLE": bundle,
        "REQUESTS_CA_BUNDLE": bundle,
        "SSL_CERT_FILE": bundle,
        "CURL_CA_BUNDLE": bundle,
        "GIT_SSL_CAINFO": bundle,
        "PENSTOCK_HTTP_PORT": str(doors.http_port),
        "PENSTOCK_TLS_PORT": str(doors.tls_port),
        "PENSTOCK_HOST_SUFFIXES": ",".join(AMAZON_SUFFIXES),
        "PENSTOCK_PROTECTION": doors.sandbox.protection,
        "PENSTOCK_REPORTS_PORT": str(doors.sandbox.proxy_port),
    }


def leading_here(doors: Doors) -> dict[str, str]:
    """Every variable, but for keys and region, of a program that must reach the emulator and AWS never."""
    return {**blind(), **redirection(doors), "AWS_ENDPOINT_URL": doors.endpoint}


def without_proxy(environ: Mapping[str, str]) -> dict[str, str]:
    """The same variables, with the emulator and AWS's names excepted from any proxy they name."""
    past = ["127.0.0.1", "localhost", *(f".{suffix}" for suffix in AMAZON_SUFFIXES)]
    listed = environ.get("NO_PROXY") or environ.get("no_proxy")
    every = ",".join([listed, *past] if listed else past)
    return {**environ, "NO_PROXY": every, "no_proxy": every}


def through_registry_proxy(environ: Mapping[str, str], doors: Doors) -> dict[str, str]:
    """The same variables, with the one proxy there is in a rehearsal, and nothing of the user's own."""
    kept = {name: value for name, value in environ.items() if not _PROXY_SETTING.match(name)}
    proxy = f"http://127.0.0.1:{doors.sandbox.proxy_port}"
    named = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), proxy)
    past = without_proxy({})
    # npm's files outrank the usual variables, and these outrank the files.
    npm = {"npm_config_proxy": proxy, "npm_config_https_proxy": proxy, "npm_config_noproxy": past["NO_PROXY"]}
    pip = {"PIP_PROXY": proxy} if doors.sandbox.pip_has_proxy else {}
    return {**kept, **named, **past, **npm, **pip, "NODE_USE_ENV_PROXY": "1"}


def to_json(doors: Doors) -> dict[str, object]:
    """The doors as one process tells another."""
    fields = asdict(doors)
    fields["secrets"] = doors.secrets.to_json()
    return {name: str(value) if isinstance(value, Path) else value for name, value in fields.items()}


def from_json(message: Mapping[str, Any]) -> Doors:
    """The doors `to_json` told."""
    files = {name: Path(message[name]) for name in ("ca_file", "bundle_file", "node_file")}
    sandbox = SandboxStatus(**message["sandbox"])
    return Doors(**{**message, **files, "sandbox": sandbox, "secrets": RunSecrets.from_json(message["secrets"])})
