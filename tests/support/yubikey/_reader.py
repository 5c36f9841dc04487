"""The card's end of a virtual reader: messages with their length in two bytes before them."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.yubikey._apdu import Conversation
from tests.support.yubikey._card import PivCard

_POWER_OFF, _POWER_ON, _RESET, _ATR = b"\0", b"\1", b"\2", b"\4"
_YUBIKEY_5 = bytes.fromhex("3bfd1300008131fe158073c021c057597562694b657940")


@contextmanager
def put_in(card: PivCard, reader: socket.socket) -> Iterator[None]:
    """Let the reader speak to the card, until the end."""
    speaking = threading.Thread(target=_speak, args=(card, reader))
    speaking.start()
    try:
        yield
    finally:
        reader.shutdown(socket.SHUT_RDWR)
        speaking.join()


def _speak(card: PivCard, reader: socket.socket) -> None:
    conversation = Conversation()
    while message := _receive(reader):
        if message in {_POWER_OFF, _POWER_ON, _RESET}:
            card.reset()
            conversation = Conversation()
        elif message == _ATR:
            _send(reader, _YUBIKEY_5)
        else:
            command = conversation.hear(message)
            _send(
                reader, conversation.say(card.answer(command)) if command else conversation.go_on()
            )


def _send(reader: socket.socket, message: bytes) -> None:
    reader.sendall(len(message).to_bytes(2, "big") + message)


def _receive(reader: socket.socket) -> bytes:
    """Return the next message; nothing at the end."""
    return _exactly(reader, int.from_bytes(_exactly(reader, 2), "big"))


def _exactly(reader: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        # The reader sends length and message apart, and the message when the length has arrived:
        # it would learn that only 40 ms later, for each of the many messages.
        reader.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        try:
            more = reader.recv(count - len(data))
        except ConnectionResetError:  # the daemon ended before we did
            more = b""
        if not more:
            return b""
        data += more
    return data
