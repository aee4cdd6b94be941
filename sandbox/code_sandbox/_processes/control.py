"""The host's end of the socket to a zygote: small messages, some with a descriptor, and never a wait."""

import array
import asyncio
import json
import select
import socket
import struct
from collections import deque
from collections.abc import Callable
from typing import Any

MESSAGE_BYTES = 32 * 1024
"""A message of this socket arrives whole. Longer data is sent in pieces."""
MESSAGES_AT_ONCE = 32
"""Then the loop gets a turn."""
CREDENTIALS = struct.Struct("iii")
ANCILLARY_BYTES = socket.CMSG_SPACE(CREDENTIALS.size) + socket.CMSG_SPACE(struct.calcsize("i"))


class Control:
    """Sends without waiting, and hands on what arrives with the number of the process that sent it."""

    def __init__(
        self,
        ours: socket.socket,
        *,
        on_message: Callable[[dict[str, Any], int, socket.socket | None], None],
        on_end: Callable[[], None],
    ) -> None:
        """Takes the socket.

        Args:
            ours: A connected socket of whole messages. Closed by `close`.
            on_message: Gets a message, the sender's process as the kernel tells it, and the socket that came along.
            on_end: Called once, when nobody holds the other end any more.
        """
        self._socket = ours
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self._on_message = on_message
        self._on_end = on_end
        self._unsent: deque[bytes] = deque()
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._socket, self._receive)
        self._is_open = True

    def send(self, order: str, *numbers: int) -> None:
        """Sends an order in plain words, as soon as there is room. Does nothing once closed."""
        self._post(" ".join((order, *map(str, numbers))).encode())

    def send_data(self, data: bytes) -> None:
        """Announces the length of the data and sends it in pieces."""
        self.send("data", len(data))
        for begin in range(0, len(data), MESSAGE_BYTES):
            self._post(data[begin : begin + MESSAGE_BYTES])

    def is_deaf(self) -> bool:
        """Tells at once whether the other end is gone, before the loop has noticed."""
        if not self._is_open:
            return True
        poll = select.poll()
        poll.register(self._socket, 0)
        return any(event & (select.POLLHUP | select.POLLERR) for _, event in poll.poll(0))

    def close(self) -> None:
        """Closes the socket, which ends the zygote and all it holds."""
        if self._is_open:
            self._is_open = False
            self._loop.remove_reader(self._socket)
            self._loop.remove_writer(self._socket)
            self._socket.close()

    def _post(self, data: bytes) -> None:
        if not self._is_open:
            return
        self._unsent.append(data)
        if len(self._unsent) == 1:
            self._flush()

    def _flush(self) -> None:
        try:
            while self._unsent:
                self._socket.send(self._unsent[0])
                self._unsent.popleft()
        except BlockingIOError:
            self._loop.add_writer(self._socket, self._flush)
            return
        except OSError:
            # The other end is gone: the reading side notices and tells.
            self._unsent.clear()
        self._loop.remove_writer(self._socket)

    def _receive(self) -> None:
        for _ in range(MESSAGES_AT_ONCE):
            if not self._is_open:
                return
            try:
                data, ancillary, _, _ = self._socket.recvmsg(MESSAGE_BYTES, ANCILLARY_BYTES, socket.MSG_CMSG_CLOEXEC)
            except BlockingIOError:
                return
            except OSError:
                data, ancillary = b"", []
            if not data:
                self._loop.remove_reader(self._socket)
                self._on_end()
                return
            sender, handed = 0, None
            for _, kind, content in ancillary:
                if kind == socket.SCM_CREDENTIALS:
                    sender = CREDENTIALS.unpack_from(content)[0]
                elif kind == socket.SCM_RIGHTS:
                    handed = socket.socket(fileno=array.array("i", content)[0])
            self._on_message(json.loads(data), sender, handed)
