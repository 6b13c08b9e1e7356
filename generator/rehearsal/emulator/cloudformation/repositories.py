"""AWS::CodeCommit::Repository.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-codecommit-repository.html
"""

from __future__ import annotations

from typing import Any

from generator.rehearsal.emulator.cloudformation.properties import tag_map, text
from generator.rehearsal.emulator.cloudformation.resource import Asked, Properties, ResourceError, ReturnValues

_CARRIED_OUT = frozenset({"RepositoryName", "RepositoryDescription", "KmsKeyId", "Tags"})


class Repositories:
    """Ref is the repository's id; Arn, CloneUrlHttp, CloneUrlSsh and Name are its attributes."""

    name = "AWS::CodeCommit::Repository"

    def __init__(self, ask: Asked) -> None:
        self._ask = ask

    def create(self, _logical_id: str, properties: Properties, _stack: str) -> ReturnValues:
        """CreateRepository."""
        _refuse_others(properties)
        request = {
            "repositoryName": properties["RepositoryName"],
            "repositoryDescription": properties.get("RepositoryDescription"),
            "kmsKeyId": properties.get("KmsKeyId"),
            "tags": tag_map(properties),
        }
        answer = self._ask("CreateRepository", **{name: value for name, value in request.items() if value})
        return _return_values(answer["repositoryMetadata"])

    def update(self, _physical_id: str, old: Properties, new: Properties, _stack: str) -> ReturnValues:
        """A new name and description are taken over; the repository stays the same."""
        _refuse_others(new)
        name = new["RepositoryName"]
        if name != old["RepositoryName"]:
            self._ask("UpdateRepositoryName", oldName=old["RepositoryName"], newName=name)
        described = text(new.get("RepositoryDescription") or "")
        self._ask("UpdateRepositoryDescription", repositoryName=name, repositoryDescription=described)
        return _return_values(self._ask("GetRepository", repositoryName=name)["repositoryMetadata"])

    def delete(self, _physical_id: str, properties: Properties) -> None:
        """DeleteRepository, which is no error when there is none."""
        self._ask("DeleteRepository", repositoryName=properties["RepositoryName"])


def _refuse_others(properties: Properties) -> None:
    """Code and Triggers would silently not happen."""
    others = sorted(set(properties) - _CARRIED_OUT)
    if others:
        raise ResourceError(f"the rehearsal does not support the property {others[0]} of a CodeCommit repository")


def _return_values(metadata: dict[str, Any]) -> ReturnValues:
    return metadata["repositoryId"], {
        "Arn": metadata["Arn"],
        "CloneUrlHttp": metadata["cloneUrlHttp"],
        "CloneUrlSsh": metadata["cloneUrlSsh"],
        "Name": metadata["repositoryName"],
        "RepositoryId": metadata["repositoryId"],
        "KmsKeyId": metadata.get("kmsKeyId", ""),
    }
