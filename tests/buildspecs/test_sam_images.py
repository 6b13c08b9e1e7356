"""Container images of functions: made once, named by digest, as far as no container engine is needed."""

from __future__ import annotations

from pathlib import Path

import images
import pytest
import templates

REPOSITORY = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop-images"
DIGEST = "sha256:" + "0" * 64
TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {PackageType: Image}}
Resources:
  First:
    Type: AWS::Serverless::Function
    Metadata: {DockerContext: hello, Dockerfile: Dockerfile, DockerBuildArgs: {LEVEL: 3}, DockerBuildTarget: last}
    Properties: {MemorySize: 512}
  Second:
    Type: AWS::Lambda::Function
    Metadata: {DockerContext: hello, Dockerfile: Dockerfile, DockerBuildArgs: {LEVEL: 3}, DockerBuildTarget: last}
    Properties: {PackageType: Image, Code: {ImageUri: hello}}
  There:
    Type: AWS::Serverless::Function
    Properties: {ImageUri: !Ref Image}
"""
# The registry has an image once its tag was pushed.
AWS = """\
#!/bin/sh
echo "aws $*" >> "$CALLS"
case "$*" in
  *get-login-password*) echo secret ;;
  *) grep -q "docker push" "$CALLS" || { echo "An error (ImageNotFoundException)" >&2; exit 254; }; echo "$DIGEST" ;;
esac
"""
DOCKER = """\
#!/bin/sh
echo "docker $*" >> "$CALLS"
exit "${DOCKER_STATUS:-0}"
"""


@pytest.fixture(name="calls", autouse=True)
def _calls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where the programs on the PATH, which are doubles, write down what they were called for."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name, script in (("aws", AWS), ("docker", DOCKER)):
        (programs / name).write_text(script)
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=":")
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))
    monkeypatch.setenv("DIGEST", DIGEST)
    monkeypatch.setenv("IMAGE_REPOSITORY", REPOSITORY)
    monkeypatch.setenv("APP_TEMPLATE", "template.yaml")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hello").mkdir()
    (tmp_path / "hello" / "Dockerfile").write_text("FROM scratch\n")
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "calls").write_text("")
    images.address.cache_clear()
    images.log_in.cache_clear()
    return tmp_path / "calls"


def the_image() -> templates.Image:
    return next(templates.Template("template.yaml").images())


def test_two_functions_of_the_same_files_share_an_image_which_the_template_names_by_digest(calls: Path) -> None:
    images.main()
    docker = [line for line in calls.read_text().splitlines() if line.startswith("docker")]
    tag = f"{REPOSITORY}:{images.of_content(the_image())}"
    folder = Path.cwd() / "hello"
    options = f"--provenance=false --file {folder}/Dockerfile --tag {tag} --build-arg LEVEL=3 --target last"
    assert docker == [
        f"docker login --username AWS --password-stdin {REPOSITORY.partition('/')[0]}",
        f"docker build {options} {folder}",
        f"docker push --quiet {tag}",
    ]
    written = Path("template.yaml").read_text()
    assert written.count(f"{REPOSITORY}@{DIGEST}") == 2
    assert f'Code: {{"ImageUri": "{REPOSITORY}@{DIGEST}"}}' in written
    assert "ImageUri: !Ref Image" in written


def test_what_is_in_the_repository_is_not_made_again(calls: Path) -> None:
    calls.write_text("docker push of an earlier build\n")
    assert images.address(the_image()) == f"{REPOSITORY}@{DIGEST}"
    assert "docker build" not in calls.read_text()


def test_a_pull_request_s_image_is_made_and_pushed_nowhere(calls: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("IMAGE_REPOSITORY")
    assert images.address(the_image()).startswith("000000000000.dkr.ecr.us-east-1.amazonaws.com/not-pushed@sha256:")
    assert [line.split()[:2] for line in calls.read_text().splitlines()] == [["docker", "build"]]


def test_what_an_image_is_made_from_is_its_name() -> None:
    image = the_image()
    first = images.of_content(image)
    assert images.of_content(image) == first
    assert images.of_content(image._replace(arguments=(("LEVEL", "4"),))) != first
    assert images.of_content(image._replace(target="")) != first
    (Path("hello") / "app.py").write_text("")
    second = images.of_content(image)
    (Path("hello") / "app.py").chmod(0o755)
    assert len({first, second, images.of_content(image)}) == 3


@pytest.mark.parametrize(
    ("dockerfile", "message"),
    [("hello/Dockerfile", "docker build .* ended with status 5"), ("nowhere", "there is no nowhere")],
)
def test_an_image_that_cannot_be_made_ends_the_build(
    dockerfile: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("IMAGE_REPOSITORY")
    monkeypatch.setenv("DOCKER_STATUS", "5")
    with pytest.raises(SystemExit, match=message):
        images.address(the_image()._replace(dockerfile=dockerfile))
