"""How files from strangers are opened: regular files only, one file each, nothing they name, nothing from the network.

A hostile file can be a playlist, a script or a session description in disguise that makes a media library open other
files or addresses. Three walls stand against that, each enough by itself: only demuxers on the list below may read
it, no protocol may be opened but the file that is open already, and every further request to open is refused.
"""

from __future__ import annotations

import errno
import io
import os
import re
import stat
from typing import TYPE_CHECKING, Any, NoReturn

from wholetape.errors import UnreadableInput

if TYPE_CHECKING:
    from av.container import InputContainer

FORMATS = (
    "aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,dsf,dss,dts,dtshd,eac3,f4v,flac,flv,gsm,live_flv,loas,"
    "matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mp3,mpc,mpc8,mpeg,mpegts,mxf,nistsphere,nut,ogg,oma,qcp,rm,sbc,shn,sox,"
    "spdif,tak,truehd,tta,voc,w64,wav,wsd,wv,xwma"
)
"""Demuxers that read sound from one self-contained file, by libavformat's names. No playlists, scripts or images."""

_SUFFIXES = re.compile(
    r"\.(aac|ac3|adts|aiff?|amr|ape|asf|au|avi|awb|caf|dss|dts|eac3|flac|flv|gsm|latm|loas|m2ts|m4[abv]|mk[av]|mov|mp[234c]"
    r"|mpe?g|mts|mxf|og[agv]|opus|qcp|r[am]|sbc|shn|spx|tta|ts|vob|voc|w64|wav|web[am]|wm[av]|wv|3g[2p])\Z",
    re.IGNORECASE | re.ASCII,
)
_BUFFER = 1 << 17


def open_regular(path: str | os.PathLike[str]) -> io.FileIO:
    """The file at ``path``, open for reading; never a folder, pipe or device, and never one that is empty.

    ``path`` is taken literally: ``-``, ``concat:a|b`` and ``http://host/`` are names of files like any other.

    Raises:
        UnreadableInput: it is missing, forbidden, empty, or no regular file.
    """
    name = os.fspath(path)
    try:
        handle = os.open(name, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    except (OSError, ValueError) as problem:
        raise _cannot_open(name, problem) from problem
    try:
        facts = os.fstat(handle)
        if stat.S_ISDIR(facts.st_mode):
            raise UnreadableInput(f"{name!r} is a folder", hint="name the recording inside it")
        if not stat.S_ISREG(facts.st_mode):
            hint = "save the recording to a file first; a check reads it more than once"
            raise UnreadableInput(f"{name!r} is a pipe or a device, not a file", hint=hint)
        if facts.st_size == 0:
            raise UnreadableInput(f"{name!r} is empty", hint="copy or download it again")
        return io.FileIO(handle, closefd=True)
    except BaseException:
        os.close(handle)
        raise


def is_empty(path: str | os.PathLike[str]) -> bool:
    """True for a regular file without a byte; False for everything else, also for what cannot be looked at."""
    try:
        facts = os.stat(path)
    except (OSError, ValueError):
        return False
    return stat.S_ISREG(facts.st_mode) and facts.st_size == 0


def open_container(file: io.FileIO, name: str) -> InputContainer:
    """The demuxer of ``file``, found by content; of ``name`` only a well-known suffix counts, and only as a hint.

    Raises:
        UnreadableInput: no demuxer on the list understands it.
    """
    import av

    suffix = _SUFFIXES.search(name)
    file.name = "recording" + (suffix[0].lower() if suffix else "")
    options = {"protocol_whitelist": "none", "format_whitelist": FORMATS}
    try:
        return av.open(file, "r", options=options, metadata_errors="replace", buffer_size=_BUFFER, io_open=_refuse)
    except (av.FFmpegError, OSError, ValueError, RuntimeError) as problem:
        raise not_media(name) from problem


def not_media(name: str) -> UnreadableInput:
    """The error for a file whose content no demuxer on the list understands."""
    hint = "check that it is a sound or video file and that the download is complete"
    return UnreadableInput(f"{name!r} is not a recording that can be read", hint=hint)


def _refuse(url: str, flags: int, options: dict[str, Any]) -> NoReturn:
    raise PermissionError(errno.EPERM, "a recording may not open another file")


def _cannot_open(name: str, problem: OSError | ValueError) -> UnreadableInput:
    number = problem.errno if isinstance(problem, OSError) else None
    if number == errno.ENOENT:
        return UnreadableInput(f"{name!r} does not exist", hint="check the spelling and the folder")
    if number in (errno.EACCES, errno.EPERM):
        return UnreadableInput(f"no permission to read {name!r}", hint="make the file readable for you, then try again")
    if number == errno.ENXIO:
        return UnreadableInput(f"{name!r} is a pipe or a device, not a file", hint="save the recording to a file first")
    why = problem.strerror if isinstance(problem, OSError) and problem.strerror else str(problem)
    return UnreadableInput(f"cannot open {name!r}: {why.lower()}", hint="check the path")
