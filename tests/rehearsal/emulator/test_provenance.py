"""The emulator is one package by other people: it is the one that was looked at, and does what is known of it."""

from __future__ import annotations

import os
import shutil
import subprocess
from importlib import metadata
from pathlib import Path

import pytest

from generator.rehearsal.emulator.handle import Emulator
from generator.rehearsal.emulator.provenance import ForeignEmulatorError, refuse_another

LISTENING, BOUND = "0A", "07"


def test_the_installed_one_is_the_pinned_one_and_looked_through_once(tmp_path: Path) -> None:
    refuse_another(tmp_path)
    (note,) = tmp_path.iterdir()
    before = note.stat().st_mtime_ns
    refuse_another(tmp_path)
    assert note.stat().st_mtime_ns == before


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the package, its list of files beside it."""
    installed = metadata.distribution("ministack")
    root = Path(str(installed.locate_file("")))
    for folder in ("ministack", f"ministack-{installed.version}.dist-info"):
        shutil.copytree(root / folder, tmp_path / "site" / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "site"


def distribution(site: Path) -> metadata.Distribution:
    (metadata_folder,) = site.glob("ministack-*.dist-info")
    return metadata.Distribution.at(metadata_folder)


def test_a_file_that_was_changed_is_named(copied: Path, tmp_path: Path) -> None:
    refuse_another(tmp_path, distribution(copied))
    with (copied / "ministack" / "app.py").open("a") as file:
        file.write("\nimport os\n")
    with pytest.raises(ForeignEmulatorError, match=r"ministack/app\.py is not what .*: pip install"):
        refuse_another(tmp_path, distribution(copied))
    (copied / "ministack" / "app.py").unlink()
    with pytest.raises(ForeignEmulatorError, match=r"ministack/app\.py is not what"):
        refuse_another(tmp_path, distribution(copied))


@pytest.mark.parametrize("file", ["RECORD", "METADATA"])
def test_another_package_of_the_same_name_is_refused(file: str, copied: Path, tmp_path: Path) -> None:
    (listed,) = copied.glob(f"*.dist-info/{file}")
    text = listed.read_text()
    rows = text.replace("ministack/app.py,sha256=", "ministack/app.py,sha256=A")
    listed.write_text(rows if file == "RECORD" else text.replace("Version: 1", "Version: 2"))
    with pytest.raises(ForeignEmulatorError, match=r"is not the .* of PyPI: pip install"):
        refuse_another(tmp_path, distribution(copied))


def sockets(processes: set[int], table: str, state: str) -> list[str]:
    """The local addresses of these processes' sockets in a state, as the system's table of them has it."""
    inodes = set()
    for pid in processes:
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            target = str(descriptor.readlink()) if descriptor.is_symlink() else ""
            inodes.add(target.removeprefix("socket:[").removesuffix("]"))
    rows = [line.split() for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]]
    return [row[1] for row in rows if row[3] == state and row[9] in inodes]


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="only Linux lists sockets and processes there")
def test_what_it_starts_and_listens_on_is_known() -> None:
    with Emulator(os.environ) as emulator:
        for service, operation in (("s3", "list_buckets"), ("lambda", "list_functions"), ("sqs", "list_queues")):
            getattr(emulator.client(service), operation)()
        for service in ("iam", "rds", "ecs", "iot", "transfer", "elasticache", "opensearch", "ec2", "dynamodb"):
            refused_or_not(emulator, service)
        emulator.client("codepipeline").list_pipelines()
        processes = emulator.processes()
        programs = sorted(filter(None, (module(pid) for pid in processes)))
        doors = emulator.doors
        ports = {doors.http_port, doors.tls_port, doors.sandbox.proxy_port}
        listening = sockets(processes, "tcp", LISTENING)
        others = [*sockets(processes, "tcp6", LISTENING), *sockets(processes, "udp", BOUND)]
    assert {address.partition(":")[0] for address in listening} == {"0100007F"}, "all of it on 127.0.0.1"
    assert {int(address.partition(":")[2], 16) for address in listening} == ports
    assert others == []
    # The guard and the emulator; cfn-lint starts with the first template that nobody has asked it about before.
    assert programs == ["generator.rehearsal.emulator.process"] * 2


def refused_or_not(emulator: Emulator, service: str) -> None:
    """Ask a service for anything: some start a program or a listener when they are imported."""
    url = f"{emulator.endpoint}/"
    host = f"Host: {service}.us-east-1.amazonaws.com"
    subprocess.run(["curl", "-s", "-m", "20", "-o", os.devnull, "-H", host, url], check=False)


def module(pid: int) -> str:
    """The module that a process of Python's runs; empty for one that has just ended."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    except OSError:
        return ""
    return words[words.index("-m") + 1] if "-m" in words else " ".join(words)
