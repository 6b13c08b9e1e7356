"""Of each tool's log, the line that tells why."""

from __future__ import annotations

import pytest

from generator.report.cause import LONGEST, cause

PYTEST = """\
[Container] 2026/11/30 10:00:00 Running command python -m pytest
.F                                                                       [100%]
    def test_hour():
>       assert hour() == 3
E       assert 4 == 3
E        +  where 4 = hour()
tests/unit/test_clock.py:5: AssertionError
FAILED tests/unit/test_clock.py::test_hour - assert 4 == 3
1 failed, 1 passed in 0.05s
[Container] 2026/11/30 10:00:01 Error while executing command: python -m pytest. Reason: exit status 1"""
PYTEST_NARROW = """\
E       KeyError: 'a-name-that-takes-all-the-room'
FAILED tests/unit/test_clock.py::test_hour[a very long parameter]
1 failed in 0.05s"""
PYTEST_COLLECTION = """\
E   ModuleNotFoundError: No module named 'requests'
ERROR tests/unit/test_clock.py
!!!!!!!!!!!! Interrupted: 1 error during collection !!!!!!!!!!!!"""
PYTEST_PLUGIN = """\
Error while loading plugin "pytest11".
../python/lib/python3.12/site-packages/pytest_clock.py:5: in <module>
    from distutils.version import LooseVersion
E   ModuleNotFoundError: No module named 'distutils'"""
UNITTEST = """\
FAIL: test_hour (tests.test_clock.Clock.test_hour)
----------------------------------------------------------------------
Traceback (most recent call last):
  File "/codebuild/src/tests/test_clock.py", line 6, in test_hour
    self.assertEqual(hour(), 3)
AssertionError: 4 != 3"""
JEST = """\
FAIL tests/unit/test-handler.test.js
  ● Tests index \u203a verifies successful response

    expect(received).toEqual(expected) // deep equality

    Expected: 200
    Received: 500
npm error Lifecycle script `test` failed with error:
npm error code 1"""
JEST_LOADING = """
> jest

FAIL tests/clock.test.ts
  ● Test suite failed to run

    TypeError: hands is not iterable
        at Object.<anonymous> (node_modules/clock/index.js:4:5)
"""
MOCHA = """\
  0 passing (5ms)
  1 failing

  1) Tests index
       verifies successful response:

      AssertionError: expected 500 to equal 200"""
TAP = """\
TAP version 13
not ok 1 - tells the hour
  ---
  error: 'Expected values to be strictly equal'"""
NODE_TEST = """\
✔ is there (0.5ms)
✖ tells the hour (1.2ms)
  AssertionError [ERR_ASSERTION]: Expected values to be strictly equal"""
VITEST = """\
 FAIL  tests/clock.test.ts > clock > tells the hour
AssertionError: expected 4 to be 3"""
PYTHON_FUNCTION = """\
START RequestId: 1 Version: $LATEST
[ERROR] KeyError: 'TABLE'
Traceback (most recent call last):
  File "/var/task/app.py", line 3, in handler
[ERROR] KeyError: 'TABLE'
END RequestId: 1"""
NODE_FUNCTION = (
    "2026-11-30T10:00:00.000Z\t1\tERROR\tInvoke Error\t"
    '{"errorType":"TypeError","errorMessage":"x is not a function","stack":[]}'
)
TYPESCRIPT = """\
src/app.ts(3,7): error TS2322: Type 'string' is not assignable to type 'number'.
npm error code 2"""
PIP = """\
ERROR: Could not find a version that satisfies the requirement nothing==9 (from versions: none)
ERROR: No matching distribution found for nothing==9"""
NPM = """\
npm error code ERESOLVE
npm error ERESOLVE unable to resolve dependency tree
npm error Found: react@18"""
AWS = """\
upload failed
An error occurred (AccessDenied) when calling the PutObject operation: Access Denied"""
SHELL = "build.sh: line 1: nothing-like-it: command not found"
TRACEBACK = """\
Traceback (most recent call last):
  File "tool.py", line 1, in <module>
botocore.exceptions.NoRegionError: You must specify a region."""

