"""The text of a file: its bytes read within the limits and decoded from UTF-8."""

from __future__ import annotations

import codecs
import os
import stat
import unicodedata
from pathlib import Path as FilePath

from generator.document.page import Page, Spot, split_lines
from generator.document.rules import Rules
from generator.errors import InvalidInputError, Problem

_OTHER_ENCODINGS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_LONGEST_QUOTE = 60


def quote(text: str) -> str:
    """Foreign text in a message: in quotes, not too long, nothing in it that a terminal would act on."""
    short = text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 3] + "..."
    return "'" + "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in short) + "'"


def in_words(character: str) -> str:
    """A character as a person can recognise it: itself if it can be shown, its code point, its Unicode name."""
    shown = f"'{character}', " if character.isprintable() else ""
    name = unicodedata.name(character, "")
    return f"{shown}U+{ord(character):04X}{' ' if name else ''}{name}"


def load_text(path: FilePath, name: str, rules: Rules) -> str:
    """The text of a file. Raises InvalidInputError when it cannot be read, is too large or is not UTF-8."""
    return decode(_load_bytes(path, name, rules), name)


def decode(data: bytes, name: str) -> str:
    """The text in UTF-8 bytes; a BOM is ignored. Raises InvalidInputError at the first byte that is something else."""
    for mark, encoding in _OTHER_ENCODINGS:
        if data.startswith(mark):
            raise _refused(name, f"the file is {encoding}, not UTF-8", "save it as UTF-8")
    if b"\0" in data[:4]:
        raise _refused(name, "the file is not UTF-8 text", "save it as UTF-8")
    try:
        return data.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        raise InvalidInputError([_not_utf8(error, name)]) from None


def _load_bytes(path: FilePath, name: str, rules: Rules) -> bytes:
    try:
        # What is no file (a pipe, a device) may never end, or never begin; looking first, it is not opened for good.
        with open(path, "rb", opener=_at_once) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise _refused(name, "this is not a regular file", "name a file")
            data = file.read(rules.max_bytes + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise _refused(name, "there is no such file", rules.when_missing) from None
    except IsADirectoryError:
        raise _refused(name, "this is a directory, not a file", "name the file in it") from None
    except PermissionError:
        raise _refused(name, "the file may not be read", "look at its permissions") from None
    except (OSError, ValueError) as error:
        # ValueError: a path with a NUL in it.
        reason = getattr(error, "strerror", None) or error
        raise _refused(name, f"the file cannot be read: {reason}", "check the path") from None
    if len(data) > rules.max_bytes:
        raise _refused(name, "the file is larger than 1 MB", "check that it is the right file")
    return data


def _at_once(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)


def _not_utf8(error: UnicodeDecodeError, name: str) -> Problem:
    page = Page(name, split_lines(error.object.decode(errors="replace")))
    before = split_lines(error.object[: error.start].decode())
    spot = Spot(len(before) - 1, len(before[-1]))
    byte = error.object[error.start : error.start + 1]
    meant = in_words(byte.decode("latin-1"))
    hint = f"save the file as UTF-8; in Latin-1 this byte is {meant}"
    return page.problem(spot, Spot(spot.line, spot.column + 1), f"the byte 0x{byte.hex().upper()} is not UTF-8", hint)


def _refused(name: str, message: str, hint: str) -> InvalidInputError:
    return InvalidInputError([Page(name, ()).at_start(message, hint)])
