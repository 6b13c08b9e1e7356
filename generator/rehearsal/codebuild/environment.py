"""The environment a build starts with: CodeBuild's variables, the emulator's doors, the way to package registries."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from generator.rehearsal.codebuild.secret_mask import in_settings, in_variables

# Of the user's settings for package managers a build gets those that say where packages come from and how to
# get there. Those that say where to install to (PIP_TARGET, PIP_USER, npm's prefix) would change the machine.
_PIP = frozenset({
    "INDEX_URL", "EXTRA_INDEX_URL", "FIND_LINKS", "NO_INDEX", "TRUSTED_HOST", "CERT", "CLIENT_CERT", "PROXY",
    "TIMEOUT", "DEFAULT_TIMEOUT", "RETRIES", "CONFIG_FILE", "DISABLE_PIP_VERSION_CHECK",
})  # fmt: skip
_UV = frozenset({
    "INDEX", "DEFAULT_INDEX", "INDEX_URL", "EXTRA_INDEX_URL", "FIND_LINKS", "NO_INDEX", "INSECURE_HOST",
    "NATIVE_TLS", "HTTP_TIMEOUT",
})  # fmt: skip
_NPM = frozenset({
    "REGISTRY", "CAFILE", "CA", "STRICT_SSL", "PROXY", "HTTPS_PROXY", "NOPROXY",
})  # fmt: skip
# AWS's names lead to the emulator without an endpoint, and one would turn moto and other fakes away from themselves.
# AWS's images do not set the last; with it every build would compile again what it imports.
_DROPPED = re.compile(r"XDG_|AWS_ENDPOINT_URL|(?:SHELL|USER|LOGNAME|TERM|PYTHONDONTWRITEBYTECODE)$")
_USER_PIP_FILES = (".config/pip/pip.conf", ".pip/pip.conf", "Library/Application Support/pip/pip.conf")


@dataclass(frozen=True, slots=True)
class Inherited:
    """What a build takes over from the machine: variables, and the secrets among them that logs must hide."""

    variables: Mapping[str, str]
    secrets: frozenset[str]


def inherit(variables: Mapping[str, str], home: Path, cache: Path) -> Inherited:
    """The variables of a child program, as the emulator gives them, made fit for a build.

    `home` becomes HOME, so nothing of the user's is read or written there; where the user's pip and npm find
    their registries is said by variables. pip, uv and npm keep their downloads in `cache` from build to build: the
    user's own caches are not a build's to fill.
    """
    kept = {name: value for name, value in variables.items() if _is_passed(name)}
    user = Path(variables.get("HOME") or "/nonexistent")
    kept |= _registries(kept, user)
    secrets = in_variables(kept)
    secrets |= in_settings(_text(kept.get("PIP_CONFIG_FILE")))
    settings = {
        "HOME": str(home),
        "PATH": without_virtual_environments(variables.get("PATH") or os.defpath),
        "LANG": "C.UTF-8",
        "PIP_CACHE_DIR": str(cache / "downloads" / "pip"),
        "UV_CACHE_DIR": str(cache / "downloads" / "uv"),
        "NPM_CONFIG_CACHE": str(cache / "downloads" / "npm"),
        "NPM_CONFIG_PREFIX": str(home / ".npm-global"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
        "NPM_CONFIG_UPDATE_NOTIFIER": "false",
    }
    return Inherited({**kept, **settings}, frozenset(secrets))


def without_virtual_environments(path: str) -> str:
    """PATH without the programs of virtual environments: a build that forgets to install pytest must not find one."""
    folders = [folder for folder in path.split(os.pathsep) if folder]
    return os.pathsep.join(f for f in folders if not (Path(f).parent / "pyvenv.cfg").exists())


def _is_passed(name: str) -> bool:
    prefix, _, rest = name.partition("_")
    if prefix == "PIP":
        return rest in _PIP
    if prefix == "UV":
        return rest in _UV or rest.startswith("INDEX_")
    if name.upper().startswith("NPM_CONFIG_"):
        setting = name[len("NPM_CONFIG_") :]
        # A registry of a scope, or the token of one, has its address in its name.
        return setting.upper() in _NPM or setting.startswith(("@", "//"))
    return not _DROPPED.match(name)


def _registries(variables: Mapping[str, str], user: Path) -> dict[str, str]:
    """The variable that points pip at the user's own file, which it would not find in the build's HOME."""
    pip = (user / name for name in _USER_PIP_FILES)
    file = variables.get("PIP_CONFIG_FILE") or next(filter(Path.is_file, pip), "")
    return {"PIP_CONFIG_FILE": str(file)} if file else {}


def _text(file: str | None) -> str:
    with suppress(OSError, TypeError):
        return Path(file or "").read_text(errors="replace")
    return ""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a build is, as its CODEBUILD_ variables tell it. Times are milliseconds since 1970."""

    build_id: str
    build_arn: str
    project_arn: str
    number: int
    image: str
    initiator: str
    kms_key: str
    log_stream: str
    start_time: int
    source_version: str = ""
    resolved_source_version: str = ""
    repository_url: str = ""


def codebuild_variables(identity: Identity, primary: Path, others: Mapping[str, Path]) -> dict[str, str]:
    """The variables CodeBuild itself sets; `others` are the folders of the secondary sources.

    https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html
    """
    variables = {
        "CODEBUILD_CI": "true",
        "CODEBUILD_BUILD_ARN": identity.build_arn,
        "CODEBUILD_BUILD_ID": identity.build_id,
        "CODEBUILD_BUILD_IMAGE": identity.image,
        "CODEBUILD_BUILD_NUMBER": str(identity.number),
        "CODEBUILD_BUILD_SUCCEEDING": "1",
        "CODEBUILD_INITIATOR": identity.initiator,
        "CODEBUILD_KMS_KEY_ID": identity.kms_key,
        "CODEBUILD_LOG_PATH": identity.log_stream,
        "CODEBUILD_PROJECT_ARN": identity.project_arn,
        "CODEBUILD_RESOLVED_SOURCE_VERSION": identity.resolved_source_version,
        "CODEBUILD_SOURCE_REPO_URL": identity.repository_url,
        "CODEBUILD_SOURCE_VERSION": identity.source_version,
        "CODEBUILD_SRC_DIR": str(primary),
        "CODEBUILD_START_TIME": str(identity.start_time),
    }
    folders = {f"CODEBUILD_SRC_DIR_{name}": str(folder) for name, folder in others.items()}
    return {name: value for name, value in (variables | folders).items() if value}
