"""Messages that two servers could read in two ways: refused, and nothing behind them is read (RFC 9112, section 11.2)."""

import json

import pytest

from wire.raw import Wire, chat, check_error, get, post

CHAT = json.dumps(chat("smuggled")).encode()
SMUGGLED = post("/v1/chat/completions", CHAT)
TARGET = "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\n"


def framed(fields: str, body: bytes = b"") -> bytes:
    return (TARGET + fields + "\r\n\r\n").encode("latin-1") + body


def plain(fields: str) -> bytes:
    return ("GET /health HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n\r\n").encode("latin-1")


def chunked(body: bytes) -> bytes:
    return framed("Transfer-Encoding: chunked", body)


LENGTH = str(len(CHAT))
FRAMING = {
    "length and coding": framed(f"Content-Length: {LENGTH}\r\nTransfer-Encoding: chunked", b"0\r\n\r\n"),
    "coding and length": framed("Transfer-Encoding: chunked\r\nContent-Length: 5", b"0\r\n\r\n"),
    "coding and length 0": framed("Transfer-Encoding: chunked\r\nContent-Length: 0", b"0\r\n\r\n"),
    "two equal lengths": framed(f"Content-Length: {LENGTH}\r\nContent-Length: {LENGTH}", CHAT),
    "two unlike lengths": framed(f"Content-Length: 0\r\nContent-Length: {LENGTH}", CHAT),
    "a list of lengths": framed(f"Content-Length: {LENGTH}, {LENGTH}", CHAT),
    "a length with plus": framed(f"Content-Length: +{LENGTH}", CHAT),
    "a length with minus": framed("Content-Length: -1", CHAT),
    "a length with a space": framed("Content-Length: 1 0", CHAT),
    "a length in hex": framed("Content-Length: 0x10", CHAT),
    "an empty length": framed("Content-Length: ", CHAT),
    "a length beyond 64 bits": framed("Content-Length: 18446744073709551617", CHAT),
    "a space before the length's colon": framed(f"Content-Length : {LENGTH}", CHAT),
    "HTTP/1.0 with two lengths": f"POST /v1/chat/completions HTTP/1.0\r\nContent-Length: 1\r\nContent-Length: {LENGTH}\r\n\r\n".encode() + CHAT,
}
CODINGS = {
    "two codings": framed("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", b"0\r\n\r\n"),
    "chunked, identity": framed("Transfer-Encoding: chunked, identity", b"0\r\n\r\n"),
    "identity": framed("Transfer-Encoding: identity", CHAT),
    "gzip, chunked": framed("Transfer-Encoding: gzip, chunked", b"0\r\n\r\n"),
    "xchunked": framed("Transfer-Encoding: xchunked", b"0\r\n\r\n"),
    "an empty coding": framed("Transfer-Encoding: ", b"0\r\n\r\n"),
    "a coding in HTTP/1.0": b"POST /v1/chat/completions HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
}
LINES = {
    "a vertical tab before the coding": framed("Transfer-Encoding: \x0bchunked", b"0\r\n\r\n"),
    "a space before the coding's colon": framed("Transfer-Encoding : chunked", b"0\r\n\r\n"),
    "a bare LF after the start line": b"GET /health HTTP/1.1\nHost: a\r\n\r\n",
    "a bare LF after a field": b"GET /health HTTP/1.1\r\nHost: a\nX: b\r\n\r\n",
    "bare LFs only": b"GET /health HTTP/1.1\nHost: a\n\n",
    "a bare CR in a value": plain("X: a\rTransfer-Encoding: chunked"),
    "a bare CR in the start line": b"GET /health\rHTTP/1.1\r\nHost: a\r\n\r\n",
    "a folded field": plain("X: a\r\n Transfer-Encoding: chunked"),
    "a folded first field": b"GET /health HTTP/1.1\r\n Host: a\r\n\r\n",
    "a space before the colon": plain("X : a"),
    "no colon": plain("X"),
    "no name": plain(": a"),
    "NUL in a value": plain("X: a\0b"),
    "DEL in a value": plain("X: \x7f"),
    "NUL in a name": plain("X\0: a"),
    "a control character in a name": plain("X\x01: a"),
}
CHUNKS = {
    name: chunked(body)
    for name, body in {
        "garbage": b"zz\r\n", "a minus": b"-1\r\nx\r\n", "a plus": b"+1\r\nx\r\n", "0x": b"0x1\r\nx\r\n",
        "no digits": b"\r\n\r\n", "a leading space": b" 1\r\nx\r\n", "an overflow": b"ffffffffffffffff\r\nx\r\n",
        "too many digits": b"00000000000000000001\r\nx\r\n", "a wrap to 1": b"10000000000000001\r\nx\r\n",
        "a bare LF behind the size": b"1\nx\r\n0\r\n\r\n", "nothing behind the data": b"1\r\nx0\r\n\r\n",
        "a bare LF behind the data": b"1\r\nx\n0\r\n\r\n", "more data than said": b"1\r\nxy\r\n0\r\n\r\n",
        "a bare LF in an extension": b"1;a\n\r\nx\r\n0\r\n\r\n", "a bare LF in the trailers": b"0\r\nX: y\n\r\n",
    }.items()
}
HOSTS = {
    f"host {host!r}": f"GET /health HTTP/1.1\r\nHost: {host}\r\n\r\n".encode("latin-1")
    for host in ("", "a/b", "a b", "a@b", "a?b", "a#b", "a\\b", "a,b", "a:x", "a:80:80", "[::1", "\xe9")
} | {
    "no host": b"GET /health HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "two equal hosts": b"GET /health HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
}
STARTS = {
    "absolute form": b"GET http://a/health HTTP/1.1\r\nHost: a\r\n\r\n",
    "absolute form of another host": b"GET http://evil/health HTTP/1.1\r\nHost: a\r\n\r\n",
    "authority form": b"GET a:80 HTTP/1.1\r\nHost: a\r\n\r\n",
    "CONNECT": b"CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n",
    "a star": b"GET * HTTP/1.1\r\nHost: a\r\n\r\n",
    "a fragment": b"GET /health#x HTTP/1.1\r\nHost: a\r\n\r\n",
    "a space in the target": b"GET /health x HTTP/1.1\r\nHost: a\r\n\r\n",
    "two spaces": b"GET  /health HTTP/1.1\r\nHost: a\r\n\r\n",
    "a tab": b"GET\t/health\tHTTP/1.1\r\nHost: a\r\n\r\n",
    "HTTP/0.9": b"GET /health\r\n\r\n",
    "no version number": b"GET /health HTTP\r\nHost: a\r\n\r\n",
    "http": b"GET /health http/1.1\r\nHost: a\r\n\r\n",
    "not HTTP": b"\x16\x03\x01\x02\x00\x01\r\n\r\n",
}
VERSIONS = {
    "HTTP/1.2": b"GET /health HTTP/1.2\r\nHost: a\r\n\r\n",
    "HTTP/2.0": b"GET /health HTTP/2.0\r\nHost: a\r\n\r\n",
    "HTTP/2's preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
}


