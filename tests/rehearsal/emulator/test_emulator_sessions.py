"""Roles' sessions are registered by many threads at once, and none breaks another."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
PROGRAM = """
import sys, threading, time
from ministack.services import sts
from generator.rehearsal.emulator.ministack.sts import register_sessions_one_at_a_time

register_sessions_one_at_a_time()
sys.setswitchinterval(1e-6)
broken = []

def register(thread):
    try:
        for number in range(300):
            sts.register_session(f"ASIA{thread}-{number}", {"Expiration": time.time() + 3600, "Arn": "arn"})
    except RuntimeError as error:
        broken.append(error)

threads = [threading.Thread(target=register, args=(number,)) for number in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert not broken, broken
assert len(sts._sessions) >= 2400
"""


def test_sessions_registered_side_by_side_are_all_there() -> None:
    # In a process of its own: the switch interval and what is installed would stay.
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
