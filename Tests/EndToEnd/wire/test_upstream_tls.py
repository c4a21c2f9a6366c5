"""TLS towards upstreams: certificates are checked, unless somebody says otherwise."""

import ssl
import subprocess
import threading

import pytest

from wire.raw import ask, chat, check_error
from wire.test_upstream import Upstream, well


def openssl(directory, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=directory, check=True, capture_output=True)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """A CA of our own, and a certificate it gave to 'localhost'."""
    directory = tmp_path_factory.mktemp("certificates")
    openssl(directory, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "ca.key",
            "-out", "ca.pem", "-days", "2", "-subj", "/CN=Test CA")
    openssl(directory, "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "server.key",
            "-out", "server.csr", "-subj", "/CN=localhost")
    (directory / "names").write_text("subjectAltName=DNS:localhost\n")
    openssl(directory, "x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
            "-out", "server.pem", "-days", "2", "-extfile", "names")
    return directory


@pytest.fixture(scope="module")
def tls_upstream(certificates):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / "server.pem", certificates / "server.key")

    def secured(upstream, connection):
        try:
            with context.wrap_socket(connection, server_side=True) as secure:
                upstream.ciphers.add(secure.version())
                well(upstream, secure)
        except OSError:
            upstream.failed.set()

    upstream = Upstream(secured)
    upstream.ciphers = set()
    upstream.failed = threading.Event()
    upstream.port = upstream.listener.getsockname()[1]
    yield upstream
    upstream.close()


def place(host: str, port: int, more: str = "") -> str:
    return f"""
model_list:
  - model_name: m
    litellm_params: {{model: openai/gpt-4o, api_base: "https://{host}:{port}/v1", api_key: sk-up}}
{more}
"""


def refused(gateway) -> None:
    for stream in (False, True):
        error = check_error(ask(gateway.url, chat(stream=stream)), 502, "server_error")
        assert error["code"] == "tls_error", error


def test_a_certificate_nobody_vouches_for_is_refused(launch_gateway, tls_upstream):
    before = tls_upstream.requests
    refused(launch_gateway(place("localhost", tls_upstream.port)))
    assert tls_upstream.requests == before


def test_a_certificate_of_a_trusted_ca_is_taken(launch_gateway, tls_upstream, certificates):
    environment = {"SSL_CERT_FILE": str(certificates / "ca.pem")}
    gateway = launch_gateway(place("localhost", tls_upstream.port), env=environment)
    for _ in range(3):
        assert ask(gateway.url, chat()).json["choices"][0]["message"]["content"] == "hi"
    assert tls_upstream.ciphers <= {"TLSv1.3", "TLSv1.2"}


def test_a_ca_file_in_the_configuration_is_trusted(launch_gateway, tls_upstream, certificates):
    more = f'litellm_settings: {{ssl_verify: "{certificates / "ca.pem"}"}}'
    assert ask(launch_gateway(place("localhost", tls_upstream.port, more)).url, chat()).status == 200


def test_a_certificate_for_another_name_is_refused(launch_gateway, tls_upstream, certificates):
    environment = {"SSL_CERT_FILE": str(certificates / "ca.pem")}
    refused(launch_gateway(place("127.0.0.1", tls_upstream.port), env=environment))


def test_without_checks_any_certificate_is_taken(launch_gateway, tls_upstream):
    for host in ("localhost", "127.0.0.1"):
        gateway = launch_gateway(place(host, tls_upstream.port, "litellm_settings: {ssl_verify: false}"))
        assert ask(gateway.url, chat()).status == 200


def test_an_upstream_that_speaks_no_tls_is_refused(launch_gateway):
    def babble(upstream, connection):
        connection.recv(65536)
        upstream.reply(connection)

    upstream = Upstream(babble, lambda upstream, connection: connection.recv(65536))
    try:
        refused(launch_gateway(place("127.0.0.1", upstream.listener.getsockname()[1])))
    finally:
        upstream.close()


def test_a_handshake_that_is_not_answered_is_a_connection_that_takes_too_long(launch_gateway):
    upstream = Upstream(lambda upstream, connection: connection.recv(65536) and connection.recv(65536))
    try:
        gateway = launch_gateway(place("127.0.0.1", upstream.listener.getsockname()[1], "server: {connect_timeout: 1}"))
        error = check_error(ask(gateway.url, chat()), 408, "timeout_error")
        assert "connection" in error["message"].lower()
    finally:
        upstream.close()
