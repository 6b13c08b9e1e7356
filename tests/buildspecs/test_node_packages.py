"""Which manager installs the packages of Node.js, by the lock file beside a package.json."""

from __future__ import annotations

import json
from pathlib import Path

import node_packages
import pytest

CLASSIC = "# yarn lockfile v1\n"


def berry(version: int) -> str:
    """A lock file of a yarn after the first."""
    return f"__metadata:\n  version: {version}\n  cacheKey: x\n"


def command(folder: Path, files: dict[str, str], *, for_function: bool = False, below: str = "src") -> str:
    """What installs the packages of a folder with these files."""
    for name, text in {"package.json": "{}", **files}.items():
        (folder / below / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / below / name).write_text(text)
    return node_packages.command(str(folder / below), for_function=for_function)


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.mark.parametrize(
    ("lock", "text", "program", "development", "alone"),
    [
        ("yarn.lock", CLASSIC, "yarn@1.22.22 install", "--frozen-lockfile --non-interactive", " --production"),
        ("pnpm-lock.yaml", "lockfileVersion: 5.4\n", "pnpm@7.33.7 install", "--frozen-lockfile", " --prod"),
        ("pnpm-lock.yaml", "lockfileVersion: '9.0'\n", "pnpm@10.34.8 install", "--frozen-lockfile", " --prod"),
    ],
)
def test_the_manager_of_a_lock_file_keeps_to_it(
    lock: str, text: str, program: str, development: str, alone: str, root: Path
) -> None:
    whole = command(root, {lock: text})
    assert whole.startswith(f"npx --yes {program} {development}")
    assert command(root, {lock: text}, for_function=True) == whole + alone


@pytest.mark.parametrize(("written", "version"), [(4, "2.4.2"), (5, "3.8.7"), (8, "4.13.0"), (9, "4.15.0")])
def test_a_later_yarn_is_the_one_that_keeps_to_the_format(written: int, version: str, root: Path) -> None:
    settings = "YARN_NODE_LINKER=node-modules YARN_ENABLE_IMMUTABLE_INSTALLS=true"
    program = f"npx --yes --package @yarnpkg/cli-dist@{version} yarn"
    assert command(root, {"yarn.lock": berry(written)}) == f"{settings} {program} install --immutable"


def test_a_later_yarn_is_told_of_the_proxy(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://localhost:1")
    assert " YARN_HTTPS_PROXY=http://localhost:1 npx" in command(root, {"yarn.lock": berry(8)})


def test_what_package_json_names_is_the_version_here_or_at_the_root(root: Path) -> None:
    package = {"package.json": json.dumps({"packageManager": "pnpm@9.1.0+sha512.abc"})}
    assert "pnpm@9.1.0 " in command(root, {"pnpm-lock.yaml": "lockfileVersion: '99.0'\n", **package})
    (root / "package.json").write_text('{"packageManager": "yarn@4.5.0"}')
    assert "cli-dist@4.5.0 " in command(root, {"yarn.lock": berry(8)}, below="other")


def test_functions_of_yarn_2_and_3_need_the_plugin_that_leaves_out_development(root: Path) -> None:
    with pytest.raises(SystemExit, match="with its plugin workspace-tools alone"):
        command(root, {"yarn.lock": berry(6)}, for_function=True)
    plugin = {".yarnrc.yml": "plugins: [{path: .yarn/plugins/@yarnpkg/plugin-workspace-tools.cjs}]\n"}
    assert "workspaces focus --production" in command(root, {"yarn.lock": berry(6), **plugin}, for_function=True)


@pytest.mark.parametrize("lock", [{"yarn.lock": berry(77)}, {"pnpm-lock.yaml": "lockfileVersion: '77.0'\n"}])
def test_a_format_that_nobody_knows_yet_is_refused_in_words(lock: dict[str, str], root: Path) -> None:
    with pytest.raises(SystemExit, match=r'"packageManager": "(yarn|pnpm)@<version>"'):
        command(root, lock)


def test_packages_of_a_workspace_without_a_lock_file_of_their_own_are_refused_in_words(root: Path) -> None:
    with pytest.raises(SystemExit, match="bundle the function"):
        command(root, {"package.json": '{"dependencies": {"lib": "workspace:*"}}'})


def test_what_a_workspace_above_installs_is_not_installed_again(root: Path) -> None:
    (root / "packages" / "api").mkdir(parents=True)
    assert not node_packages.belongs_to_workspace("packages/api")
    (root / "pnpm-lock.yaml").write_text("")
    (root / "pnpm-workspace.yaml").write_text("packages: [packages/*]")
    assert node_packages.belongs_to_workspace("packages/api")
    (root / "packages" / "api" / "package-lock.json").write_text("")
    assert not node_packages.belongs_to_workspace("packages/api")
    assert not node_packages.belongs_to_workspace(".")
