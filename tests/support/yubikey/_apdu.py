"""What goes over the wire between reader and card: commands and answers (ISO/IEC 7816-4)."""

from dataclasses import dataclass

OK = 0x9000
CHAINED = 0x10
_GET_RESPONSE = 0xC0
_PIECE = 256


@dataclass(frozen=True, kw_only=True)
class Command:
    """One command to a card: an instruction, two parameters, data."""

    ins: int
    p1: int
    p2: int
    data: bytes


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the card says: a status word (SW), and data if that is `OK`."""

    status: int = OK
    data: bytes = b""


class Conversation:
    """Puts commands together that come in pieces, and takes long answers apart."""

    def __init__(self) -> None:
        self._received = b""
        self._left = b""

    def hear(self, message: bytes) -> Command | None:
        """Return the command that `message` completes, if it does."""
        cla, ins, p1, p2 = message[:4]
        self._received += _data(message[4:])
        if cla & CHAINED or ins == _GET_RESPONSE:
            return None
        data, self._received = self._received, b""
        return Command(ins=ins, p1=p1, p2=p2, data=data)

    def say(self, answer: Answer) -> bytes:
        """Return the first piece of an answer."""
        if answer.status != OK:
            return answer.status.to_bytes(2, "big")
        self._left = answer.data
        return self.go_on()

    def go_on(self) -> bytes:
        """Return the next piece: of the last answer, or that a piece of a command arrived."""
        piece, self._left = self._left[:_PIECE], self._left[_PIECE:]
        return piece + (bytes([0x61, min(len(self._left), 0xFF)]) if self._left else b"\x90\x00")


def _data(body: bytes) -> bytes:
    """Return the data of a command: its length is written before it, in one byte or in three."""
    if len(body) < 2:
        return b""
    if body[0] == 0 and len(body) > 3:
        return body[3 : 3 + int.from_bytes(body[1:3], "big")]
    return body[1 : 1 + body[0]]
