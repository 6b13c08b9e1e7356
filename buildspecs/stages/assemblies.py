"""Makes a template of the AWS CDK one that needs no bootstrapped account: its assets become packaged code.

Which files a template deploys stands beside it:
https://docs.aws.amazon.com/cdk/v2/guide/assets.html
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import bundles
import uploads

_TEMPLATE, _ASSETS = ".template.json", ".assets.json"
# What only `cdk deploy` needs: whether the account was bootstrapped, and numbers of who uses which construct.
_BOOTSTRAP = "/cdk-bootstrap/"
_METADATA = "AWS::CDK::Metadata"


class Assembly:
    """The files that a synthesised template deploys, by the keys that the template calls them by."""

    def __init__(self, path: Path) -> None:
        """Read the list of a template's assets; a container image among them ends the build."""
        listed = json.loads(path.read_text(encoding="utf-8"))
        if listed.get("dockerImages"):
            sys.exit(f"{path}: container images are not built here: build and push them in a buildspec of your own")
        self._folder = path.parent
        self._buckets: set[str] = set()
        self._sources: dict[str, dict[str, str]] = {}
        self._keys: dict[str, str] = {}
        for file in listed.get("files", {}).values():
            for place in file["destinations"].values():
                self._buckets.add(place["bucketName"])
                self._sources[place["objectKey"]] = file["source"]

    def resolved(self, text: str, own: str = "") -> str:
        """A text with the places of its assets, which are uploaded first: templates within templates, too."""
        for key in sorted(self._sources):
            if key != own and key in text:
                text = text.replace(key, self._uploaded(key))
        for bucket in sorted(self._buckets):
            text = text.replace(bucket, os.environ["BUILD_OUTPUT_BUCKET"])
        return text

    def _uploaded(self, key: str) -> str:
        if key not in self._keys:
            source = self._sources[key]
            if "path" not in source:
                sys.exit(f"{key}: an asset that a command makes is not supported: {' '.join(source)}")
            path = self._folder / source["path"]
            if path.name.endswith(_TEMPLATE):
                path.write_text(self.resolved(path.read_text(encoding="utf-8"), key), encoding="utf-8")
            zips = source.get("packaging") == "zip" or path.suffix == ".zip"
            self._keys[key] = uploads.uploaded(bundles.packed_as_is(str(path)) if zips else str(path))
        return self._keys[key]


def resolve(path: str) -> None:
    """Have a template name packaged code in place of its assets; any other template stays as it is."""
    template = Path(path)
    assets = template.with_name(template.name.removesuffix(_TEMPLATE) + _ASSETS)
    if not template.name.endswith(_TEMPLATE) or not assets.is_file():
        return
    data = json.loads(Assembly(assets).resolved(template.read_text(encoding="utf-8"), _own_key(assets, template)))
    template.write_text(json.dumps(_unbootstrapped(data), indent=1), encoding="utf-8")


def _own_key(assets: Path, template: Path) -> str:
    """The key of the template itself, which is an asset as well."""
    files = json.loads(assets.read_text(encoding="utf-8")).get("files", {})
    own = (file for file in files.values() if file["source"].get("path") == template.name)
    return next((place["objectKey"] for file in own for place in file["destinations"].values()), "")


def _unbootstrapped(data: dict[str, Any]) -> dict[str, Any]:
    parameters = data.get("Parameters", {})
    bootstrap = [name for name, each in parameters.items() if str(each.get("Default", "")).startswith(_BOOTSTRAP)]
    for name in bootstrap:
        del parameters[name]
    rules, resources = data.get("Rules", {}), data.get("Resources", {})
    for section, unwanted in (
        (rules, [name for name, rule in rules.items() if any(word in json.dumps(rule) for word in bootstrap)]),
        (resources, [name for name, each in resources.items() if each.get("Type") == _METADATA]),
    ):
        for name in unwanted:
            del section[name]
    return {name: section for name, section in data.items() if section != {}}
