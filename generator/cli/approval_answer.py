"""What `penstock approve` and `penstock reject` share: showing the approval, asking, answering."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from generator.aws.approvals import Question, answer, ask, refuse_long
from generator.aws.door import Door
from generator.aws.names import pipeline_name
from generator.aws.pipeline import as_data
from generator.aws.pipeline_queries import look
from generator.cli.output import ago, confirmed, remark, result
from generator.errors import RefusedError


def answered(door: Door, service: str, stage: str, *, approve: bool, message: str, yes: bool) -> Question:
    """The approval that was answered. Raises RefusedError when there was none to answer, or the person said no."""
    refuse_long(message)
    question = ask(door, look(door, pipeline_name(service)), stage)
    remark(lines(question, door.clock()))
    word = "approve" if approve else "reject"
    if not confirmed(f"{word} it?", yes=yes):
        raise RefusedError("nothing was answered")
    answer(door, question, approved=approve, message=message)
    return question


def lines(question: Question, now: datetime) -> Iterator[str]:
    """What an approver should know: the commit, what it changes, what the tests said, who waits behind it."""
    asked = ago(question.since, now)
    yield f"{question.stage}/{question.action} of {question.pipeline} was asked {asked}:"
    yield f"  commit   {question.execution}"
    for tested in question.tests:
        yield f"  tests    {tested.stage}: {tested.tests}"
    yield from (f"  changes  {line}" for line in question.changes.splitlines())
    if not question.changes:
        yield from (f"  message  {line}" for line in question.message.splitlines())
    if question.link:
        yield f"  link     {question.link}"
    for execution in question.behind:
        yield f"  behind   {execution} waits for this one"


def report_answer(output: str, question: Question, answer_given: str) -> None:
    """Write what was answered."""
    text = f"{question.stage}/{question.action} {answer_given}: {question.execution}"
    result(output, {"answer": answer_given, **as_data(question)}, [text, "  penstock status --watch follows it"])
