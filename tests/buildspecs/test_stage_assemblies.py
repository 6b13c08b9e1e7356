"""Assets of the AWS CDK become packaged code: the same bytes are the same key, whatever the CDK called them."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import assemblies
import bundles
import pytest

BUCKET = "cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}"


def asset(path: str, packaging: str, key: str) -> dict[str, Any]:
    source = {"path": path, "packaging": packaging}
    return {"source": source, "destinations": {"d": {"bucketName": BUCKET, "objectKey": key}}}


def assembly(folder: Path, **more: Any) -> str:
    (folder / "asset.1").mkdir()
    (folder / "asset.1" / "hello.py").write_text("")
    code = {"Code": {"S3Bucket": {"Fn::Sub": BUCKET}, "S3Key": "1.zip"}}
    inner = {"Resources": {"Other": {"Type": "AWS::Lambda::Function", "Properties": code}}}
    (folder / "Inner.nested.template.json").write_text(json.dumps(inner))
    address = {"Fn::Join": ["", ["https://s3.x/", {"Fn::Sub": BUCKET}, "/2.json"]]}
    resources = {
        "Hello": {"Type": "AWS::Lambda::Function", "Properties": code},
        "Inner": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": address}},
    }
    template = folder / "Shop.template.json"
    template.write_text(json.dumps({"Resources": resources}))
    files = {
        "1": asset("asset.1", "zip", "1.zip"),
        "2": asset("Inner.nested.template.json", "file", "2.json"),
        "3": asset("Shop.template.json", "file", "3.json"),
    }
    (folder / "Shop.assets.json").write_text(json.dumps({"files": files, **more}))
    return str(template)


def test_a_template_within_is_uploaded_after_its_own_assets(bucket: Path, tmp_path: Path) -> None:
    folder = tmp_path / "cdk.out"
    folder.mkdir()
    path = assembly(folder)
    assemblies.resolve(path)
    resources = json.loads(Path(path).read_text())["Resources"]
    code = resources["Hello"]["Properties"]["Code"]
    inner_key = resources["Inner"]["Properties"]["TemplateURL"]["Fn::Join"][1][2].removeprefix("/")
    inner = json.loads((bucket / inner_key.rpartition("/")[2]).read_text())
    assert inner["Resources"]["Other"]["Properties"]["Code"] == code
    with zipfile.ZipFile(bucket / code["S3Key"].rpartition("/")[2]) as archive:
        assert archive.namelist() == ["hello.py"]


def test_images_of_containers_end_the_build_in_words(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="container images are not built here"):
        assemblies.resolve(assembly(tmp_path, dockerImages={"4": {}}))


def test_any_other_template_stays_as_it_is(tmp_path: Path) -> None:
    template = tmp_path / "beta.yaml"
    template.write_text("Resources: {}\n")
    assemblies.resolve(str(template))
    assert template.read_text() == "Resources: {}\n"


def test_a_zip_whose_times_differ_is_packed_to_the_same_bytes(tmp_path: Path) -> None:
    packed = []
    for name, year in (("a.zip", 2001), ("b.zip", 2020)):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr(zipfile.ZipInfo("hello.py", (year, 1, 1, 0, 0, 0)), "x = 1\n")
            archive.writestr(zipfile.ZipInfo("hello.pyc", (year, 1, 1, 0, 0, 0)), str(year))
        packed.append(Path(bundles.packed_as_is(str(tmp_path / name))).read_bytes())
    assert packed[0] == packed[1]
