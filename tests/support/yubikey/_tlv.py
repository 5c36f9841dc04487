"""Tag, length, value: how cards write structured data (BER-TLV, ISO/IEC 7816-4 section 5.2.2)."""

from collections.abc import Iterator


def tlv(tag: int, value: bytes) -> bytes:
    """Return `value` under a tag of one or more bytes."""
    name = tag.to_bytes((tag.bit_length() + 7) // 8, "big")
    return name + _length(len(value)) + value


def parts(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield what `data` consists of; raise `ValueError` or `IndexError` if it is cut off."""
    at = 0
    while at < len(data):
        end = at + 1
        if data[at] & 0x1F == 0x1F:  # the tag goes on
            while data[end] & 0x80:
                end += 1
            end += 1
        tag, length, at = int.from_bytes(data[at:end], "big"), data[end], end + 1
        if length & 0x80:
            more = length & 0x7F
            length, at = int.from_bytes(data[at : at + more], "big"), at + more
        if at + length > len(data):
            raise ValueError("the data is shorter than it says")
        yield tag, data[at : at + length]
        at += length


def _length(number: int) -> bytes:
    if number < 0x80:
        return bytes([number])
    written = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(written)]) + written
