"""Runs pip in a build; what some build installed within the last hour is installed again from a copy.

It lies within the pip that builds are lent, runs in their Python, and stays readable to every Python that has one.
"""

from __future__ import annotations

import configparser
import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

_SECONDS = 3600
"""How long a copy is good for: what is published meanwhile comes with the next."""
_LARGEST = 200 * 2**20
_WITH_REPORTS = (22, 2)
_FLAGS = frozenset({"-q", "--quiet", "--no-compile", "--disable-pip-version-check", "--no-input"})
# A requirement that means the same in every folder: no path, address or option.
_PLAIN = re.compile(r"[\w.-]+ *(\[[\w., -]*\])? *((===?|[<>!~]=|[<>]) *[\w.*+!-]+ *,? *)*(;[^@#]*)?")
# What settings may say: how to get to packages, which is part of the key, and what makes no difference.
_SETTINGS = frozenset({
    "cache-dir", "cert", "client-cert", "compile", "config-file", "constraint", "default-timeout",
    "disable-pip-version-check", "extra-index-url", "find-links", "index-url", "no-color", "no-index", "no-input",
    "progress-bar", "proxy", "retries", "root-user-action", "timeout", "trusted-host",
})  # fmt: skip
_OF_SYSTEM = ("/etc/pip.conf", "/etc/xdg/pip/pip.conf", "/Library/Application Support/pip/pip.conf")


class BeyondError(Exception):
    """The command is one of those that always are pip's."""


def main() -> int:
    """Do what the command line asks of pip; its exit status."""
    try:
        folder, root, target = copy_of(sys.argv[1:])
    except (OSError, UnicodeDecodeError, configparser.Error, BeyondError):
        return _pip()
    if _is_fresh(folder):
        with suppress(OSError):
            return _repeat(folder, root, shared=not target)
    return _install(folder, root)


def _pip() -> int:
    from pip._internal.cli.main import main as pip  # noqa: PLC0415 - most installs are repeated

    return int(pip())


def copy_of(arguments: list[str]) -> tuple[Path, Path, str]:
    """Where the copy of what a command installs is or would be, below which folder it installs, and its `--target`."""
    lines, target = _asked(arguments)
    own = (sys.prefix, str(Path.home()), str(Path.cwd()))
    installed = [file for path in sys.path if path.startswith(own) for file in Path(path).glob("*.dist-info")]
    # What pip adds to packages depends on them.
    if any(Path(target).glob("*")) if target else installed:
        raise BeyondError
    cache = Path(os.environ.get("PIP_CACHE_DIR", ""))
    if not cache.is_absolute():
        raise BeyondError
    lent = [path for path in sys.path if not path.startswith(own)]
    key = [lines, bool(target), _settings(), lent, sys.version]
    return (
        cache / "installed" / hashlib.sha256(json.dumps(key).encode()).hexdigest(),
        Path(target or sys.prefix),
        target,
    )


def _asked(arguments: list[str]) -> tuple[list[str], str]:
    """The requirements and the `--target` of a command that has nothing else."""
    lines, target = [], ""
    words = iter(arguments[1:])
    for word in words:
        if word in {"-r", "--requirement"}:
            lines += list(_of_file(Path(next(words, "")), ()))
        elif word in {"-t", "--target"}:
            target = next(words, "")
        elif word not in _FLAGS:
            lines.append(word)
    plain = all(_PLAIN.fullmatch(line) and not Path(line).exists() for line in lines)
    if arguments[:1] != ["install"] or not lines or not plain:
        raise BeyondError
    return lines, target


def _of_file(file: Path, around: tuple[Path, ...]) -> Iterator[str]:
    """The lines of a file of requirements, and of those it names."""
    if file in around:
        raise BeyondError
    for line in file.read_text(encoding="utf-8").splitlines():
        stated = re.sub(r"(^|\s)#.*", "", line).strip()
        named = re.fullmatch(r"(?:-r|--requirement)[ =]*(\S+)", stated)
        if named:
            yield from _of_file(file.parent / named[1], (*around, file))
        elif stated:
            yield stated


def _is_fresh(folder: Path) -> bool:
    return folder.exists() and folder.stat().st_mtime > time.time() - _SECONDS


