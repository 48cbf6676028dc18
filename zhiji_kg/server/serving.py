"""The door to waitress: the web server in front of the application, and what it says when nobody else can."""

import errno
import logging
import select
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import create_server
from waitress.task import ErrorTask
from waitress.utilities import RequestHeaderFieldsTooLarge

from ..errors import ZhijiError, cannot_run, unreadable
from .headers import GUARDS
from .problems import as_text

if TYPE_CHECKING:
    from flask import Flask
    from waitress.adjustments import Adjustments

    from ..workers.limits import Limits

_CONNECTIONS = 800 if hasattr(select, "poll") else 400  # most systems let a process have 1024 files; select() has 512
_WAITING = 1024  # connections that the system keeps until they are taken
_ENDS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name))
_HEADER_KB = 64
_PATIENCE_MB = 16
_IDLE_SECONDS = 60
_REQUEST_SECONDS = 30  # from the first byte of a request to its last
_STALLED_SECONDS = 30  # without reading a byte of an answer that is there
_OF_ONE_ADDRESS = _CONNECTIONS // 2


def serve_until_stopped(
    app: "Flask",
    host: str,
    port: int,
    limits: "Limits",
    listening: Callable[[str], None] = lambda _: None,
    ending: Callable[[], None] = lambda: None,
) -> None:
    """Answer requests until SIGINT or SIGTERM; on Windows until Ctrl-C, Ctrl-Break or the window is closed.

    Args:
        app: what answers.
        host: the address to listen at.
        port: likewise; 0 takes any that is free.
        limits: how many requests at once, and how large one may be.
        listening: told the address as soon as requests are taken.
        ending: called when the end begins, so that nobody is waited for whose answer would take long.

    Raises:
        CannotRunError: when the port is taken or the address is not one of this machine.
    """
    server = listen(app, host, port, limits)

    def stop(*_: object) -> None:
        ending()
        raise SystemExit  # what waitress takes for the end

    before = {number: signal.signal(number, stop) for number in _ENDS}
    try:
        listening(server.url)
        server.run()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        server.close()


def listen(app: "Flask", host: str, port: int, limits: "Limits") -> "Listening":
    """A server that listens, and takes requests as soon as it runs.

    Raises:
        CannotRunError: when the port is taken or the address is not one of this machine.
    """
    try:
        _refuse_if_taken(host, port)
        server = create_server(app, host=host, port=port, **_settings(limits))
    except (OSError, ValueError, OverflowError) as error:
        raise _cannot_listen(f"{host}:{port}", error) from None
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that requests wait for a thread is no news
    for one in _each(server):
        one.channel_class = _Channel
    return Listening(server)


def _cannot_listen(address: str, error: Exception) -> ZhijiError:
    if getattr(error, "errno", None) in (errno.EADDRINUSE, errno.EACCES, errno.EPERM):
        return cannot_run("port-in-use", address=address, reason=getattr(error, "strerror", "") or str(error))
    return cannot_run("bad-address", address=address)


def _refuse_if_taken(host: str, port: int) -> None:
    """Windows gives two servers the same port, unless one of them asks to have it alone."""
    alone = getattr(socket, "SO_EXCLUSIVEADDRUSE", None)
    if alone is None or not port:
        return
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        with socket.socket(family, kind, protocol) as asked:
            asked.setsockopt(socket.SOL_SOCKET, alone, 1)
            asked.bind(address)


def _settings(limits: "Limits") -> dict[str, Any]:
    return {
        "threads": limits.threads,
        "connection_limit": _CONNECTIONS,
        "backlog": _WAITING,
        "max_request_body_size": limits.query_kb * 1024 + 1,
        "max_request_header_size": _HEADER_KB * 1024,
        "channel_timeout": _IDLE_SECONDS,
        "cleanup_interval": _IDLE_SECONDS // 4,
        "recv_bytes": 65536,
        "asyncore_use_poll": True,  # where there is poll(): select() knows no more than 1024 files
        "clear_untrusted_proxy_headers": True,
        "ident": None,
    }


@dataclass(frozen=True, slots=True)
class Listening:
    """A server on its socket."""

    server: Any

    @property
    def url(self) -> str:
        """Where it is to be found."""
        host, port = getattr(self.server, "effective_listen", [None])[0] or (
            self.server.effective_host,
            self.server.effective_port,
        )
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def run(self) -> None:
        """Answer until ``close`` or a signal."""
        self.server.run()

    def close(self) -> None:
        """Take no more requests."""
        self.server.close()


def _each(server: object) -> list[Any]:
    """One server for each address that a name like ``localhost`` stands for."""
    return [one for one in getattr(server, "map", {}).values() if hasattr(one, "channel_class")] or [server]


