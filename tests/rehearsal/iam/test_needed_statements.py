"""What rests on each statement, seen by leaving it out of everything that was asked."""

from __future__ import annotations

import gc
from collections.abc import Iterable
from dataclasses import replace

from generator.rehearsal.iam.authority import Authority
from generator.rehearsal.iam.needed_statements import StatementUse
from generator.rehearsal.iam.policy import Policy, read
from generator.rehearsal.iam.question import Question
from tests.rehearsal.iam.fake_directory import ROLE, SESSION, FakeDirectory, allow, deny, document

SEND = Question(SESSION, "sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:orders")
READ = Question(SESSION, "s3:GetObject", "arn:aws:s3:::b/k")
MANAGED = "arn:aws:iam::111122223333:policy/shared"


def uses(directory: FakeDirectory, asked: Iterable[Question], held: Iterable[Policy] = ()) -> tuple[StatementUse, ...]:
    authority = Authority(directory)
    for question in asked:
        authority.ask(question)
    return authority.uses(held or directory.policies_of(SESSION).policies)


def test_a_statement_that_alone_allows_something_is_needed() -> None:
    directory = FakeDirectory({"p": document(allow("sqs:*"), allow("s3:*"))})
    queues, buckets = uses(directory, [READ, SEND, SEND])
    assert (queues.used, queues.needed, queues.first) == (2, 2, SEND)
    assert (buckets.used, buckets.needed, buckets.first) == (1, 1, READ)


def test_a_statement_nothing_asked_for_is_unused() -> None:
    (unused,) = uses(FakeDirectory({"p": document(allow("s3:*"))}), [SEND])
    assert (unused.used, unused.needed, unused.first, unused.besides) == (0, 0, None, ())


def test_a_statement_beside_another_is_used_and_not_needed_and_the_other_is_told() -> None:
    first, second = uses(FakeDirectory({"p": document(allow("sqs:*"), allow("sqs:SendMessage"))}), [SEND])
    assert (first.used, first.needed, first.first) == (1, 0, SEND)
    assert [str(place) for place in first.besides] == ["p/statement 2"]
    assert [str(place) for place in second.besides] == ["p/statement 1"]


def test_a_statement_of_a_limit_is_needed_where_the_limit_allows() -> None:
    directory = FakeDirectory({"p": document(allow("*"))}, boundary=document(allow("sqs:*"), allow("s3:*")))
    queues, buckets = uses(directory, [SEND], directory.policies_of(SESSION).boundary or ())
    assert (queues.needed, buckets.needed) == (1, 0)


def test_a_deny_is_needed_by_what_it_refuses() -> None:
    _, guard = uses(FakeDirectory({"p": document(allow("*"), deny("sqs:*"))}), [SEND, READ])
    assert (guard.used, guard.needed, guard.first) == (1, 1, SEND)


def test_a_managed_policy_counts_once_for_all_who_hold_it() -> None:
    other = ROLE.replace("deploy", "other")
    text = document(allow("sqs:*"))
    held = [read(text, ROLE, MANAGED), read(text, other, MANAGED)]
    (shared,) = uses(FakeDirectory({MANAGED: text}), [SEND], held)
    assert (shared.holders, shared.needed) == ((ROLE, other), 1)


def test_an_inline_policy_of_the_same_name_is_another_one_at_another_role() -> None:
    other = ROLE.replace("deploy", "other")
    text = document(allow("sqs:*"))
    mine, theirs = uses(FakeDirectory({"p": text}), [SEND], [read(text, ROLE, "p"), read(text, other, "p")])
    assert (mine.needed, theirs.needed) == (1, 0)


def test_a_statement_that_lets_a_resource_refuse_is_needed() -> None:
    directory = FakeDirectory({"p": document(allow("*"))}, own_policy=document(deny("sqs:*", Principal="*")))
    own = directory.resource_policy(SEND)
    assert own is not None
    (guard,) = uses(directory, [SEND], own.policies)
    assert guard.needed == 1


def test_an_answer_stands_on_what_was_held_when_it_was_asked() -> None:
    directory = FakeDirectory({"p": document(allow("sqs:*"))})
    held = directory.policies_of(SESSION).policies
    authority = Authority(directory)
    authority.ask(SEND)
    directory.inline = {}
    assert not authority.ask(SEND).allowed
    assert authority.uses(held)[0].needed == 1


def test_the_judge_lets_go_of_old_questions_and_still_counts_them() -> None:
    directory = FakeDirectory({"p": document(allow("sqs:*"), allow("s3:*"))})
    authority = Authority(directory)
    authority.ask(READ)
    for number in range(3000):
        authority.ask(replace(SEND, resource=f"{SEND.resource}-{number}"))
    assert (
        sum(isinstance(each, Question) and each.resource.startswith(f"{SEND.resource}-") for each in gc.get_objects())
        < 2500
    )
    queues, buckets = authority.uses(directory.policies_of(SESSION).policies)
    assert (queues.needed, buckets.needed, buckets.first) == (3000, 1, READ)