def cases():
    for statuses, table in [
        (400, FRAMING), (501, CODINGS), (400, LINES), (400, CHUNKS), (400, HOSTS), (400, STARTS), (505, VERSIONS)
    ]:
        for name, request in table.items():
            yield pytest.param(statuses, request, id=name)


@pytest.mark.parametrize("status, request_bytes", cases())
def test_it_is_refused_and_nothing_behind_it_is_read(gateway, mock, status, request_bytes):
    with Wire(gateway.url) as wire:
        answer = wire.send(request_bytes + SMUGGLED).answer()
        check_error(answer, status)
        assert answer.header("connection") == "close"
        assert wire.to_end() == b""
    # Sent apart, what comes behind the refusal is not read either.
    with Wire(gateway.url) as wire:
        wire.send(request_bytes)
        check_error(wire.answer(), status)
        try:
            wire.send(SMUGGLED)
        except OSError:
            pass
        assert wire.to_end() == b""
    assert mock.requests() == []


def test_lower_case_methods_are_other_methods(gateway, mock):
    with Wire(gateway.url) as wire:
        answer = wire.send(b"get /health HTTP/1.1\r\nHost: a\r\n\r\n").answer()
        check_error(answer, 405)
        assert answer.header("allow") == "GET, HEAD"
        wire.send(post("/v1/chat/completions", CHAT).replace(b"POST", b"post", 1))
        assert wire.answer().status == 405
        assert wire.send(get("/health")).answer().status == 200
    assert mock.requests() == []


def test_extensions_and_trailers_of_chunks_are_dropped(gateway, mock):
    half = len(CHAT) // 2
    body = b"%x;name=value;flag\r\n%s\r\n%X;q=\"a b\"\r\n%s\r\n000\r\nX-Trailer: 1\r\nContent-Length: 3\r\nHost: evil\r\n\r\n" % (
        half, CHAT[:half], len(CHAT) - half, CHAT[half:]
    )
    with Wire(gateway.url) as wire:
        answer = wire.send(chunked(body) + get("/health")).answer()
        assert answer.status == 200
        assert answer.json["choices"][0]["message"]["content"] == "Echo: smuggled"
        assert wire.answer().json["status"] == "healthy"
    request = mock.last()
    names = [name.lower() for name, _ in request["headers"]]
    assert "x-trailer" not in names
    assert names.count("content-length") == 1 and "transfer-encoding" not in names


def test_a_body_where_none_is_wanted_is_not_the_next_request(gateway, mock):
    with Wire(gateway.url) as wire:
        wire.send(b"GET /health HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(SMUGGLED) + SMUGGLED)
        assert wire.answer().status == 200
        assert wire.send(get("/v1/models")).answer().json["object"] == "list"
    assert mock.requests() == []


def test_client_headers_do_not_reach_the_upstream_or_frame_its_request(gateway, mock):
    with Wire(gateway.url) as wire:
        fields = ["X-Evil: 1", "Connection: X-Evil, keep-alive", "X-Request-ID: a\tb", "X-LiteLLM-Call-ID: \xe9"]
        answer = wire.send(post("/v1/chat/completions", CHAT, *fields)).answer()
        assert answer.status == 200
        assert answer.header("x-request-id") not in (None, "a\tb")
    header = mock.last()["header"]
    assert "x-evil" not in header
    assert header["authorization"] == "Bearer sk-up"
