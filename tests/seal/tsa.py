"""A real time-stamp authority on the loopback: ``openssl ts`` behind an HTTP server.

with Authority(folder, "Clock A") as a:
    a.url, a.roots_pem
"""

from __future__ import annotations

import contextlib
import datetime
import subprocess
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

DAY = datetime.timedelta(days=1)
_CONFIG = """
[tsa]
dir = {folder}
serial = {folder}/serial
signer_cert = {folder}/signer.pem
signer_key = {folder}/signer.key
certs = {folder}/root.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = {accuracy}
ordering = no
tsa_name = yes
ess_cert_id_chain = no
"""


class Authority:
    """An authority with its own root; ``reply`` may be changed to let it misbehave."""

    def __init__(
        self,
        folder: Path,
        name: str = "Clock",
        *,
        ends: datetime.datetime | None = None,
        time_stamping: bool = True,
        accuracy: str = "secs:1",
        elliptic: bool = True,
    ) -> None:
        self.folder = folder / name.replace(" ", "-")
        self.folder.mkdir(parents=True)
        self.name = name
        self.requests: list[bytes] = []
        self.reply: Callable[[bytes], bytes] = self.honest
        self.status = 200
        self.kind = "application/timestamp-reply"
        now = datetime.datetime.now(datetime.UTC)
        root_key = make_key(elliptic)
        root = certificate(f"{name} root", root_key, None, root_key, now - 400 * DAY, now + 400 * DAY, authority=True)
        key = make_key(elliptic)
        signer = certificate(
            name, key, root, root_key, now - 300 * DAY, ends or now + 300 * DAY, time_stamping=time_stamping
        )
        self.roots_pem = root.public_bytes(serialization.Encoding.PEM)
        (self.folder / "root.pem").write_bytes(self.roots_pem)
        (self.folder / "signer.pem").write_bytes(signer.public_bytes(serialization.Encoding.PEM))
        (self.folder / "signer.key").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        (self.folder / "serial").write_text("01\n")
        (self.folder / "tsa.cnf").write_text(_CONFIG.format(folder=self.folder, accuracy=accuracy))
        self.root_file = self.folder / "root.pem"
        self._lock = threading.Lock()

    def honest(self, request: bytes) -> bytes:
        """What ``openssl ts`` replies."""
        with self._lock:
            (self.folder / "query").write_bytes(request)
            words = ["openssl", "ts", "-reply", "-config", str(self.folder / "tsa.cnf"), "-section", "tsa"]
            subprocess.run(
                [*words, "-queryfile", str(self.folder / "query"), "-out", str(self.folder / "reply")],
                check=True,
                capture_output=True,
            )
            return (self.folder / "reply").read_bytes()

    def __enter__(self) -> Authority:
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                request = self.rfile.read(int(self.headers["Content-Length"]))
                assert self.headers["Content-Type"] == "application/timestamp-query"
                owner.requests.append(request)
                reply = owner.reply(request)
                self.send_response(owner.status)
                self.send_header("Content-Type", owner.kind)
                self.send_header("Content-Length", str(len(reply)))
                self.end_headers()
                with contextlib.suppress(ConnectionError):  # a client that has read enough
                    self.wfile.write(reply)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/tsa"
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def make_key(elliptic: bool) -> Key:
    return ec.generate_private_key(ec.SECP256R1()) if elliptic else rsa.generate_private_key(65537, 2048)


def certificate(
    name: str,
    key: Key,
    issuer: x509.Certificate | None,
    issuer_key: Key,
    starts: datetime.datetime,
    ends: datetime.datetime,
    *,
    authority: bool = False,
    time_stamping: bool = True,
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer is not None else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(starts)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=not authority,
                content_commitment=False,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=authority,
                crl_sign=authority,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    if not authority:
        usage = ExtendedKeyUsageOID.TIME_STAMPING if time_stamping else ExtendedKeyUsageOID.SERVER_AUTH
        made = made.add_extension(x509.ExtendedKeyUsage([usage]), critical=True)
    return made.sign(issuer_key, hashes.SHA256())
