"""The plan of a destruction: value in, value out."""

from __future__ import annotations

import pytest
from botocore.stub import Stubber

from generator.aws import destruction, retained
from generator.aws.destruction import Choice
from generator.aws.door import refusals
from generator.aws.environments import Place
from generator.aws.inventory import Deployed, Elsewhere, Environment, Inventory
from generator.aws.retained import Kept
from generator.aws.stacks import Held, Stack
from generator.errors import AwsRefusedError
from tests.aws.local import door_to

KEPT = (
    Kept("repository", "time", "Repository"),
    Kept("bucket", "b", "ArtifactBucket"),
    Kept("images", "i", "ImageRepository"),
    Kept("policy", "p", "DeployPolicy1"),
    Kept("role", "r-beta", "BetaDeployRole"),
    Kept("role", "r-prod", "ProdDeployRole"),
    Kept("key", "k", "ArtifactKey"),
)


def stack(name: str, role: str = "", *, protected: bool = False) -> Stack:
    return Stack(name, f"arn/{name}", "CREATE_COMPLETE", protected=protected, role=role)


TESTS = Deployed(stack("time-tests"), "DeployTests", guarded=False)
BETA = Deployed(stack("time-beta", "arn:aws:iam::123456789012:role/r-beta"), "Beta", guarded=False)
PROD = Deployed(stack("time-prod", "arn:aws:iam::123456789012:role/r-prod"), "Prod", guarded=True)
ORPHAN = Deployed(stack("time-old"), "", guarded=True)
WHOLE = Inventory(stack("time-pipeline"), (TESTS, BETA, PROD, ORPHAN), KEPT)


def steps(inventory: Inventory, **choice: object) -> list[str]:
    """The steps of a plan, each in its shortest words."""
    plan = destruction.plan(inventory, "time-pipeline", Choice(**choice))  # type: ignore[arg-type]  # keywords of Choice
    return [str(step).split(" (")[0].split(" with ")[0].split(",")[0] for step in plan.steps]


def test_the_order_is_application_tests_pipeline_and_then_what_outlives_them() -> None:
    assert steps(WHOLE, production=True) == [
        "close the pipeline time-pipeline",
        "delete the stack time-beta",
        "delete the stack time-prod",
        "delete the stack time-old",
        "delete the stack time-tests",
        "delete the stack time-pipeline",
        "delete the role r-beta",
        "delete the role r-prod",
        "delete the policy p",
        "delete the bucket b",
        "delete the repository i",
        "schedule the key k for deletion",
        "delete the repository time",
    ]


def test_of_several_services_goes_first_what_was_deployed_last() -> None:
    deployed = [
        Deployed(stack(f"shop-{service}-{stage}"), stage, guarded=False, order=order)
        for stage in ("Beta", "Gamma")
        for service, order in (("database", 1), ("jobs", 1), ("api", 2), ("site", 3))
    ]
    assert steps(Inventory(None, (TESTS, *deployed), ())) == [
        *(
            f"delete the stack shop-{service}-{stage}"
            for stage in ("Beta", "Gamma")
            for service in ("site", "api", "database", "jobs")
        ),
        "delete the stack time-tests",
    ]


def test_while_production_stays_so_does_all_it_needs() -> None:
    plan = destruction.plan(WHOLE, "time-pipeline", Choice())
    assert [str(step).split(" (")[0] for step in plan.steps[1:]] == [
        "delete the stack time-beta",
        "delete the stack time-tests",
        "delete the stack time-pipeline",
        "delete the role r-beta",
    ]
    assert [left.what for left in plan.left] == [
        "the stack time-prod",
        "the stack time-old",
        "the role r-prod",
        "the policy p",
        "the bucket b",
        "the images i",
        "the key k",
        "the repository time",
    ]


def test_without_production_there_is_nothing_to_keep_for() -> None:
    plan = destruction.plan(Inventory(None, (BETA,), KEPT), "time-pipeline", Choice())
    assert plan.left == ()
    assert len(plan.steps) == 8


