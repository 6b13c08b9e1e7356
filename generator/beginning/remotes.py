"""Which source a git remote's address stands for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

# Providers give ssh on port 443 a host name of its own.
_HOSTS: Mapping[str, str] = {
    "github.com": "github",
    "ssh.github.com": "github",
    "gitlab.com": "gitlab",
    "altssh.gitlab.com": "gitlab",
    "bitbucket.org": "bitbucket",
    "altssh.bitbucket.org": "bitbucket",
}
_URL = re.compile(r"[a-z+]+://(?:[^/@]*@)?(?P<host>[^/:]+)(?::\d*)?/+(?P<path>.+)")
# The way ssh is usually written: git@github.com:acme/time-service.git
_SCP = re.compile(r"(?:[^/@]+@)?(?P<host>[^/:]+):/*(?P<path>[^:].*)")
_REPOSITORY = re.compile(r"[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)+")
_CODECOMMIT_NAME = re.compile(r"(?!.*\.git$)[A-Za-z0-9._-]{1,100}")
# https://docs.aws.amazon.com/codecommit/latest/userguide/regions.html
_CODECOMMIT_HOST = re.compile(r"git-codecommit(?:-fips)?\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?")
# https://docs.aws.amazon.com/codecommit/latest/userguide/setting-up-git-remote-codecommit.html
_CODECOMMIT_HELPER = re.compile(r"codecommit:(?::(?P<region>[a-z0-9-]+):)?//(?:[^/@]*@)?(?P<name>[^/]+)")


class Remote(NamedTuple):
    """A source as the pipeline file names it, the repository's own name, and the region when the address has one."""

    kind: str
    settings: Mapping[str, Any]
    name: str
    region: str = ""


def source_of(address: str) -> Remote | None:
    """The source behind an address; None for a host that is no source of ours (its name is nowhere to be believed)."""
    if helper := _CODECOMMIT_HELPER.fullmatch(address):
        return _codecommit(helper["name"], helper["region"] or "")
    match = _URL.fullmatch(address) or _SCP.fullmatch(address)
    if not match:
        return None
    host, path = match["host"].lower(), match["path"].rstrip("/")
    if aws := _CODECOMMIT_HOST.fullmatch(host):
        return _codecommit(path.removeprefix("v1/repos/"), aws["region"])
    return _connected(_HOSTS.get(host, ""), path.removesuffix(".git"))


def repository_name(address: str) -> str:
    """The last part of any address, without `.git`: what people call the repository."""
    return re.split(r"[/:@]", address.rstrip("/"))[-1].removesuffix(".git")


def _codecommit(name: str, region: str) -> Remote | None:
    if not _CODECOMMIT_NAME.fullmatch(name):
        return None
    return Remote("codecommit", {"repository": name, "create": False}, name, region)


def _connected(kind: str, path: str) -> Remote | None:
    # Only GitLab knows groups within groups.
    deep = path.count("/") > 1 and kind != "gitlab"
    if not kind or deep or not _REPOSITORY.fullmatch(path):
        return None
    return Remote(kind, {"repository": path}, path.rpartition("/")[2])
