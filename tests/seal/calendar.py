"""A calendar of OpenTimestamps on the loopback, and the blocks that it puts its commitments into.

with Calendar() as calendar:
    calendar.url
    calendar.mine()             # what was submitted so far is in a block from now on
    calendar.headers[0]         # its 80 bytes
"""

from __future__ import annotations

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentimestamps.core.notary import BitcoinBlockHeaderAttestation, PendingAttestation
from opentimestamps.core.op import OpAppend, OpPrepend, OpSHA256
from opentimestamps.core.serialize import BytesSerializationContext
from opentimestamps.core.timestamp import Timestamp

TIME = 1_700_000_000
HEIGHT = 800_000


def header(root: bytes, time: int = TIME) -> bytes:
    """A block's header with this Merkle root; nobody has worked for it."""
    return b"\0\0\0\x20" + bytes(32) + root + time.to_bytes(4, "little") + bytes(8)


def block_hash(data: bytes) -> str:
    """As people write it."""
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()[::-1].hex()


class Calendar:
    """Promises everything, and keeps what it promised when told to; ``bend`` may change each reply."""

    def __init__(self) -> None:
        self.submitted: list[bytes] = []
        self.proofs: dict[bytes, Timestamp] = {}
        self.headers: list[bytes] = []
        self.bend = lambda data: data
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                data = self.rfile.read(int(self.headers["Content-Length"]))
                outer.submitted.append(data)
                stamp = Timestamp(data)
                stamp.attestations.add(PendingAttestation(outer.url))
                self.answer(200, encode(stamp))

            def do_GET(self) -> None:
                found = outer.proofs.get(bytes.fromhex(self.path.rpartition("/")[2]))
                self.answer(404 if found is None else 200, b"" if found is None else encode(found))

            def answer(self, status: int, data: bytes) -> None:
                data = outer.bend(data)
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)

    def mine(self) -> None:
        """Puts every commitment into a block of its own."""
        for number, data in enumerate(self.submitted):
            stamp = Timestamp(data)
            end = stamp.ops.add(OpPrepend(b"left")).ops.add(OpSHA256()).ops.add(OpAppend(b"right")).ops.add(OpSHA256())
            end.attestations.add(BitcoinBlockHeaderAttestation(HEIGHT + number))
            self.proofs[data] = stamp
            self.headers.append(header(end.msg, TIME + number))

    def __enter__(self) -> Calendar:
        self.thread.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)


def encode(stamp: Any) -> bytes:
    """The bytes of a calendar's reply."""
    target = BytesSerializationContext()
    stamp.serialize(target)
    return bytes(target.getbytes())