def _settings() -> list[tuple[str, str]]:
    """All that pip's variables and files say; the proxy apart, which is another for every rehearsal."""
    variables = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    stated = [(name[4:].lower().replace("_", "-"), value) for name, value in variables.items()]
    of_users = [str(Path.home() / file) for file in (".pip/pip.conf", ".config/pip/pip.conf")]
    for file in (*_OF_SYSTEM, *of_users, f"{sys.prefix}/pip.conf", variables.get("PIP_CONFIG_FILE", "")):
        parser = configparser.RawConfigParser()
        parser.read(file or [], encoding="utf-8")
        stated += [pair for section in parser.sections() for pair in parser.items(section)]
    places = [word for name, value in stated if name == "find-links" for word in value.split()]
    constraints = [word for name, value in stated if name == "constraint" for word in value.split()]
    absolute = all(word.startswith(("/", "file:", "http")) for word in places) and all(map(os.path.isabs, constraints))
    if not absolute or not {name for name, _ in stated} <= _SETTINGS:
        raise BeyondError
    stated += [("constraint", Path(file).read_text(encoding="utf-8")) for file in constraints]
    return sorted(pair for pair in stated if pair[0] != "proxy")


def _repeat(folder: Path, root: Path, *, shared: bool) -> int:
    """Install from the copy; raises OSError, after which pip can still do its work."""
    about = json.loads((folder / "about.json").read_text())
    files = folder / "files"
    # Files are shared with builds that had them before, and a build may write into its own.
    if _stamps(files, about["stamps"]) != about["stamps"]:
        raise OSError(f"{folder} is not as it was made")
    _share(files, about["stamps"], root, (about["prefix"], sys.prefix))
    if shared:
        _share_compiled(files, root)
    sys.stdout.write(f"{', '.join(about['packages'])}: as some build installed them within the hour\n")
    return 0


def _install(folder: Path, root: Path) -> int:
    """Have pip do it. What it installs is copied, but for what a program of a package had a hand in."""
    import pip  # noqa: PLC0415 - as above

    if tuple(map(int, pip.__version__.split(".")[:2])) < _WITH_REPORTS:
        return _pip()
    before = set(_files(root))
    report = Path(tempfile.mkdtemp(), "report.json")
    sys.argv[2:2] = ["--report", str(report)]
    status = _pip()
    if status == 0:
        installed = json.loads(report.read_text())["install"]
        if installed and all(each["download_info"]["url"].endswith(".whl") for each in installed):
            names = sorted(f"{each['metadata']['name']} {each['metadata']['version']}" for each in installed)
            with suppress(OSError):
                _keep(folder, root, set(_files(root)) - before, names)
    return status


def _keep(folder: Path, root: Path, files: set[Path], packages: list[str]) -> None:
    """Make the copy, in place of those that are no longer good."""
    if sum(path.stat().st_size for path in files) > _LARGEST:
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(dir=folder.parent))
    names = [str(path.relative_to(root)) for path in files]
    _share(root, names, new / "files", ("", ""))
    about = {"prefix": sys.prefix, "packages": packages, "stamps": _stamps(new / "files", names)}
    (new / "about.json").write_text(json.dumps(about))
    for old in (old for old in folder.parent.iterdir() if not _is_fresh(old)):
        shutil.rmtree(old, ignore_errors=True)
    try:
        new.rename(folder)
    except OSError:  # another build was first
        shutil.rmtree(new)


def _files(root: Path) -> Iterator[Path]:
    for place, below, names in os.walk(root):
        below[:] = [name for name in below if name != "__pycache__"]
        yield from (Path(place, name) for name in names)


def _stamps(root: Path, names: Iterable[str]) -> dict[str, list[int]]:
    """When each file was last written to, and its size."""
    states = ((name, (root / name).stat()) for name in names)
    return {name: [state.st_mtime_ns, state.st_size] for name, state in states}


def _share(source: Path, names: Iterable[str], target: Path, prefixes: tuple[str, str]) -> None:
    """Put files where a build has them: links, but for what is rewritten in place, as RECORD is.

    A program's first line names the Python of its build.
    """
    # Records last: without them nothing counts as installed.
    files = sorted(map(Path, names), key=lambda file: file.parent.suffix == ".dist-info")
    old, new = map(os.fsencode, prefixes)
    for folder in {file.parent for file in files}:
        (target / folder).mkdir(parents=True, exist_ok=True)
    for file in files:
        if file.parts[0] == "bin":
            shutil.copy2(source / file, target / file)
            if old:
                content = (source / file).read_bytes()
                (target / file).write_bytes(content.replace(old, new))
        elif file.parent.suffix == ".dist-info":
            shutil.copy2(source / file, target / file)
        else:
            os.link(source / file, target / file)


def _share_compiled(files: Path, root: Path) -> None:
    """Modules are compiled beside the copy, by the first build that imports them, for all of them."""
    folders = {path.parent for path in _files(files) if path.suffix == ".py"}
    with suppress(OSError):
        for folder in folders:
            (folder / "__pycache__").mkdir(exist_ok=True)
            (root / folder.relative_to(files) / "__pycache__").symlink_to(folder / "__pycache__")


if __name__ == "__main__":
    sys.exit(main())
