"""The decision itself: an explicit Deny first, then who must allow.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from generator.rehearsal.iam.conditions import are_met, is_met
from generator.rehearsal.iam.inputs import Inputs
from generator.rehearsal.iam.pattern import Scene, expand, matches_resource
from generator.rehearsal.iam.policies import Policies, PrincipalPolicies
from generator.rehearsal.iam.policy import ALLOW, DENY, Statement
from generator.rehearsal.iam.principals import Naming, excepts, naming
from generator.rehearsal.iam.question import (
    BOUNDARY,
    IDENTITY,
    RESOURCE,
    SESSION,
    Answer,
    Place,
    Question,
)

_NO_PASSING = "Cross-account pass role is not allowed."
_Layers = tuple[tuple[str, Policies], ...]


def decide(question: Question, inputs: Inputs) -> Answer:
    """The answer to a question; a yes that hangs on what cannot be judged is marked as undecided."""
    strict = _Case(question, inputs).answer()
    if strict.allowed or not strict.unknown:
        return strict
    lenient = _Case(question, inputs, lenient=True).answer()
    return replace(lenient, undecided=True) if lenient.allowed else strict


class _Case:
    """One question under judgement; what cannot be judged counts as it allows least, `lenient` as it allows most."""

    def __init__(self, question: Question, inputs: Inputs, *, lenient: bool = False) -> None:
        self._lenient = lenient
        self._question = question
        self._principal = inputs.principal
        self._resource = inputs.resource
        context = {key.lower(): value for key, value in inputs.context.items()}
        self._scene = Scene(context, question.action)

    def answer(self) -> Answer:
        """Deny, then the resource's own policy, then the principal's within its limits."""
        return self._passed_abroad() or self._denied() or self._by_resource() or self._by_identity()

    def _passed_abroad(self) -> Answer | None:
        """https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_roles.html#troubleshoot_roles_cant-pass-role."""
        if self._question.action != "iam:PassRole" or not self._is_abroad():
            return None
        return replace(self._refused(RESOURCE, "", ()), why=_NO_PASSING)

    def _denied(self) -> Answer | None:
        own = self._resource.policies if self._resource else ()
        for kind, policies in (*_layers(self._principal), (RESOURCE, own)):
            statements = self._matching(policies, DENY)
            if statements:
                return self._refused(kind, f"with an explicit deny in a{_n(kind)} {kind}", statements)
        return None

    def _by_resource(self) -> Answer | None:
        """An Allow of the resource's own policy, where that is enough."""
        statements = self._named()
        if not statements or not self._is_at_home():
            return None
        closest = max(statements.values())
        places = [place for place, name in statements.items() if name == closest]
        if closest == Naming.ITSELF:
            return self._allowed(places)
        if closest == Naming.ROLE and self._limit() is None:
            return self._allowed(places)
        return None

    def _by_identity(self) -> Answer:
        question, principal = self._question, self._principal
        if principal.names.is_service:
            return self._unmentioned(RESOURCE)
        if self._resource and (self._resource.required or self._is_abroad()) and not self._named():
            return self._unmentioned(RESOURCE)
        if principal.everything:
            return self._allowed([], f"the root of the account may do everything: {question.action}")
        statements = self._matching(principal.policies, ALLOW)
        if not statements:
            return self._unmentioned(IDENTITY)
        limit = self._limit()
        return self._unmentioned(limit) if limit else self._allowed(statements)

    def _is_at_home(self) -> bool:
        account = self._principal.names.account
        return self._resource is not None and (not account or account == self._resource.owner)

    def _is_abroad(self) -> bool:
        """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html."""
        return self._resource is not None and not self._is_at_home()

    def _limit(self) -> str | None:
        """The kind of the first limit that does not allow it."""
        for kind, policies in _layers(self._principal)[1:]:
            if not self._matching(policies, ALLOW):
                return kind
        return None

    def _named(self) -> dict[Place, Naming]:
        """The statements of the resource's own policy that allow, and how closely each names the principal."""
        own = self._resource.policies if self._resource else ()
        names = self._principal.names
        return {statement.place: naming(statement.principal or {}, names) for statement in self._statements(own, ALLOW)}

    def _matching(self, policies: Policies, effect: str) -> list[Place]:
        return [statement.place for statement in self._statements(policies, effect)]

    def _statements(self, policies: Policies, effect: str) -> Iterator[Statement]:
        for statement in self._about(policies, effect):
            if self._counts(are_met(statement.conditions, self._scene), effect):
                yield statement

    def _counts(self, judged: bool | None, effect: str) -> bool:
        return (effect == ALLOW) == self._lenient if judged is None else judged

    def _about(self, policies: Policies, effect: str) -> Iterator[Statement]:
        """Those that match action, resource and principal, whatever their conditions say."""
        for policy in policies:
            for statement in policy.about(self._question.action):
                if statement.effect != effect or not self._names_principal(statement):
                    continue
                if self._counts(self._names_resource(statement), effect):
                    yield statement

    def _names_resource(self, statement: Statement) -> bool | None:
        if statement.resources is not None:
            return self._any_resource(statement.resources, statement)
        if statement.not_resources is not None:
            named = self._any_resource(statement.not_resources, statement)
            return None if named is None else not named
        # Trust policies of roles have no Resource: they are about the role they belong to.
        return statement.principal is not None

    def _any_resource(self, texts: Iterable[str], statement: Statement) -> bool | None:
        unjudged = len(self._scene.unknown)
        for text in texts:
            pieces = expand(text, self._scene) if statement.variables else ((False, text),)
            if pieces is not None and matches_resource(pieces, self._question.resource):
                return True
        return None if len(self._scene.unknown) > unjudged else False

    def _names_principal(self, statement: Statement) -> bool:
        names = self._principal.names
        if statement.not_principal is not None:
            return not excepts(statement.not_principal, names)
        return statement.principal is None or naming(statement.principal, names) != Naming.NOT

    def _unmentioned(self, kind: str) -> Answer:
        """No Allow where one was needed."""
        refused = self._refused(kind, f"because no {kind} allows the {self._question.action} action", ())
        return replace(refused, nearly=tuple(self._nearly(kind)))

    def _nearly(self, kind: str) -> Iterator[str]:
        layers = dict(_layers(self._principal)) | {RESOURCE: self._resource.policies if self._resource else ()}
        for statement in self._about(layers[kind], ALLOW):
            failed = [condition for condition in statement.conditions if is_met(condition, self._scene) is False]
            for condition in failed[:1]:
                carried = self._scene.values(condition.key)
                difference = "does not carry that key" if carried is None else f"carries {', '.join(carried)}"
                yield f"{statement.place} asks for {condition}, and the request {difference}"

    def _refused(self, kind: str, words: str, places: Iterable[Place]) -> Answer:
        question = self._question
        who = f"User: {question.principal} is not authorized to perform: {question.action}"
        why = f"{who} on resource: {question.resource} {words}"
        return Answer(allowed=False, decided_by=tuple(places), why=why, policy_type=kind, unknown=self._unknown())

    def _allowed(self, places: Iterable[Place], words: str = "") -> Answer:
        decisive = tuple(places)
        why = words or f"allowed by {', '.join(map(str, decisive))}"
        return Answer(allowed=True, decided_by=decisive, why=why, unknown=self._unknown())

    def _unknown(self) -> tuple[str, ...]:
        return tuple(sorted(self._scene.unknown | self._scene.valueless))


def _layers(principal: PrincipalPolicies) -> _Layers:
    limits = ((BOUNDARY, principal.boundary), (SESSION, principal.session))
    return (IDENTITY, principal.policies), *((kind, policies) for kind, policies in limits if policies is not None)


def _n(word: str) -> str:
    return "n" if word[0] in "aeiou" else ""
