"""Packs the code of each function and layer with its packages: the same files make the same bytes."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import packages
import templates

# No zip has an earlier day; times and who was first would make the same function another one.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_LEFT_OUT = {".aws-sam", ".git", ".mypy_cache", ".nyc_output", ".pytest_cache", ".ruff_cache", "__pycache__"}
# What `sam build` does for these is done here, for Python without the exact version on the machine.
_INSTALLED = ("nodejs", "python")
# Of a version below 1, another minor one may break what the last one did.
_ESBUILD = "0.28"
_RECORD_OF_PROGRAM = re.compile(r"(\.\./)*bin/.*\n?")


def main() -> None:
    """Pack all code of the build's templates, then have them name what was packed."""
    sources = templates.of_the_build()
    built = {template.path: _built_by_sam(template) for template in sources}
    bundles: dict[tuple[object, ...], str] = {}
    folder = tempfile.mkdtemp()
    for template in sources:
        for code in template.codes():
            if os.path.isfile(code.path) and zipfile.is_zipfile(code.path):
                continue
            place = built[template.path].get(code.logical_id, "")
            key = (place,) if place else (code.path, code.runtime, code.is_layer and code.method)
            if key not in bundles:
                bundles[key] = os.path.join(folder, f"{len(bundles)}.zip")
                pack(_of_sam(place) if place else _contents(code), bundles[key])
            template.place(code.logical_id, bundles[key])
    for template in sources:
        template.write()


def packed_as_is(path: str) -> str:
    """A zip of a folder, a file or a zip as it is, in which the same files make the same bytes: where it lies."""
    target = os.path.join(tempfile.mkdtemp(), "packed.zip")
    if os.path.isfile(path) and zipfile.is_zipfile(path):
        unpacked = tempfile.mkdtemp()
        _unpack(path, unpacked)
        path = unpacked
    pack(sorted(_files(path, "", set())) if os.path.isdir(path) else [(os.path.basename(path), path)], target)
    return target


def _unpack(path: str, folder: str) -> None:
    """Unpack a zip with what may be executed; a link becomes what it leads to."""
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            extracted = archive.extract(entry, folder)
            mode = entry.external_attr >> 16
            if stat.S_ISLNK(mode):
                leads_to = archive.read(entry).decode()
                os.unlink(extracted)
                os.symlink(leads_to, extracted)
            elif mode & 0o100 and not entry.is_dir():
                os.chmod(extracted, 0o755)  # noqa: S103 - what a zip says of its programs


def _contents(code: templates.Code) -> list[tuple[str, str]]:
    """The files of a function or layer, installed packages among them: what they are called, where they lie."""
    if os.path.isfile(code.path):
        return [(os.path.basename(code.path), code.path)]
    inside = _folder_of_layer(code)
    # A layer that SAM builds has all its files where its runtime looks, another one its packages alone.
    prefix = inside if code.method else ""
    installed = tempfile.mkdtemp()
    if not code.runtime.startswith("nodejs"):
        packages.python_for_code(code.path, installed, code.runtime)
        _without_programs(Path(installed))
    if not code.runtime.startswith("python"):
        at = code.path if not code.is_layer or code.method else f"{code.path}/nodejs"
        packages.node_for(at, for_function=True)
    left_out = {"node_modules"} if code.runtime.startswith("python") else set()
    own = _files(code.path, prefix, left_out)
    return sorted({**dict(own), **dict(_files(installed, inside, set()))}.items())


def _folder_of_layer(code: templates.Code) -> str:
    if not code.is_layer:
        return ""
    return "nodejs/" if f"{code.method}{code.runtime}".startswith("nodejs") else "python/"


def _of_sam(folder: str) -> list[tuple[str, str]]:
    return sorted(_files(folder, "", set()))


def files(folder: str) -> list[tuple[str, str]]:
    """The files of a folder, but for what tools leave there: what they are called, where they lie."""
    return sorted(_files(folder, "", set()))


