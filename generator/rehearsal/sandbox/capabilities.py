"""What root may do and a program of a rehearsal never needs: given up, for the calling thread and all it starts.

Without it root would look into every process, whatever else holds him, and send whole packets past every filter. Since
the command keeps what its programs have lost, the kernel lets none of them look into it.
https://man7.org/linux/man-pages/man7/capabilities.7.html
"""

from __future__ import annotations

import ctypes
import struct
import sys
from contextlib import suppress
from pathlib import Path

_PR_CAPBSET_DROP = 24
_VERSION_3 = 0x20080522
# What containers have, but for raw packets and devices: ownership, other users, low ports.
_KEPT = frozenset({0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 18, 29, 31})


def give_up_powers() -> None:
    """Leave the calling thread, and all it starts from now on, root's powers over files and users only."""
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in set(range(_last() + 1)) - _KEPT:
        libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    header = struct.pack("=Ii", _VERSION_3, 0)
    held = ctypes.create_string_buffer(24)
    if libc.capget(header, held):
        return
    kept = sum(1 << capability for capability in _KEPT)
    low, high = kept & 0xFFFFFFFF, kept >> 32
    words = struct.unpack("=6I", held.raw)
    less = struct.pack(
        "=6I", *(word & half for word, half in zip(words, (low, low, low, high, high, high), strict=True))
    )
    libc.capset(header, less)


def _last() -> int:
    with suppress(OSError):
        return int(Path("/proc/sys/kernel/cap_last_cap").read_text())
    return 40
