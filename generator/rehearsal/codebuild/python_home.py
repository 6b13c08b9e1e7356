"""The throw-away Python of a build: a virtual environment of its own, with pip, made in a tenth of a second."""

from __future__ import annotations

import hashlib
import shlex
import shutil
import subprocess
import sysconfig
import zipfile
from collections.abc import Mapping
from pathlib import Path

from generator.rehearsal.codebuild.cache import make_once
from generator.rehearsal.codebuild.failure import PhaseFailedError
from generator.rehearsal.codebuild.interpreters import Interpreter
from generator.rehearsal.codebuild.python_packages import compile_all, copied_packages

_DEBIAN_WHEELS = Path("/usr/share/python-wheels")  # where Debian keeps what it takes out of ensurepip
# What is only installed for a build is compiled when it is imported, and most of it never is.
_PIP_SETTINGS = "[global]\ndisable-pip-version-check = true\n[install]\ncompile = false\n"
_REPEATED_INSTALL = Path(__file__).with_name("repeated_install.py")
# As pip's own: without the folder that a command runs in.
_PIP_MODULE = """\
import os
import sys

if sys.path[0] in ("", os.getcwd()):
    sys.path.pop(0)
if __name__ == "__main__":
    from pip.repeated_install import main

    sys.exit(main())
"""
_PIP_SCRIPT = '#!/bin/sh\nexec {python} -m pip "$@"\n'


def make_python_home(
    home: Path, interpreter: Interpreter, cache: Path, variables: Mapping[str, str], *also: Path
) -> Path:
    """Make a virtual environment in `home`, which is not there yet; the folder of its programs.

    What is in the folders `also` can be imported in it; what is installed comes before that.

    pip is not installed in it, which would take two seconds, but lent from the cache; `pip install -U pip`
    works all the same. Raises PhaseFailedError when the interpreter can do neither.
    """
    venv = _run([interpreter.program, "-Im", "venv", "--without-pip", str(home)], variables)
    if venv.returncode:
        message = (venv.stderr or venv.stdout).strip()
        raise PhaseFailedError("CLIENT_ERROR", f"{interpreter.program} makes no virtual environment: {message}")
    pip = lent_pip(interpreter, cache)
    # Python reads no such files of a folder that one names: setuptools takes the place of distutils by one.
    further = [file.read_text() for folder in also for file in sorted(folder.glob("*.pth"))]
    lent = "\n".join([*map(str, (pip, *also)), *further, ""])
    (next(home.glob("lib/python*/site-packages")) / "lent.pth").write_text(lent)
    (home / "pip.conf").write_text(_PIP_SETTINGS)
    programs = home / "bin"
    script = _PIP_SCRIPT.format(python=shlex.quote(str(programs / "python")))
    for name in ("pip", "pip3", f"pip{interpreter.minor}"):
        (programs / name).write_text(script)
        (programs / name).chmod(0o755)
    return programs


def lent_pip(interpreter: Interpreter, cache: Path) -> Path:
    """A folder with pip and nothing else, unpacked from the wheel the interpreter brings along."""
    wheel = _pip_wheel(interpreter)
    if wheel is None:
        hint = "install the package python3-venv, or another Python"
        raise PhaseFailedError("CLIENT_ERROR", f"{interpreter.program} brings no pip along: {hint}")

    def unpack(target: Path) -> None:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(target)
        # The images' Python is not in a virtual environment: there `pip install --user` installs.
        with (target / "pip/_internal/utils/virtualenv.py").open("a") as module:
            module.write("\n\ndef virtualenv_no_global() -> bool:\n    return False\n")
        shutil.copy(_REPEATED_INSTALL, target / "pip")
        (target / "pip/__main__.py").write_text(_PIP_MODULE)
        compile_all(target, interpreter)

    ours = hashlib.sha256(_REPEATED_INSTALL.read_bytes()).hexdigest()[:8]
    return make_once(cache / "pip" / f"{wheel.stem}-{ours}-python-{interpreter.version}", unpack)


def packages_of_image(cache: Path, interpreter: Interpreter) -> Path:
    """A folder with the packages that AWS's images bring for every Python, as this program has them.

    https://github.com/aws/aws-codebuild-docker-images/blob/master/al/x86_64/standard/5.0/Dockerfile
    """
    return copied_packages(cache, "codebuild", ("boto3", "PyYAML", "setuptools"), interpreter)


def _pip_wheel(interpreter: Interpreter) -> Path | None:
    """A wheel of pip: there is one for every Python, so ours will do."""
    own = Path(interpreter.program).resolve().parent.parent
    libraries = (*own.glob(f"lib*/python{interpreter.minor}"), Path(sysconfig.get_path("stdlib")))
    folders = (*(library / "ensurepip" / "_bundled" for library in libraries), _DEBIAN_WHEELS)
    return next((wheel for folder in folders for wheel in sorted(folder.glob("pip-*.whl"), reverse=True)), None)


def _run(argv: list[str], variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        argv, env=dict(variables), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
