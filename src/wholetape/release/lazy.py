"""What a page loads when it is wanted: scripts that hold data, so that they load from a disk, too."""

from __future__ import annotations

from dataclasses import replace

from wholetape.release.model import Release
from wholetape.release.names import numbered
from wholetape.release.page.own_check import Check
from wholetape.release.page.words_said import loaded
from wholetape.release.reader import lay_check
from wholetape.report.markup import data_block
from wholetape.store.sitefolder import SiteFolder


def lay_lazy(release: Release, folder: SiteFolder) -> tuple[Release, Check]:
    """The release with its long transcripts laid as data, and the reader's own check with what it needs."""
    sessions = []
    for number, one in enumerate(release.sessions, 1):
        rest = loaded(one.transcript) if one.transcript else []
        if rest:
            data = f"wholetape.arrived({data_block(f'words-{number}')},{data_block(rest)});\n"
            name = folder.put(f"{release.id}/data", numbered(f"words-{number}", "js"), data.encode())
            one = replace(one, transcript_rest=f"data/{name}")
        sessions.append(one)
    return replace(release, sessions=tuple(sessions)), lay_check(release, folder)