FULL = "head: error writing 'standard output': No space left on device"
LOGS = {
    "pytest, an option of a plugin": (
        "ERROR: usage: python -m pytest [options]\npython -m pytest: error: unrecognized arguments: --testdox\n",
        "python -m pytest: error: unrecognized arguments: --testdox",
    ),
    "pytest, a plugin that cannot be loaded": (PYTEST_PLUGIN, "ModuleNotFoundError: No module named 'distutils'"),
    "pytest": (PYTEST, "tests/unit/test_clock.py::test_hour: assert 4 == 3"),
    "pytest, narrow": (
        PYTEST_NARROW,
        "tests/unit/test_clock.py::test_hour[a very long parameter]: KeyError: 'a-name-that-takes-all-the-room'",
    ),
    "pytest, collection": (
        PYTEST_COLLECTION,
        "tests/unit/test_clock.py: ModuleNotFoundError: No module named 'requests'",
    ),
    "unittest": (UNITTEST, "test_hour (tests.test_clock.Clock.test_hour): AssertionError: 4 != 3"),
    "jest": (
        JEST,
        "Tests index \u203a verifies successful response: expect(received).toEqual(expected) // deep equality",
    ),
    "a file that jest cannot load": (JEST_LOADING, "tests/clock.test.ts: TypeError: hands is not iterable"),
    "no tests": ("> jest\n\nNo tests found, exiting with code 1\nRun with it\n", "No tests found, exiting with code 1"),
    "mocha": (MOCHA, "Tests index: AssertionError: expected 500 to equal 200"),
    "TAP": (TAP, "tells the hour: error: 'Expected values to be strictly equal'"),
    "node:test": (NODE_TEST, "tells the hour: AssertionError [ERR_ASSERTION]: Expected values to be strictly equal"),
    "vitest": (VITEST, "tests/clock.test.ts > clock > tells the hour: AssertionError: expected 4 to be 3"),
    "a Python function": (PYTHON_FUNCTION, "KeyError: 'TABLE'"),
    "a Node function": (NODE_FUNCTION, "TypeError: x is not a function"),
    "TypeScript": (TYPESCRIPT, "src/app.ts(3,7): error TS2322: Type 'string' is not assignable to type 'number'."),
    "pip": (PIP, "ERROR: Could not find a version that satisfies the requirement nothing==9 (from versions: none)"),
    "npm": (NPM, "npm: ERESOLVE: ERESOLVE unable to resolve dependency tree"),
    "the aws CLI": (AWS, "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied"),
    "a shell": (SHELL, SHELL),
    "a traceback": (TRACEBACK, "botocore.exceptions.NoRegionError: You must specify a region."),
    "a full disk": (f"head: error writing 'standard output': No space left on device\n{SHELL}", FULL),
    "nothing known": ("building\ndone\n", ""),
    "nothing": ("", ""),
}


@pytest.mark.parametrize("name", LOGS)
def test_the_cause_is_the_line_that_tells_why(name: str) -> None:
    log, expected = LOGS[name]
    assert cause(log.splitlines()) == expected


def test_colours_hide_nothing() -> None:
    assert (
        cause(["\x1b[31mFAILED\x1b[0m tests/test_a.py::\x1b[1mtest_b\x1b[0m - assert 0"])
        == "tests/test_a.py::test_b: assert 0"
    )


def test_a_test_that_failed_comes_before_what_npm_says_of_it() -> None:
    assert cause([*NPM.splitlines(), *JEST.splitlines()]).startswith("Tests index")


def test_a_cause_is_one_short_line() -> None:
    text = cause([f"FAILED tests/test_a.py::test_b - {'x' * 1000}"])
    assert len(text) == LONGEST
    assert text.endswith("...")
