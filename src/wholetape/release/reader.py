"""The reader's own check in the page of a release: engine, prints and seals laid as scripts that load when wanted."""

from __future__ import annotations

import base64
import json
from typing import Any

from wholetape.release import checker
from wholetape.release.model import Release, Salts
from wholetape.release.names import numbered
from wholetape.release.page.own_check import Check
from wholetape.report.markup import data_block, tag
from wholetape.store.sitefolder import SiteFolder


def lay_check(release: Release, folder: SiteFolder) -> Check:
    """The check for the page of ``release``, and its data in ``folder``; no check where a session has no print."""
    if any(one.print is None for one in release.sessions):
        return Check()
    base, files = release.id, []

    def laid(name: str, value: object, *, code: bool = False) -> str:
        told = f"() => {{\n{value}}}" if code else json.dumps(value)
        script = f"wholetape.arrived({json.dumps(name)},{told});\n"
        files.append(f"data/{folder.put(f'{base}/data', numbered(name, 'js'), script.encode())}")
        return files[-1]

    def bytes_of(name: str, path: str) -> str:
        return laid(name, base64.b64encode(folder.read(f"{base}/{path}") or b"").decode())

    references = []
    for number, one in enumerate(release.sessions, 1):
        assert one.print is not None
        print_ = bytes_of(f"print-{number}", one.print.path)
        entry: dict[str, Any] = {"name": one.print.name, "print": print_, "audio": one.sound.path}
        if one.recording.path:
            entry["recording"] = {"name": one.recording.name, "address": one.recording.path}
        if one.seal is not None and one.seal.file.name.endswith((".seal", ".excerpt")):
            seal = one.seal.file
            entry["seal"] = {"name": seal.name, "address": bytes_of(f"seal-{number}", seal.path)}
            if one.seal.salts is not None:
                entry["seal"]["salts"] = laid(f"salts-{number}", _salts(one.seal.salts))
        references.append(entry)
    told = {
        "engine": laid("engine", checker.engine(), code=True),
        "references": references,
        "supplier": release.supplier,
    }
    return Check(
        data=(tag("script", data_block(told), type="application/json", id="wholetape-check"),),
        scripts=(checker.widget(), checker.starter()),
        styles=(checker.styles(),),
        files=tuple(files),
    )


def _salts(salts: Salts) -> dict[str, str | None]:
    sound, rows = (base64.b64encode(part).decode() for part in (salts.sound, salts.print))
    return {"sound": sound or None, "print": rows}
