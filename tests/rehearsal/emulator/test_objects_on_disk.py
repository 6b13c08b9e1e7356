"""S3's objects lie in the run's folder: whatever their size, memory does not grow with them, and what goes is gone."""

from __future__ import annotations

import hashlib
import http.client
import itertools
import os
import random
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from boto3.s3.transfer import S3Transfer, TransferConfig
from botocore.exceptions import ClientError

from generator.rehearsal.emulator.handle import Emulator
from generator.rehearsal.service import Credentials, connect

MEBIBYTE = 2**20
LARGE = 48 * MEBIBYTE
_numbers = itertools.count(1)
_OWN = re.compile(r"^(?:RssAnon|RssFile|RssShmem):\s+(\d+) kB$", re.MULTILINE)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of 48 MiB that does not compress."""
    file = tmp_path_factory.mktemp("large") / "content"
    numbers = random.Random(1)  # noqa: S311 - only to be hard to compress
    with file.open("wb") as target:
        for _ in range(LARGE // MEBIBYTE):
            target.write(numbers.randbytes(MEBIBYTE))
    return file


@pytest.fixture
def bucket(emulator: Emulator) -> Iterator[str]:
    name = f"on-disk-{next(_numbers)}"
    emulator.client("s3").create_bucket(Bucket=name)
    yield name
    for version in _versions(emulator, name):
        emulator.client("s3").delete_object(Bucket=name, **version)


def _versions(emulator: Emulator, bucket: str) -> list[dict[str, str]]:
    listed = emulator.client("s3").list_object_versions(Bucket=bucket)
    kinds = (*listed.get("Versions", ()), *listed.get("DeleteMarkers", ()))
    return [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in kinds]


def put(emulator: Emulator, bucket: str, file: Path, key: str = "it", **more: Any) -> dict[str, Any]:
    with file.open("rb") as body:
        answer: dict[str, Any] = emulator.client("s3").put_object(Bucket=bucket, Key=key, Body=body, **more)
    return answer


def digest(emulator: Emulator, bucket: str, key: str = "it", **more: Any) -> str:
    body = emulator.client("s3").get_object(Bucket=bucket, Key=key, **more)["Body"]
    hashed = hashlib.sha256()
    for chunk in body.iter_chunks(MEBIBYTE):
        hashed.update(chunk)
    return hashed.hexdigest()


def sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def stored(emulator: Emulator) -> int:
    """Bytes of all files that S3 has in the run's folder."""
    folder = emulator.settings.service_folder("s3")
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def held(emulator: Emulator) -> tuple[int, int]:
    """MiB of memory and open files of the emulator's processes."""
    memory = files = 0
    for pid in emulator.processes():
        process = Path("/proc", str(pid))
        memory += sum(map(int, _OWN.findall((process / "status").read_text())))
        files += len(list((process / "fd").iterdir()))
    return memory // 1024, files


def test_a_large_object_comes_out_as_it_went_in(emulator: Emulator, bucket: str, large: Path) -> None:
    answer = put(emulator, bucket, large)
    md5 = hashlib.md5(large.read_bytes(), usedforsecurity=False).hexdigest()
    assert answer["ETag"] == f'"{md5}"'
    assert digest(emulator, bucket) == sha256(large)
    s3 = emulator.client("s3")
    assert s3.head_object(Bucket=bucket, Key="it")["ContentLength"] == LARGE
    part = s3.get_object(Bucket=bucket, Key="it", Range=f"bytes={LARGE - 4}-")["Body"].read()
    assert part == large.read_bytes()[-4:]


@pytest.mark.parametrize("algorithm", ["CRC32", "SHA1", "SHA256"])
def test_a_checksum_that_does_not_fit_refuses_a_large_object(
    algorithm: str, emulator: Emulator, bucket: str, large: Path
) -> None:
    put(emulator, bucket, large, ChecksumAlgorithm=algorithm)
    wrong = {f"Checksum{algorithm}": "AAAAAA==" if algorithm == "CRC32" else "AAAA"}
    with pytest.raises(ClientError, match="did not match the calculated checksum"):
        put(emulator, bucket, large, **wrong)


def test_of_a_body_that_breaks_off_nothing_is_left(emulator: Emulator, bucket: str) -> None:
    s3 = emulator.client("s3")
    url = urlsplit(s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "short"}))
    connection = http.client.HTTPConnection("127.0.0.1", emulator.doors.http_port, timeout=60)
    connection.putrequest("PUT", f"{url.path}?{url.query}")
    connection.putheader("Content-Length", str(LARGE))
    connection.putheader("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
    connection.endheaders(b"x" * MEBIBYTE)
    requests = emulator.settings.service_folder("s3") / "requests"
    until(lambda: any(requests.iterdir()))
    connection.close()
    until(lambda: not any(requests.iterdir()))
    with pytest.raises(ClientError, match="404"):
        s3.head_object(Bucket=bucket, Key="short")


def until(done: Callable[[], bool]) -> None:
    limit = time.monotonic() + 60
    while not done():
        assert time.monotonic() < limit, "it did not come"
        time.sleep(0.01)


def test_every_version_keeps_its_content_and_goes_with_it(emulator: Emulator, bucket: str, large: Path) -> None:
    s3 = emulator.client("s3")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    before = stored(emulator)
    contents = [b"first", b"second", b"third"]
    small = [s3.put_object(Bucket=bucket, Key="small", Body=content)["VersionId"] for content in contents]
    versions = [put(emulator, bucket, large)["VersionId"] for _ in range(2)]
    s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "it"})
    for version, content in zip(small, contents, strict=True):
        assert s3.get_object(Bucket=bucket, Key="small", VersionId=version)["Body"].read() == content
    assert [digest(emulator, bucket, VersionId=version) for version in versions] == [sha256(large)] * 2
    assert digest(emulator, bucket, "copy") == sha256(large)
    s3.delete_object(Bucket=bucket, Key="it", VersionId=versions[1])
    assert digest(emulator, bucket) == sha256(large)
    for version in _versions(emulator, bucket):
        s3.delete_object(Bucket=bucket, **version)
    assert stored(emulator) - before < MEBIBYTE