def _files(folder: str, prefix: str, left_out: set[str]) -> Iterator[tuple[str, str]]:
    top = left_out | ({"reports"} if os.path.realpath(folder) == os.path.realpath(".") else set())
    for place, below, names in os.walk(folder, followlinks=True):
        unwanted = _LEFT_OUT | (top if place == folder else set())
        below[:] = [name for name in below if name not in unwanted and not _leads_back(place, name)]
        for name in names:
            path = os.path.join(place, name)
            if not name.endswith((".pyc", ".pyo")) and os.path.exists(path):
                yield prefix + os.path.relpath(path, folder), path


def _leads_back(place: str, name: str) -> bool:
    """Whether a folder is a link to one that holds it, as the links of npm's workspaces are: there is no end to it."""
    path = os.path.join(place, name)
    return os.path.islink(path) and f"{os.path.realpath(place)}/".startswith(f"{os.path.realpath(path)}/")


def _without_programs(folder: Path) -> None:
    """Remove what pip installs to be called in a shell: it holds where the build's Python lies, and nobody calls it."""
    shutil.rmtree(folder / "bin", ignore_errors=True)
    for record in folder.glob("*.dist-info/RECORD"):
        lines = record.read_text().splitlines(keepends=True)
        record.write_text("".join(line for line in lines if not _RECORD_OF_PROGRAM.fullmatch(line)))


def pack(files: list[tuple[str, str]], target: str) -> None:
    """Write files into a zip, without times and owners, executable or not."""
    with zipfile.ZipFile(target, "w") as archive:
        for name, path in files:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = (0o755 if os.access(path, os.X_OK) else 0o644) << 16
            with open(path, "rb") as source, archive.open(entry, "w") as inside:
                shutil.copyfileobj(source, inside)


def _built_by_sam(template: templates.Template) -> dict[str, str]:
    """Where `sam build` put the functions and layers that ask for a build of their own."""
    ids = [code.logical_id for code in template.codes() if code.method and not code.method.startswith(_INSTALLED)]
    if not ids:
        return {}
    # Beside the template, for paths count from there; of these resources alone, so that nothing else is built.
    reduced = Path(template.path).with_name(".sam-build.json")
    reduced.write_text(json.dumps(template.reduced(ids)))
    target = tempfile.mkdtemp()
    os.environ["PATH"] = os.pathsep.join([*packages.programs(), *_esbuild(template)])
    os.environ["SAM_CLI_TELEMETRY"] = "0"
    packages.must(f"sam build --template-file {reduced.name} --build-dir {target}", str(reduced.parent))
    reduced.unlink()
    shutil.rmtree(reduced.parent / ".aws-sam", ignore_errors=True)
    # What is built the same way is built once.
    return {code.logical_id: code.path for code in templates.Template(f"{target}/template.yaml").codes()}


def _esbuild(template: templates.Template) -> list[str]:
    """Where esbuild lies for functions whose own packages do not bring it, as SAM wants it on the machine."""
    versions = [_version_of_esbuild(code.path) for code in template.codes() if code.method == "esbuild"]
    if shutil.which("esbuild") or not any(versions):
        return []
    folder, version = tempfile.mkdtemp(), next(filter(None, versions))
    packages.must(f"npm install --no-audit --no-fund --prefix {folder} {shlex.quote(f'esbuild@{version}')}", ".")
    return [f"{folder}/node_modules/.bin"]


def _version_of_esbuild(folder: str) -> str:
    """The version to install for a function; empty where its dependencies bring it, which alone SAM installs."""
    listed = packages.present(folder, "package.json")
    asked = json.loads(Path(folder, *listed).read_text(encoding="utf-8-sig")) if listed else {}
    for_development: dict[str, str] = asked.get("devDependencies", {})
    return "" if "esbuild" in asked.get("dependencies", {}) else for_development.get("esbuild", _ESBUILD)


if __name__ == "__main__":
    main()
