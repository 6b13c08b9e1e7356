"""Makes the container images of functions, each once and under the hash of all that it is made from.

What is in the repository already is not made again, so that the image of an unchanged function stays the same one.
Without IMAGE_REPOSITORY (a pull request) images are made and not pushed: whether they can be made is all that counts.
"""

from __future__ import annotations

import functools
import hashlib
import os
import subprocess
import sys

import bundles
import templates

# What reads templates takes no other form of an image's address.
_NOWHERE = "000000000000.dkr.ecr.us-east-1.amazonaws.com/not-pushed"


def main() -> None:
    """Make the images of the build's templates, then have the templates name them by digest."""
    for template in templates.of_the_build():
        for image in template.images():
            template.name_image(image.logical_id, address(image._replace(logical_id="")))
        template.write()


@functools.cache
def address(image: templates.Image) -> str:
    """The address of an image, which is made and pushed unless it is there."""
    repository, tag = os.environ.get("IMAGE_REPOSITORY", ""), of_content(image)
    if not repository:
        make(image, tag)
        return f"{_NOWHERE}@sha256:{tag}"
    if not (digest := pushed(repository, tag)):
        log_in(repository)
        make(image, f"{repository}:{tag}")
        run("docker", "push", "--quiet", f"{repository}:{tag}")
        digest = pushed(repository, tag)
    if not digest.startswith("sha256:"):
        sys.exit(f"{repository}:{tag} was pushed, and the repository does not have it")
    print(f"{image.dockerfile}: {repository}@{digest}", flush=True)
    return f"{repository}@{digest}"


def of_content(image: templates.Image) -> str:
    """The hash of all that an image is made from: files, what may be executed, arguments."""
    if not os.path.isfile(image.dockerfile):
        sys.exit(f"there is no {image.dockerfile}, which an image is made by")
    total = hashlib.sha256(repr((image.arguments, image.target, *image.options)).encode())
    files = dict(bundles.files(image.context)) | {"(Dockerfile)": image.dockerfile}
    for name, path in sorted(files.items()):
        with open(path, "rb") as file:
            content = hashlib.sha256(file.read()).hexdigest()
        total.update(f"{name} {os.access(path, os.X_OK)} {content}\n".encode())
    return total.hexdigest()


def make(image: templates.Image, tag: str) -> None:
    """Make an image as `sam build` does."""
    arguments = [word for name, value in image.arguments for word in ("--build-arg", f"{name}={value}")]
    target = ["--target", image.target] if image.target else []
    # Lambda takes no attestations beside an image: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
    options = ["--provenance=false", "--file", image.dockerfile, "--tag", tag]
    run("docker", "build", *options, *image.options, *arguments, *target, image.context)


def pushed(repository: str, tag: str) -> str:
    """The digest of the image with a tag; empty where there is none."""
    name = repository.partition("/")[2]
    asked = ["aws", "ecr", "describe-images", "--repository-name", name, "--image-ids", f"imageTag={tag}"]
    done = subprocess.run(
        [*asked, "--query", "imageDetails[0].imageDigest", "--output", "text"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode and "(ImageNotFoundException)" not in done.stderr:
        sys.exit(done.stderr.strip())
    return "" if done.returncode else done.stdout.strip()


@functools.cache
def log_in(repository: str) -> None:
    """Enter the registry with the build's own role."""
    password = subprocess.run(["aws", "ecr", "get-login-password"], capture_output=True, text=True, check=True).stdout
    registry = repository.partition("/")[0]
    command = ["docker", "login", "--username", "AWS", "--password-stdin", registry]
    subprocess.run(command, input=password, text=True, check=True)


def run(*command: str) -> None:
    """Run a command; the build ends with its status."""
    if status := subprocess.call(command):
        sys.exit(f"{' '.join(command)} ended with status {status}")


if __name__ == "__main__":
    main()