def test_a_session_of_a_role_may_send_a_large_object(emulator: Emulator, bucket: str, large: Path) -> None:
    keys = emulator.client("sts").get_session_token()["Credentials"]
    credentials = Credentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
    s3 = connect("s3", emulator.endpoint, credentials, "us-east-1")
    with large.open("rb") as body:
        s3.put_object(Bucket=bucket, Key="it", Body=body)
    assert digest(emulator, bucket) == sha256(large)


@pytest.mark.skipif(sys.platform != "linux", reason="memory and open files are read where only Linux tells them")
def test_neither_memory_nor_open_files_grow_with_what_is_stored(tmp_path: Path, large: Path) -> None:
    with Emulator({**os.environ, "TMPDIR": str(tmp_path)}) as emulator:
        s3 = emulator.client("s3")
        s3.create_bucket(Bucket="many")
        s3.put_bucket_versioning(Bucket="many", VersioningConfiguration={"Status": "Enabled"})
        put(emulator, "many", large)
        digest(emulator, "many")
        memory, files = held(emulator)
        for number in range(8):
            put(emulator, "many", large, f"large-{number % 2}")
            digest(emulator, "many", f"large-{number % 2}")
            s3.put_object(Bucket="many", Key=f"middle-{number}", Body=b"x" * (12 * MEBIBYTE))
        assert stored(emulator) > 8 * LARGE
        grown, opened = held(emulator)
    assert grown - memory < 2 * LARGE // MEBIBYTE
    assert opened - files < 10


def in_parts(emulator: Emulator, bucket: str, file: Path, key: str = "it") -> None:
    """Send a file in parts of 8 MiB, as boto3 and the aws command do with every large file."""
    S3Transfer(emulator.client("s3"), TransferConfig(max_concurrency=2)).upload_file(str(file), bucket, key)  # type: ignore[arg-type]  # the stubs ask for another Config


def begun(emulator: Emulator, bucket: str) -> dict[str, str]:
    """A new upload in parts, as the calls for it name it."""
    identity = emulator.client("s3").create_multipart_upload(Bucket=bucket, Key="it")["UploadId"]
    return {"Bucket": bucket, "Key": "it", "UploadId": identity}


def test_an_upload_in_parts_comes_out_as_it_went_in(emulator: Emulator, bucket: str, large: Path) -> None:
    in_parts(emulator, bucket, large)
    content = large.read_bytes()
    parts = [content[at : at + 8 * MEBIBYTE] for at in range(0, LARGE, 8 * MEBIBYTE)]
    digests = b"".join(hashlib.md5(part, usedforsecurity=False).digest() for part in parts)
    head = emulator.client("s3").head_object(Bucket=bucket, Key="it")
    assert head["ETag"] == f'"{hashlib.md5(digests, usedforsecurity=False).hexdigest()}-{len(parts)}"'
    assert head["ContentLength"] == LARGE
    assert digest(emulator, bucket) == sha256(large)


def test_small_parts_copied_ones_and_those_sent_again_are_joined_in_order(emulator: Emulator, bucket: str) -> None:
    s3 = emulator.client("s3")
    s3.put_object(Bucket=bucket, Key="before", Body=b"0123456789")
    upload = begun(emulator, bucket)
    s3.upload_part(**upload, PartNumber=2, Body=b"never")
    etags = {2: s3.upload_part(**upload, PartNumber=2, Body=b" and more")["ETag"]}
    source = {"Bucket": bucket, "Key": "before"}
    copied = s3.upload_part_copy(**upload, PartNumber=1, CopySource=source, CopySourceRange="bytes=2-4")
    etags[1] = copied["CopyPartResult"]["ETag"]
    listed = [{"PartNumber": number, "ETag": etags[number]} for number in (1, 2)]
    s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": listed})
    assert s3.get_object(Bucket=bucket, Key="it")["Body"].read() == b"234 and more"


def test_of_an_upload_that_is_given_up_nothing_is_left(emulator: Emulator, bucket: str) -> None:
    s3 = emulator.client("s3")
    upload = begun(emulator, bucket)
    s3.upload_part(**upload, PartNumber=1, Body=b"x" * MEBIBYTE)
    parts = emulator.settings.service_folder("s3") / "parts"
    assert any(parts.iterdir())
    s3.abort_multipart_upload(**upload)
    until(lambda: not any(parts.iterdir()))


@pytest.mark.skipif(sys.platform != "linux", reason="memory and open files are read where only Linux tells them")
def test_neither_memory_nor_open_files_grow_with_an_upload_in_parts(tmp_path: Path, large: Path) -> None:
    with Emulator({**os.environ, "TMPDIR": str(tmp_path)}) as emulator:
        s3 = emulator.client("s3")
        s3.create_bucket(Bucket="parts")
        put(emulator, "parts", large)
        before, files = highest(emulator), held(emulator)[1]
        for number in range(3):
            in_parts(emulator, "parts", large, f"large-{number}")
        assert stored(emulator) > 3 * LARGE
        assert highest(emulator) - before < 2 * LARGE // MEBIBYTE
        assert held(emulator)[1] - files < 10


def highest(emulator: Emulator) -> int:
    """MiB that the emulator's processes held at most, since they were started."""
    peaks = (re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text()) for pid in emulator.processes())
    return sum(int(peak[1]) for peak in peaks if peak) // 1024