def test_production_that_was_deployed_with_no_role_of_ours_needs_none_of_them() -> None:
    other = Deployed(stack("time-prod", "arn:aws:iam::123456789012:role/other"), "Prod", guarded=True)
    plan = destruction.plan(Inventory(None, (other,), KEPT), "x", Choice())
    assert [str(step) for step in plan.steps] == [
        "delete the role r-beta",
        "delete the role r-prod",
        "delete the policy p",
    ]


def test_a_kept_role_keeps_its_policies_and_a_kept_bucket_its_key() -> None:
    plan = destruction.plan(Inventory(None, (), KEPT), "x", Choice(keep=frozenset({"role", "bucket"})))
    assert [left.what for left in plan.left] == [
        "the role r-beta",
        "the role r-prod",
        "the policy p",
        "the bucket b",
        "the key k",
    ]


def test_nothing_there_is_no_plan() -> None:
    assert destruction.plan(Inventory(None, (), ()), "x", Choice(production=True)) == destruction.Plan((), ())


def test_only_stacks_that_would_go_are_asked_for_their_protection() -> None:
    guarded = Deployed(stack("time-prod", protected=True), "Prod", guarded=True)
    inventory = Inventory(None, (guarded,), ())
    assert destruction.plan(inventory, "x", Choice()).protected == ()
    assert destruction.plan(inventory, "x", Choice(production=True)).protected == ("time-prod",)


def test_a_bucket_that_is_not_in_the_account_s_own_list_is_none_of_ours() -> None:
    door = door_to("http://127.0.0.1:9")
    stub = Stubber(door.client("s3"))
    stub.add_response("list_buckets", {"Buckets": [{"Name": "b-other"}]}, {"Prefix": "b"})
    with stub:
        assert [*retained.still_there(door, [Held("ArtifactBucket", "b", "AWS::S3::Bucket")])] == []


def test_a_role_that_is_gone_is_no_longer_there() -> None:
    door = door_to("http://127.0.0.1:9")
    stub = Stubber(door.client("iam"))
    stub.add_client_error("get_role", "NoSuchEntity")
    with stub:
        assert [*retained.still_there(door, [Held("BetaDeployRole", "r", "AWS::IAM::Role")])] == []


def test_what_may_not_be_looked_at_is_not_taken_for_gone() -> None:
    door = door_to("http://127.0.0.1:9")
    stub = Stubber(door.client("iam"))
    stub.add_client_error("get_role", "AccessDenied")
    with stub, pytest.raises(AwsRefusedError), refusals():
        list(retained.still_there(door, [Held("BetaDeployRole", "r", "AWS::IAM::Role")]))


def test_a_managed_policy_goes_with_its_older_versions() -> None:
    door = door_to("http://127.0.0.1:9")
    stub = Stubber(door.client("iam"))
    arn = "arn:aws:iam::123456789012:policy/p"
    versions = [{"VersionId": "v1", "IsDefaultVersion": False}, {"VersionId": "v2", "IsDefaultVersion": True}]
    stub.add_response("list_policy_versions", {"Versions": versions})
    stub.add_response("delete_policy_version", {}, {"PolicyArn": arn, "VersionId": "v1"})
    stub.add_response("delete_policy", {}, {"PolicyArn": arn})
    with stub:
        retained.remove(door, Kept("policy", arn, "DeployPolicy1"))
        stub.assert_no_pending_responses()


def test_a_key_that_is_going_already_is_no_longer_there() -> None:
    door = door_to("http://127.0.0.1:9")
    stub = Stubber(door.client("kms"))
    stub.add_response("describe_key", {"KeyMetadata": {"KeyId": "k", "KeyState": "PendingDeletion"}})
    with stub:
        assert [*retained.still_there(door, [Held("ArtifactKey", "k", "AWS::KMS::Key")])] == []


def test_an_object_that_cannot_be_deleted_is_named() -> None:
    door = door_to("http://127.0.0.1:9")
    stub = Stubber(door.client("s3"))
    stub.add_response("list_object_versions", {"Versions": [{"Key": "code", "VersionId": "1"}]})
    stub.add_response("delete_objects", {"Errors": [{"Key": "code", "Message": "locked"}]})
    with stub, pytest.raises(AwsRefusedError, match="1 objects of b stay, such as code: locked"):
        retained.remove(door, Kept("bucket", "b", "ArtifactBucket"))


