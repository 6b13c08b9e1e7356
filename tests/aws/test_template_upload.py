"""How a template reaches CloudFormation, and that nothing of it stays behind."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError
from botocore.stub import ANY, Stubber

from generator.aws.template_upload import Upload, handed_over
from generator.aws_rules import limits
from tests.aws.local import Cloud, door_to

LARGE = "x" * (limits.TEMPLATE_INLINE_BYTES + 1)


def test_a_small_template_travels_in_the_request() -> None:
    with handed_over(door_to("http://127.0.0.1:9"), "x" * limits.TEMPLATE_INLINE_BYTES) as where:
        assert where == {"TemplateBody": "x" * limits.TEMPLATE_INLINE_BYTES}


def test_bytes_count_and_not_characters(cloud: Cloud) -> None:
    with handed_over(cloud.door, "\u00e9" * (limits.TEMPLATE_INLINE_BYTES // 2 + 1)) as where:
        assert [*where] == ["TemplateURL"]


def test_a_bucket_of_its_own_is_private_encrypted_and_gone_afterwards(cloud: Cloud) -> None:
    s3 = cloud.client("s3")
    with handed_over(cloud.door, LARGE) as where:
        bucket, key = where["TemplateURL"].removeprefix(f"{cloud.emulator.endpoint}/").split("/", 1)
        assert s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode() == LARGE
        public = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
        rules = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert all(public.values())
    assert rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    assert bucket not in {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}


def test_it_is_gone_even_when_the_launch_is_interrupted(cloud: Cloud) -> None:
    before = cloud.client("s3").list_buckets()["Buckets"]
    with pytest.raises(KeyboardInterrupt), handed_over(cloud.door, LARGE):
        raise KeyboardInterrupt
    assert cloud.client("s3").list_buckets()["Buckets"] == before


def test_a_bucket_that_was_lent_stays_and_only_the_template_s_version_goes() -> None:
    door = door_to("http://127.0.0.1:9")
    stub = Stubber(door.client("s3"))
    stub.add_response("put_object", {"VersionId": "v7"}, {"Bucket": "lent", "Key": ANY, "Body": LARGE.encode()})
    stub.add_response("delete_object", {}, {"Bucket": "lent", "Key": ANY, "VersionId": "v7"})
    with stub, handed_over(door, LARGE, Upload("lent")) as where:
        assert where["TemplateURL"].startswith("http://127.0.0.1:9/lent/Launch/")
    stub.assert_no_pending_responses()


def test_a_bucket_that_somebody_names_is_made_private_and_stays(cloud: Cloud) -> None:
    s3 = cloud.client("s3")
    lines: list[str] = []
    for _ in range(2):
        with handed_over(cloud.door, LARGE, Upload("acme-templates", named=True, tell=lines.append)) as where:
            assert where["TemplateURL"].startswith(f"{cloud.emulator.endpoint}/acme-templates/Launch/")
    assert all(s3.get_public_access_block(Bucket="acme-templates")["PublicAccessBlockConfiguration"].values())
    assert "Contents" not in s3.list_objects_v2(Bucket="acme-templates")
    assert lines == ["the template has 51,201 bytes: CloudFormation reads it from the bucket acme-templates"] * 2


def test_a_bucket_of_others_is_not_made() -> None:
    door = door_to("http://127.0.0.1:9")
    stub = Stubber(door.client("s3"))
    stub.add_client_error("head_bucket", "403", http_status_code=403)
    stub.add_client_error("put_object", "AccessDenied", http_status_code=403)
    with stub, pytest.raises(ClientError, match="AccessDenied"), handed_over(door, LARGE, Upload("theirs", named=True)):
        pass
    stub.assert_no_pending_responses()


def test_outside_the_first_region_a_bucket_is_told_where_to_be() -> None:
    door = door_to("http://127.0.0.1:9", region="eu-west-1")
    s3, sts = Stubber(door.client("s3")), Stubber(door.client("sts"))
    sts.add_response("get_caller_identity", {"Account": "123456789012"})
    place = {"LocationConstraint": "eu-west-1"}
    s3.add_response("create_bucket", {}, {"Bucket": ANY, "CreateBucketConfiguration": place})
    for answer in ("put_public_access_block", "put_bucket_encryption", "put_object", "delete_object", "delete_bucket"):
        s3.add_response(answer, {})
    with s3, sts, handed_over(door, LARGE):
        pass
    s3.assert_no_pending_responses()
