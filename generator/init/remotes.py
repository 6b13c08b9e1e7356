"""Which source a git remote's address stands for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

_URL = re.compile(r"[a-z+]+://(?:[^/@]*@)?(?P<host>[^/:]+)(?::\d*)?/+(?P<path>.+)")
# The way ssh is usually written: git@github.com:acme/time-service.git
_SCP = re.compile(r"(?:[^/@]+@)?(?P<host>[^/:]+):/*(?P<path>[^:].*)")
_CODECOMMIT_NAME = re.compile(r"(?!.*\.git$)[A-Za-z0-9._-]{1,100}")
# https://docs.aws.amazon.com/codecommit/latest/userguide/regions.html
_CODECOMMIT_HOST = re.compile(r"git-codecommit(?:-fips)?\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?")
# https://docs.aws.amazon.com/codecommit/latest/userguide/setting-up-git-remote-codecommit.html
_CODECOMMIT_HELPER = re.compile(r"codecommit:(?::(?P<region>[a-z0-9-]+):)?//(?:[^/@]*@)?(?P<name>[^/]+)")


# By host: the word of the source it belongs to, and the pattern of a repository's name there.
Hosts = Mapping[str, tuple[str, str]]


class Remote(NamedTuple):
    """A source as the pipeline file names it, the repository's own name, and the region when the address has one."""

    kind: str
    settings: Mapping[str, Any]
    name: str
    region: str = ""


def source_of(address: str, hosts: Hosts) -> Remote | None:
    """The source behind an address; None for a host that is no source of ours (its name is nowhere to be believed)."""
    if helper := _CODECOMMIT_HELPER.fullmatch(address):
        return _codecommit(helper["name"], helper["region"] or "")
    match = _URL.fullmatch(address) or _SCP.fullmatch(address)
    if not match:
        return None
    host, path = match["host"].lower(), match["path"].rstrip("/")
    if aws := _CODECOMMIT_HOST.fullmatch(host):
        return _codecommit(path.removeprefix("v1/repos/"), aws["region"])
    return _connected(hosts.get(host), path.removesuffix(".git"))


def repository_name(address: str) -> str:
    """The last part of any address, without `.git`: what people call the repository."""
    return re.split(r"[/:@]", address.rstrip("/"))[-1].removesuffix(".git")


def _codecommit(name: str, region: str) -> Remote | None:
    if not _CODECOMMIT_NAME.fullmatch(name):
        return None
    return Remote("codecommit", {"repository": name, "create": False}, name, region)


def _connected(host: tuple[str, str] | None, path: str) -> Remote | None:
    kind, pattern = host or ("", "")
    if not kind or not re.fullmatch(pattern, path):
        return None
    return Remote(kind, {"repository": path}, path.rpartition("/")[2])
