"""Builds as they pass through their phases: what runs, what does not, and how it ends."""

from __future__ import annotations

import pytest

from generator.rehearsal.codebuild.sources import FolderSource
from tests.rehearsal.codebuild.build_runner import AMAZON_LINUX, BuildRunner, identity

BUILT = ["DOWNLOAD_SOURCE", "INSTALL", "PRE_BUILD", "BUILD", "POST_BUILD", "UPLOAD_ARTIFACTS"]


def phases(text: str, version: str = "0.2") -> str:
    """A buildspec with these phases."""
    return f"version: {version}\nphases:\n{text}"


def test_a_build_goes_through_all_phases(runner: BuildRunner) -> None:
    ended = runner.build(phases("  build: {commands: [echo hello]}\n"))
    assert ended.status == "SUCCEEDED"
    assert [phase.name for phase in ended.phases] == [
        *("SUBMITTED", "QUEUED", "PROVISIONING"),
        *BUILT,
        *("FINALIZING", "COMPLETED"),
    ]
    assert {phase.status for phase in ended.phases} == {"SUCCEEDED"}
    assert runner.output() == ["hello"]


def test_phases_have_their_times(runner: BuildRunner) -> None:
    ended = runner.build(phases("  build: {commands: [sleep 0.2]}\n"))
    times = {phase.name: phase.seconds for phase in ended.phases}
    assert 0.2 <= times["BUILD"] < 5
    assert times["PRE_BUILD"] < 0.2


def test_the_log_speaks_as_codebuild_does(runner: BuildRunner) -> None:
    runner.build(phases("  build: {commands: [echo hello, exit 3]}\n"))
    assert (
        "Entering phase BUILD\n"
        "Running command echo hello\n"
        "Running command exit 3\n"
        "Command did not exit successfully exit 3 exit status 3\n"
        "Phase complete: BUILD State: FAILED\n"
        "Phase context status code: COMMAND_EXECUTION_ERROR Message: "
        "Error while executing command: exit 3. Reason: exit status 3\n"
        "Entering phase POST_BUILD\n"
    ) in runner.log_text()


def test_variables_and_folder_are_carried_from_command_to_command_and_phase_to_phase(runner: BuildRunner) -> None:
    runner.build(
        phases("""
  install: {commands: ["PLAIN=1", export SHOWN=2, mkdir -p deep/er, cd deep]}
  build: {commands: ["echo $PLAIN $SHOWN", "basename $(pwd)", cd er]}
  post_build: {commands: ["basename $(pwd)", "sh -c 'echo [$PLAIN] [$SHOWN]'"]}
""")
    )
    assert runner.output() == ["1 2", "deep", "er", "[] [2]"]


def test_in_version_0_1_every_command_has_a_shell_of_its_own(runner: BuildRunner) -> None:
    runner.build(
        phases("  build: {commands: [export A=1, mkdir deep, cd deep, 'echo [$A]', 'basename $(pwd)']}\n", "0.1")
    )
    assert runner.output() == ["[]", "src"]


@pytest.mark.parametrize(
    ("shell", "image"), [("bash", ""), ("", AMAZON_LINUX), ("/bin/sh", ""), ("", "aws/codebuild/standard:7.0")]
)
def test_every_shell_carries_its_state(runner: BuildRunner, shell: str, image: str) -> None:
    spec = phases("""
  build:
    commands:
      - "A='two\\nlines'; export B=$A"
      - cd /
      - 'printf "%s|" "$A" "$B" "$(pwd)"; echo'
      - set -u
      - 'echo "$NOPE"'
""")
    env = f"env: {{shell: {shell}}}\n" if shell else ""
    ended = runner.build(spec + env, identity=identity(image=image))
    assert "\n".join(runner.output()).startswith("two\nlines|two\nlines|/|"), ended.log
    assert ended.failure
    assert ended.failure.command == 'echo "$NOPE"', ended.log


def test_amazon_linux_has_bash_for_its_sh(runner: BuildRunner) -> None:
    spec = phases("  build: {commands: ['[[ a == a ]] && echo \"$BASH_VERSION\" | cut -c2']}\n")
    runner.build(spec, identity=identity(image=AMAZON_LINUX))
    assert runner.output() == ["."]
    assert "bash as sh" in runner.log_text()


def test_functions_and_options_stay_in_bash(runner: BuildRunner) -> None:
    runner.build(
        phases("  build: {commands: ['f() { echo f; }', set -o pipefail, f, 'false | true']}\n")
        + "env: {shell: bash}\n"
    )
    assert runner.output() == ["f"]
    assert "false | true exit status 1" in runner.log_text()


def test_exit_ends_a_command_and_not_the_build(runner: BuildRunner) -> None:
    ended = runner.build(phases("  build: {commands: ['A=kept; exit 0', 'echo $A']}\n"))
    assert ended.status == "SUCCEEDED"
    assert runner.output() == ["kept"]


def test_a_failed_command_ends_its_phase_and_finally_runs(runner: BuildRunner) -> None:
    ended = runner.build(
        phases("""
  build:
    commands: [echo one, "false", echo two]
    finally: ["echo finally $CODEBUILD_BUILD_SUCCEEDING"]
""")
    )
    assert runner.output() == ["one", "finally 0"]
    assert ended.status == "FAILED"


