"""Records: read back as far as they are whole, by whoever inherits them, and handed on to no program."""

from __future__ import annotations

import os
import subprocess
import sys

from generator.rehearsal.sandbox.record import Record


def test_each_entry_is_read_once() -> None:
    record = Record()
    assert record.read() == ([], 0)
    record.append({"number": 1})
    entries, at = record.read()
    assert entries == [{"number": 1}]
    record.append({"number": 2})
    record.append({"number": 3})
    assert record.read(at)[0] == [{"number": 2}, {"number": 3}]
    assert record.read(record.read()[1]) == ([], record.read()[1])


def test_an_entry_that_is_still_being_written_waits() -> None:
    record = Record()
    os.write(record.descriptor, b'{"number": 1}\n{"num')
    entries, at = record.read()
    os.write(record.descriptor, b'ber": 2}\n')
    assert (entries, record.read(at)[0]) == ([{"number": 1}], [{"number": 2}])


def test_a_program_that_does_not_inherit_it_cannot_write_to_it() -> None:
    record = Record()
    program = f"import os; os.write({record.descriptor}, b'x')"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "Bad file descriptor" in ended.stderr
    assert record.read()[0] == []