def test_what_commands_deployed_is_left_and_mentioned() -> None:
    plan = destruction.plan(Inventory(None, (), (), ("Beta",)), "time-pipeline", Choice())
    assert [str(left) for left in plan.left] == [
        "what the commands of stage Beta deployed: no stack holds it: the same tool takes it down"
    ]


PRODUCTION = Place("production", "444455556666")


def test_stacks_in_accounts_without_a_profile_stay_and_keep_what_their_rollbacks_read() -> None:
    elsewhere = (Elsewhere("time-prod", PRODUCTION),)
    plan = destruction.plan(
        Inventory(stack("time-pipeline"), (), KEPT, elsewhere=elsewhere), "time", Choice(production=True)
    )
    left = {item.what: item.why for item in plan.left}
    assert "--environment production=PROFILE" in left["the stack time-prod in account 444455556666"]
    assert "a rollback of time-prod in account 444455556666" in left["the bucket b"]
    assert "the environment production in account 444455556666, with its roles" in left
    assert {what.split()[1] for what in left} == {"stack", "environment", "bucket", "key", "repository"}


def environment_of(*stacks: Deployed) -> Inventory:
    """A pipeline with an environment in another account."""
    kept = (Kept("policy", "q", "DeployPolicy1"), Kept("role", "time-DeployRole-Prod", "ProdDeployRole"))
    environment = Environment(PRODUCTION, stack("time-environment-production"), kept)
    return Inventory(stack("time-pipeline"), (BETA, *stacks), KEPT, environments=(environment,))


AFAR = Deployed(
    stack("time-prod", "arn:aws:iam::444455556666:role/time-DeployRole-Prod"), "Prod", guarded=True, place=PRODUCTION
)


def test_an_environment_goes_last_with_the_roles_that_it_keeps() -> None:
    plan = destruction.plan(environment_of(AFAR), "time-pipeline", Choice(production=True))
    assert [str(step) for step in plan.steps if step.place == PRODUCTION] == [
        "delete the stack time-prod in account 444455556666 (stage Prod)",
        "delete the stack time-environment-production in account 444455556666 (the environment production)",
        "delete the role time-DeployRole-Prod in account 444455556666",
        "delete the policy q in account 444455556666",
    ]
    assert [step.place for step in plan.steps[-3:]] == [PRODUCTION] * 3
    assert plan.left == ()


def test_an_environment_stays_while_production_is_there_and_needs_it() -> None:
    plan = destruction.plan(environment_of(AFAR), "time-pipeline", Choice())
    assert [step for step in plan.steps if step.place == PRODUCTION] == []
    left = {item.what: item.why for item in plan.left}
    assert "time-prod is changed" in left["the stack time-environment-production in account 444455556666"]
    assert {"the role time-DeployRole-Prod in account 444455556666", "the policy q in account 444455556666"} < {*left}
    # No stack of the pipeline's own account stays, so none of its roles and policies is needed.
    assert not {"the policy p", "the role r-prod"} & {*left}
    assert {"the bucket b", "the key k", "the repository time"} < {*left}


def test_a_repository_of_images_goes_with_all_that_is_in_it_and_one_that_is_gone_is_not_there() -> None:
    door = door_to("http://127.0.0.1:9")
    stub = Stubber(door.client("ecr"))
    held = Held("ImageRepository", "images", "AWS::ECR::Repository")
    stub.add_response("describe_repositories", {"repositories": [{"repositoryName": "images"}]})
    stub.add_response("delete_repository", {}, {"repositoryName": "images", "force": True})
    stub.add_client_error("describe_repositories", "RepositoryNotFoundException")
    with stub:
        [kept] = retained.still_there(door, [held])
        retained.remove(door, kept)
        assert [*retained.still_there(door, [held])] == []
    stub.assert_no_pending_responses()
