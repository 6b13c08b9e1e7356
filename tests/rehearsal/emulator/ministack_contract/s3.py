"""What the adapters use of ministack's S3; see `contract`."""

from __future__ import annotations

from collections.abc import Mapping

EXPECTED: Mapping[str, str] = {
    "ministack.services.s3._atomic_write": "(fpath: str, data: bytes, *, text: bool = False)",
    "ministack.services.s3._bucket_default_sse_headers": "(bucket_name: str) -> dict",
    "ministack.services.s3._bucket_encryption": "AccountScopedDict",
    "ministack.services.s3._bucket_has_versions": "(name: str) -> bool",
    "ministack.services.s3._bucket_owner_account": "(name: str) -> str | None",
    "ministack.services.s3._buckets": "AccountScopedDict",
    "ministack.services.s3._complete_multipart_upload": (
        "(bucket_name: str, key: str, body: bytes, query_params: dict, headers: dict | None = None)"
    ),
    "ministack.services.s3._compute_s3_checksum": "(algorithm: str, body: bytes) -> str | None",
    "ministack.services.s3._foreign_bucket_allows": (
        "(owner_account: str, bucket_name: str, key: str, method: str, query_params: dict, caller: str, "
        "headers: dict | None = None) -> bool"
    ),
    "ministack.services.s3._get_object_data": (
        "(bucket_name: str, key: str, version_id: str | None = None) -> bytes | None"
    ),
    "ministack.services.s3._multipart_uploads": "AccountScopedDict",
    "ministack.services.s3._object_disk_path": "(bucket: str, key: str, account_id: str = None) -> str | None",
    "ministack.services.s3._policy_is_public": "(policy_text: str) -> bool",
    "ministack.services.s3._public_access_blocked": "(owner_account: str, bucket_name: str, setting: str) -> bool",
    "ministack.services.s3._put_bucket_encryption": "(name: str, body: bytes)",
    "ministack.services.s3._qp": "(params: dict, key: str, default: str = '') -> str",
    "ministack.services.s3._read_body": "(bucket_name: str, key: str, obj: dict) -> bytes",
    "ministack.services.s3._upload_part": (
        "(bucket_name: str, key: str, body: bytes, query_params: dict, headers: dict)"
    ),
    "ministack.services.s3._upload_part_copy": "(bucket_name: str, dest_key: str, query_params: dict, headers: dict)",
    "ministack.services.s3._version_body": "(bucket: dict, bucket_name: str, key: str, v: dict) -> bytes | None",
    "ministack.services.s3._version_disk_path": (
        "(bucket: str, key: str, version_id: str, account_id: str = None) -> str | None"
    ),
    "ministack.services.s3._version_entry_from_record": "(obj: dict, version_id: str, data) -> dict",
    "ministack.services.s3.bucket_region": "(name: str) -> str | None",
    "ministack.services.s3.md5_hash": "(data: bytes) -> str",
}

REPLACED: tuple[str, ...] = (
    "ministack.services.s3._atomic_write",
    "ministack.services.s3._complete_multipart_upload",
    "ministack.services.s3._compute_s3_checksum",
    "ministack.services.s3._foreign_bucket_allows",
    "ministack.services.s3._get_object_data",
    "ministack.services.s3._read_body",
    "ministack.services.s3._upload_part",
    "ministack.services.s3._upload_part_copy",
    "ministack.services.s3._version_body",
    "ministack.services.s3._version_entry_from_record",
    "ministack.services.s3.bucket_region",
    "ministack.services.s3.md5_hash",
)
