"""Where packages come from: what the user's pip, uv and npm are set to, and the proxy they go through."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

DEFAULTS = frozenset({"pypi.org", "files.pythonhosted.org", "registry.npmjs.org", "registry.yarnpkg.com"})
"""The registries of pip, npm and yarn that are set to nothing else."""

NOWHERE = (".invalid", ".test", ".example")
"""RFC 6761: names under these never exist, so who asks for one tries to reach nobody."""

AMAZON_SUFFIXES = ("amazonaws.com", "amazonaws.com.cn", "api.aws", "on.aws")
"""Names under these are AWS's: they lead to the emulator, whatever stands before them, and never off the machine."""

_SETTING_PREFIXES = ("PIP_", "UV_", "NPM_CONFIG_")
_FILES_NAMED = ("PIP_CONFIG_FILE", "NPM_CONFIG_USERCONFIG", "NPM_CONFIG_GLOBALCONFIG", "UV_CONFIG_FILE")
_FILES = ("/etc/pip.conf", "/etc/xdg/pip/pip.conf", "/etc/npmrc", "/usr/etc/npmrc", "/etc/uv/uv.toml")
_USER_FILES = (
    ".config/pip/pip.conf", ".pip/pip.conf", "Library/Application Support/pip/pip.conf", ".npmrc", ".config/uv/uv.toml",
)  # fmt: skip
_PROXY_LINE = re.compile(r"^\s*(?:https?[-_])?proxy\s*=\s*[\"']?(\S+?)[\"']?\s*$", re.MULTILINE | re.IGNORECASE)
_URL = re.compile(r"https?://[^\s\"',\]>]+")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\.?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")
_OF_NPM = re.compile(r"registry|@[^:]+:registry|cafile|strict-ssl|(?:https?-)?proxy|noproxy")
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Registries:
    """The hosts that package managers may reach, by name, and those on this machine, by port or all of them.

    `upstream` is the URL of the proxy to go through, empty if there is none, `bypass` what the user excepts from it;
    `pip_has_proxy` is whether pip's own settings name one, which outranks the usual variables.
    """

    hosts: frozenset[str]
    local_ports: frozenset[int]
    whole_machine: bool = False
    upstream: str = ""
    bypass: str = ""
    pip_has_proxy: bool = False


def discover(environ: Mapping[str, str], more: Iterable[str] = ()) -> Registries:
    """What the user's variables and files say, with `more` hosts."""
    settings = {name: value for name, value in environ.items() if name.upper().startswith(_SETTING_PREFIXES)}
    texts = [*_texts(environ, settings), *(value for name, value in settings.items() if "PROXY" not in name.upper())]
    urls = [urlsplit(url) for text in texts for url in _URL.findall(_PROXY_LINE.sub("", text))]
    named = [(url.hostname.lower(), url.port or _PORTS[url.scheme]) for url in urls if url.hostname]
    own = [proxy for text in texts for proxy in _PROXY_LINE.findall(text)]
    own += [value for name, value in settings.items() if name.upper().endswith("_PROXY") and value]
    return Registries(
        DEFAULTS | {host for host, _ in named if not is_loopback(host)} | {host.lower() for host in more},
        frozenset(port for host, port in named if is_loopback(host)),
        any(is_loopback(host.lower()) for host in more),
        _variable(environ, "https_proxy", "all_proxy", "http_proxy") or next(iter(own), ""),
        _variable(environ, "no_proxy"),
        "PIP_PROXY" in environ or any(map(_PROXY_LINE.search, texts)),
    )


def npm_settings(environ: Mapping[str, str]) -> dict[str, str]:
    """Variables that say what npm's own file says about where packages come from, and none of its tokens.

    The file is one of the user's keys, which no program reads.
    https://docs.npmjs.com/cli/v11/configuring-npm/npmrc
    """
    home = environ.get("HOME")
    named = environ.get("NPM_CONFIG_USERCONFIG") or environ.get("npm_config_userconfig") or (home and f"{home}/.npmrc")
    text = _text(Path(named)) if named else ""
    pairs = (line.split("=", 1) for line in text.splitlines() if "=" in line)
    settings = {key.strip(): value.strip().strip("\"'") for key, value in pairs}
    return {
        f"npm_config_{key.replace('-', '_')}": value
        for key, value in settings.items()
        if _OF_NPM.fullmatch(key) and "${" not in value
    }


def is_host(text: str) -> bool:
    """Whether a text is a host's name or an IP address and nothing else."""
    return _HOST.fullmatch(text) is not None


def is_of_aws(host: str) -> bool:
    """Whether a name is one of AWS's."""
    name = host.lower().rstrip(".")
    return any(name == suffix or name.endswith(f".{suffix}") for suffix in AMAZON_SUFFIXES)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its name or by the form of its address."""
    return host in {"localhost", "::1"} or host.startswith("127.")


def _variable(environ: Mapping[str, str], *names: str) -> str:
    values = (environ.get(spelled, "") for name in names for spelled in (name, name.upper()))
    return next(filter(None, values), "")


def _texts(environ: Mapping[str, str], settings: Mapping[str, str]) -> list[str]:
    home = Path(environ.get("HOME") or "/nonexistent")
    named = [value for name, value in settings.items() if name.upper() in _FILES_NAMED]
    every = [*map(Path, (*_FILES, *named)), *(home / name for name in _USER_FILES)]
    return [text for file in every if (text := _text(file))]


def _text(file: Path) -> str:
    with suppress(OSError):
        return file.read_text("utf-8", "replace")
    return ""