class _AddressTooLong(RequestHeaderFieldsTooLarge):  # type: ignore[misc]  # waitress is not typed
    code = 414
    reason = "URI Too Long"


class _Parser(HTTPRequestParser):  # type: ignore[misc]
    """Reads a request; who asks whether to send a body that is too large is told no."""

    error: Any = None
    expect_continue: bool = False

    def received(self, data: bytes) -> int:
        """Take what came in; gives how much of it belongs to this request."""
        taken = super().received(data)
        if self.error:
            self.expect_continue = False  # else waitress says "100 Continue" before it refuses
        if isinstance(self.error, RequestHeaderFieldsTooLarge) and b"\n" not in self._begun(data):
            self.error = _AddressTooLong(self.error.body)
        return int(taken)

    def _begun(self, data: bytes) -> bytes:
        return bytes(self.header_plus + data).lstrip()[: self.adj.max_request_header_size]


class _Refusal(ErrorTask):  # type: ignore[misc]
    """The answer to what never reached the application: in our words, under the same headers."""

    def execute(self) -> None:
        """Write it and close."""
        error = self.request.error
        body = as_text(_refused(error.code, self.channel.adj))
        self.status = f"{error.code} {error.reason}"
        self.response_headers.extend(GUARDS.items())
        self.response_headers.extend([("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")])
        self.set_close_on_finish()
        self.channel.refused = True
        self.content_length = len(body)
        self.write(body)


class _Channel(HTTPChannel):  # type: ignore[misc]
    """A connection that reads and refuses as we do.

    A connection that is closed on what a client still sends is reset, and the client may never read
    why it was refused. So after a refusal our side is closed first, and what comes is read and dropped.

    Who sends a request without end, reads nothing of an answer or takes half of all connections is cut
    off: no thread ever waits for such a client.
    """

    parser_class = _Parser
    error_task_class = _Refusal
    refused = False
    _patience = 0
    _began = 0.0  # when the request that is being read began
    _cut = False

    def __init__(self, *given: object, **more: object) -> None:
        """Take a connection; one address has no more than its share."""
        super().__init__(*given, **more)
        others = list(self.server.active_channels.values())
        alike = sum(_host(channel.addr) == _host(self.addr) for channel in others)
        self.will_close = alike > _OF_ONE_ADDRESS

    def received(self, data: bytes) -> bool:
        """Take what came in, and remember when its request began."""
        if self.request is None:
            self._began = time.monotonic()
        return bool(super().received(data))

    def _stands_still(self) -> bool:
        begun = self.request is not None and time.monotonic() - self._began > _REQUEST_SECONDS
        unread = self.total_outbufs_len and time.time() - self.last_activity > _STALLED_SECONDS
        return bool(self._cut or begun or unread)

    def _flush_outbufs_below_high_watermark(self) -> None:
        """No thread waits for a client to read: who asks for more with that much unread is cut off."""
        if self.total_outbufs_len > self.adj.outbuf_high_watermark:
            self.connected, self._cut = False, True  # what waitress takes for a client that is gone
            self.server.pull_trigger()

    def handle_close(self) -> None:
        """Close; after a refusal our side first."""
        if self.refused and self.connected and not self._patience:
            try:
                self.socket.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # it is gone already
            else:
                self._patience = _PATIENCE_MB * 1024 * 1024
                self.will_close = self.close_when_flushed = False
                return
        super().handle_close()

    def readable(self) -> bool:
        """Whether there may be something to read; asked about once a second, so here it is noticed who stands still."""
        if self._stands_still():
            super().handle_close()  # at once: what nobody reads can never be flushed
            return False
        return bool(self._patience or super().readable())

    def writable(self) -> bool:
        """Whether there is something to write."""
        return bool(self.connected and super().writable())

    def handle_read(self) -> None:
        """Read what came in; after a refusal drop it."""
        if not self._patience:
            super().handle_read()
            return
        try:
            self._patience -= len(self.recv(self.adj.recv_bytes))
        except OSError:
            self._patience = -1
        if self._patience <= 0:
            self._patience = -1
            super().handle_close()


def _host(address: object) -> object:
    """Who it is, whatever port it comes from; the others of a socket without addresses are all one."""
    return address[0] if isinstance(address, tuple) else address


def _refused(status: int, settings: "Adjustments") -> ZhijiError:
    if status == 413:
        return unreadable("request-too-large", kb=(settings.max_request_body_size - 1) // 1024)
    if status in (414, 431):
        return unreadable("address-too-long", kb=settings.max_request_header_size // 1024)
    return cannot_run("our-fault") if status == 500 else unreadable("bad-request")
