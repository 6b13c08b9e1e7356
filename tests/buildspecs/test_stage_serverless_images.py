"""Container images that a serverless.yml has folders of: made once, the file edited to name them."""

from __future__ import annotations

from pathlib import Path

import images
import pytest
import serverless_images
import yaml

FILE = """\
service: todo  # ä
provider:
  name: aws
  ecr:
    images:
      app:
        path: ./app
        file: Dockerfile.prod
        buildArgs:
          LEVEL: 3
        buildOptions:
          - --add-host
          - 'example.com:0.0.0.0'

      short: {path: app, platform: linux/arm64}
      there:
        uri: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/x@sha256:1
functions:
  hello: {image: app}
  table: !Ref Table
"""
DOCKER = '#!/bin/sh\necho "$*" >> "$CALLS"\n'
ADDRESS = "000000000000.dkr.ecr.us-east-1.amazonaws.com/not-pushed@sha256:"


@pytest.fixture(name="service", autouse=True)
def _service(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A service whose build has nowhere to push to; the program on the PATH notes what it was called for."""
    monkeypatch.chdir(tmp_path)
    for name in ("Dockerfile", "Dockerfile.prod", "docker"):
        path = tmp_path / ("programs" if name == "docker" else "service/app") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(DOCKER)
        path.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "programs"), prepend=":")
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))
    monkeypatch.delenv("IMAGE_REPOSITORY", raising=False)
    images.address.cache_clear()
    path = tmp_path / "service" / "serverless.yml"
    path.write_text(FILE)
    return path


def test_images_are_made_as_the_file_says_and_named_in_their_place(service: Path, tmp_path: Path) -> None:
    serverless_images.name_images("service/serverless.yml")
    written = service.read_text()
    named = yaml.safe_load(written.replace("!Ref ", ""))["provider"]["ecr"]["images"]
    assert named["app"]["uri"].startswith(ADDRESS)
    assert named["short"]["uri"].startswith(ADDRESS)
    assert {name: [*image] for name, image in named.items()} == {"app": ["uri"], "short": ["uri"], "there": ["uri"]}
    assert named["there"]["uri"].startswith("111122223333")
    assert written.startswith(FILE[: FILE.index("        path")].rstrip()[:-4])
    assert written.endswith(FILE[FILE.index("functions:") :])
    folder = tmp_path / "service" / "app"
    of_app = "--add-host example.com:0.0.0.0 --build-arg LEVEL=3"
    calls = sorted((tmp_path / "calls").read_text().splitlines())
    assert [line.replace(line.split("--tag ")[1].split()[0], "T") for line in calls] == [
        f"build --provenance=false --file {folder}/Dockerfile --tag T --platform linux/arm64 {folder}",
        f"build --provenance=false --file {folder}/Dockerfile.prod --tag T {of_app} {folder}",
    ]
    serverless_images.name_images("service/serverless.yml")
    assert len((tmp_path / "calls").read_text().splitlines()) == 2


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("path: '${self:custom.folder}'", "once for all stages"),
        ("path: app, network: host", "network"),
        ("path: nowhere", "there is no"),
        ("path: [", "serverless.yml: while parsing"),
    ],
)
def test_an_image_that_cannot_be_made_as_it_is_written_ends_the_build(
    written: str, message: str, service: Path
) -> None:
    service.write_text(f"provider: {{ecr: {{images: {{app: {{{written}}}}}}}}}\n")
    with pytest.raises(SystemExit, match=message):
        serverless_images.name_images("service/serverless.yml")


@pytest.mark.parametrize("text", ["service: todo\n", "provider: {ecr: {images: '${file(images.yml)}'}}\n", ""])
def test_a_file_without_folders_of_images_stays_as_it_is(text: str, service: Path) -> None:
    service.write_text(text)
    serverless_images.name_images("service/serverless.yml")
    assert service.read_text() == text
