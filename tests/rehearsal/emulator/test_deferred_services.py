"""A service of ministack that nobody uses is not loaded; the first use loads it, once, whoever else asks."""

from __future__ import annotations

import subprocess
import sys

from generator.rehearsal.emulator.handle import Emulator

_PROGRAM = """
import sys, threading
from generator.rehearsal.emulator.ministack.deferred_services import defer
defer()
import ministack.services.cloudformation
service = sys.modules["ministack.services.athena"]
print("handle_request" in object.__getattribute__(service, "__dict__"))
answers = []
threads = [threading.Thread(target=lambda: answers.append(service.handle_request)) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(len(answers), len(set(answers)), type(service).__name__)
"""


def test_a_service_is_loaded_by_its_first_use_whole_for_every_thread() -> None:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["False", "8", "1", "module"], done.stderr


def test_a_deferred_service_answers_and_keeps_its_keys_in_the_folder_of_the_rehearsal(emulator: Emulator) -> None:
    pools = emulator.client("cognito-idp")
    pools.create_user_pool(PoolName="deferred")
    assert [pool["Name"] for pool in pools.list_user_pools(MaxResults=10)["UserPools"]] == ["deferred"]
    assert list((emulator.settings.folder / "ministack").glob("cognito-*"))
