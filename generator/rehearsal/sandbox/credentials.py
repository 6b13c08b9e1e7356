"""Where the user's keys to clouds, registries and machines lie: files that no program of a rehearsal needs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

_IN_HOME = (
    ".aws", ".azure", ".boto", ".cargo/credentials", ".cargo/credentials.toml", ".config/containers/auth.json",
    ".config/gcloud", ".config/gh", ".config/git/credentials", ".config/hub", ".config/rclone", ".docker",
    ".gem/credentials", ".git-credentials", ".gnupg", ".kube", ".m2/settings.xml", ".netrc", "_netrc", ".npmrc", ".oci",
    ".password-store", ".pypirc", ".ssh", ".terraform.d/credentials.tfrc.json", ".vault-token", ".yarnrc.yml",
)  # fmt: skip
_NAMED = (
    "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "AZURE_CONFIG_DIR", "BOTO_CONFIG",
    "CLOUDSDK_CONFIG", "GH_CONFIG_DIR", "GNUPGHOME", "GOOGLE_APPLICATION_CREDENTIALS", "KUBECONFIG", "NETRC",
    "NPM_CONFIG_USERCONFIG", "npm_config_userconfig", "REGISTRY_AUTH_FILE",
)  # fmt: skip


def lying(environ: Mapping[str, str]) -> tuple[Path, ...]:
    """The files and folders with keys that there are.

    https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html
    """
    home = environ.get("HOME")
    in_home = [Path(home) / name for name in _IN_HOME] if home else []
    docker = environ.get("DOCKER_CONFIG")
    named = [Path(environ[name]) for name in _NAMED if environ.get(name)] + (
        [Path(docker, "config.json")] if docker else []
    )
    return tuple(place for place in (*in_home, *named) if place.is_file() or place.is_dir())
