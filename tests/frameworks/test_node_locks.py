"""The version that a lock file of any manager has of the Serverless Framework's tool."""

from __future__ import annotations

import pytest

from generator.frameworks._node_locks import version
from generator.repository.files import Repository

NPM = '{"lockfileVersion": 3, "packages": {"node_modules/osls": {"version": "3.77.1"}}}'
OLD_NPM = '{"lockfileVersion": 1, "dependencies": {"osls": {"version": "3.77.1"}}}'
CLASSIC = """\
# yarn lockfile v1


"osls-plugin@^1.0.0":
  version "1.2.0"

osls@^2.0.0:
  version "2.9.9"

osls@^3.0.0, osls@^3.70.0:
  version "3.77.1"
  resolved "https://example.com/osls-3.77.1.tgz#0"
"""
BERRY = """\
__metadata:
  version: 8
  cacheKey: 10c0

"osls@npm:^3.0.0, osls@npm:^3.70.0":
  version: 3.77.1
  resolution: "osls@npm:3.77.1"
"""
PNPM_5 = "lockfileVersion: 5.4\n\nspecifiers:\n  osls: ^3.0.0\n\ndevDependencies:\n  osls: 3.77.1_ms@2.1.3\n"
PNPM_6 = "lockfileVersion: '6.0'\n\ndevDependencies:\n  osls:\n    specifier: ^3.0.0\n    version: 3.77.1(ms@2.1.3)\n"
PNPM_9 = """\
lockfileVersion: '9.0'

importers:

  .:
    devDependencies:
      osls:
        specifier: ^4.0.0
        version: 4.3.1

  backend:
    dependencies:
      osls:
        specifier: ^3.0.0
        version: 3.77.1
"""


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("package-lock.json", NPM),
        ("package-lock.json", OLD_NPM),
        ("npm-shrinkwrap.json", NPM),
        ("yarn.lock", CLASSIC),
        ("yarn.lock", BERRY),
        ("pnpm-lock.yaml", PNPM_5),
        ("pnpm-lock.yaml", PNPM_6),
        ("pnpm-lock.yaml", PNPM_9),
    ],
)
@pytest.mark.parametrize("folder", ["", "backend"])
def test_the_locked_version_is_read_in_the_folder_and_at_the_root(
    file: str, text: str, folder: str, repository: Repository
) -> None:
    (repository.root / file).write_text(text)
    expected = "4.3.1" if text == PNPM_9 and not folder else "3.77.1"
    assert version(repository, folder, "osls", "^3.0.0") == expected
    assert version(repository, folder, "serverless", "^3.0.0") == ""


def test_what_a_workspace_has_installed_for_itself_comes_first(repository: Repository) -> None:
    text = NPM.replace('"node_modules/osls"', '"backend/node_modules/osls": {"version": "4.3.1"}, "node_modules/osls"')
    (repository.root / "package-lock.json").write_text(text)
    assert version(repository, "backend", "osls", "^4.0.0") == "4.3.1"
    assert version(repository, "frontend", "osls", "^3.0.0") == "3.77.1"


@pytest.mark.parametrize("file", ["package-lock.json", "yarn.lock", "pnpm-lock.yaml"])
def test_what_is_no_lock_file_locks_nothing(file: str, repository: Repository) -> None:
    (repository.root / file).write_text("[]\n")
    assert version(repository, "", "osls", "") == ""