def test_a_failing_finally_fails_the_phase(runner: BuildRunner) -> None:
    ended = runner.build(phases("  build: {commands: [echo one], finally: [exit 4]}\n"))
    assert ended.failure
    assert (ended.failure.phase, ended.failure.command, ended.failure.exit_code) == ("BUILD", "exit 4", 4)


def test_finally_runs_also_when_all_went_well(runner: BuildRunner) -> None:
    runner.build(phases("  build: {commands: [echo one], finally: ['echo $CODEBUILD_BUILD_SUCCEEDING']}\n"))
    assert runner.output() == ["one", "1"]


def test_the_failure_has_phase_command_status_and_the_end_of_the_log(runner: BuildRunner) -> None:
    ended = runner.build(phases("  pre_build: {commands: ['for i in $(seq 50); do echo line $i; done; exit 9']}\n"))
    failure = ended.failure
    assert failure
    assert failure.phase == "PRE_BUILD"
    assert failure.code == "COMMAND_EXECUTION_ERROR"
    assert failure.exit_code == 9
    assert failure.command.endswith("exit 9")
    assert "line 50" in failure.tail
    assert "line 1" not in failure.tail


def test_a_long_command_is_told_once_in_whole(runner: BuildRunner) -> None:
    ended = runner.build(phases("  build:\n    commands:\n    - |\n      echo why\n      # a remark\n      exit 2\n"))
    assert ended.failure
    assert ended.failure.message == "Error while executing command: echo why [and 2 more lines]. Reason: exit status 2"
    assert ended.failure.command == "echo why\n# a remark\nexit 2\n"
    assert runner.log_text().count("# a remark") == 1


def test_the_first_failure_is_the_one_that_is_told(runner: BuildRunner) -> None:
    ended = runner.build(phases("  build: {commands: [exit 5]}\n  post_build: {commands: [exit 6]}\n"), outputs=("",))
    assert ended.failure
    assert ended.failure.exit_code == 5


def test_without_a_buildspec_the_build_says_so(runner: BuildRunner) -> None:
    ended = runner.build("", buildspec="other.yml")
    assert ended.failure
    assert ended.failure.phase == "DOWNLOAD_SOURCE"
    assert ended.failure.code == "YAML_FILE_ERROR"
    assert ended.failure.message == "YAML file does not exist: other.yml"


def test_a_wrong_buildspec_fails_the_build_with_every_problem(runner: BuildRunner) -> None:
    ended = runner.build("version: 0.2\nphaes: {}\nphases: {build: {comands: []}}\n")
    assert ended.failure
    assert "buildspec.yml:2:1: unknown key 'phaes'" in ended.failure.message
    assert "buildspec.yml:3:18: unknown key 'comands'" in ended.failure.message
    assert not ended.not_rehearsed


def test_what_no_rehearsal_does_is_marked_as_such(runner: BuildRunner) -> None:
    ended = runner.build(phases("  build: {commands: [x]}\n") + "proxy: {}\n")
    assert ended.status == "FAILED"
    assert ended.not_rehearsed


@pytest.mark.parametrize("name", ["ci/other.yml", ""])
def test_the_buildspec_may_lie_elsewhere(runner: BuildRunner, name: str) -> None:
    files = {"ci/other.yml": phases("  build: {commands: [echo other]}\n")}
    runner.build(phases("  build: {commands: [echo usual]}\n"), files, buildspec=name)
    assert runner.output() == ["other" if name else "usual"]


def test_the_buildspec_may_be_given_as_text(runner: BuildRunner) -> None:
    runner.build("", buildspec=phases("  build: {commands: [echo inline]}\n"))
    assert runner.output() == ["inline"]


def test_what_a_buildspec_asks_for_in_vain_is_said_in_the_log(runner: BuildRunner) -> None:
    runner.build(phases("  build: {run-as: me, commands: [echo x]}\n") + "run-as: me\n")
    assert "run-as is not carried out here: the commands run as you" in runner.log_text()
    assert "phases.build.run-as is not carried out here" in runner.log_text()


def test_nothing_of_a_build_stays_behind(runner: BuildRunner) -> None:
    job = runner.job(phases("  build: {commands: ['mkdir -p locked/x && echo > locked/x/y && chmod 500 locked']}\n"))
    runner.run(job)
    assert not job.folder.exists()


def test_a_build_that_is_kept_stays(runner: BuildRunner) -> None:
    job = runner.job(phases("  build: {commands: ['echo x > made']}\n"), keep=True)
    runner.run(job)
    assert (job.folder / "0" / "src" / "made").read_text() == "x\n"


def test_the_sources_stay_as_they_were(runner: BuildRunner) -> None:
    job = runner.job(phases("  build: {commands: ['rm buildspec.yml; echo > new']}\n"))
    runner.run(job)
    assert [path.name for path in (runner.folder / "source1").iterdir()] == ["buildspec.yml"]


def test_several_sources_lie_side_by_side(runner: BuildRunner) -> None:
    other = FolderSource(runner.source({"file": "of the other"}))
    runner.build(phases("  build: {commands: ['cat $CODEBUILD_SRC_DIR_Other/file']}\n"), secondary={"Other": other})
    assert runner.output() == ["of the other"]
