"""How much memory a process has used at its most."""

from __future__ import annotations

import contextlib
import subprocess
from pathlib import Path


def peak_megabytes(pid: int) -> int:
    """The highest resident size of the process so far, in MB; 0 when it has ended.

    Where the system keeps no high-water mark, the size at this moment.
    """
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) // 1024
        return 0
    asked = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return int(asked.stdout.strip() or 0) // 1024
