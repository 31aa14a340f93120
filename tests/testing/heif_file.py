"""
Puts pictures that are coded already into HEIF files with the properties that a test needs.

An encoder writes what it finds right. A test also needs what phones write and what attackers do:
a picture in tiles, turned by a property, with a thumbnail before it, or of a size that is a lie.
"""

from dataclasses import dataclass, field

Property = bytes
"""
A box that describes an item, whole.
"""


@dataclass(frozen=True)
class Coded:
    """
    A picture as HEVC: its settings and its data.
    """

    settings: Property
    """Box `hvcC`."""
    data: bytes


@dataclass(frozen=True)
class Item:
    """
    One entry of a file. Items are numbered from 1 in their order.
    """

    kind: bytes
    """`hvc1` for a coded picture, `grid` for one of tiles, `Exif` for notes."""
    data: bytes
    properties: tuple[Property, ...] = ()
    references: tuple[tuple[bytes, tuple[int, ...]], ...] = field(default=())
    """What it says of other items: name of the tie (`thmb`, `auxl`, `dimg`, `cdsc`), numbers."""


def box(name: bytes, *parts: bytes) -> bytes:
    """
    Make a box. Source: ISO/IEC 14496-12 §4.2.
    """
    body = b"".join(parts)
    return (8 + len(body)).to_bytes(4) + name + body


def full_box(name: bytes, *parts: bytes, version: int = 0, flags: int = 0) -> bytes:
    """
    Make a box with a version and flags.
    """
    return box(name, bytes([version]), flags.to_bytes(3), *parts)


def extent(width: int, height: int) -> Property:
    """
    Say how large an item is. Source: ISO/IEC 23008-12 §6.5.3.
    """
    return full_box(b"ispe", width.to_bytes(4), height.to_bytes(4))


def turned(quarters: int) -> Property:
    """
    Turn an item counter-clockwise. Source: ISO/IEC 23008-12 §6.5.10.
    """
    return box(b"irot", bytes([quarters]))


def mirrored(axis: int) -> Property:
    """
    Mirror an item: 0 swaps top and bottom, 1 left and right. Source: ISO/IEC 23008-12 §6.5.12.
    """
    return box(b"imir", bytes([axis]))


def alpha_of(number: int, coded: Coded, size: tuple[int, int]) -> Item:
    """
    Say how opaque each pixel of item *number* is. Source: ISO/IEC 23008-12 §6.5.8, annex B.2.4.
    """
    kind = full_box(b"auxC", b"urn:mpeg:hevc:2015:auxid:1\0")
    properties = (coded.settings, extent(*size), kind)
    return Item(b"hvc1", coded.data, properties, ((b"auxl", (number,)),))


def grid(rows: int, columns: int, size: tuple[int, int]) -> bytes:
    """
    Give the data of an item made of tiles. Source: ISO/IEC 23008-12 §6.6.2.3.
    """
    width, height = size
    sides = width.to_bytes(4) + height.to_bytes(4)
    return bytes([0, 1, rows - 1, columns - 1]) + sides


def coded_in(content: bytes) -> Coded:
    """
    Take the first picture out of a HEIC file that libheif or this module wrote.
    """
    settings = _find(content, b"hvcC")
    # Of the first entry: number, source, base, how many parts, offset, length.
    entry = _find(content, b"iloc")[16:]
    start = int.from_bytes(entry[4:8]) + int.from_bytes(entry[10:14])
    length = int.from_bytes(entry[14:18])
    return Coded(settings, content[start : start + length])


def _find(content: bytes, name: bytes) -> bytes:
    at = content.index(name) - 4
    return content[at : at + int.from_bytes(content[at : at + 4])]


def heif_file(items: list[Item], *, primary: int = 1, brand: bytes = b"heic") -> bytes:
    """
    Write a file.

    Args:
        items: What goes in.
        primary: Number of the item that the file shows.
        brand: Which kind of file it says it is.
    """
    start = box(b"ftyp", brand, bytes(4), b"mif1", brand)
    before_data = len(start) + len(_meta(items, primary, 0)) + 8
    data = box(b"mdat", *(item.data for item in items))
    return start + _meta(items, primary, before_data) + data


def _meta(items: list[Item], primary: int, data_start: int) -> bytes:
    """
    Describe all items. Source: ISO/IEC 14496-12 §8.11, ISO/IEC 23008-12 §9.3.
    """
    return full_box(
        b"meta",
        full_box(b"hdlr", bytes(4), b"pict", bytes(13)),
        full_box(b"pitm", primary.to_bytes(2)),
        _locations(items, data_start),
        _kinds(items),
        _properties(items),
        _references(items),
    )


def _locations(items: list[Item], data_start: int) -> bytes:
    entries = []
    at = data_start
    for number, item in enumerate(items, start=1):
        start, length = at.to_bytes(4), len(item.data).to_bytes(4)
        entries.append(number.to_bytes(2) + bytes(6) + (1).to_bytes(2) + start + length)
        at += len(item.data)
    return full_box(b"iloc", b"\x44\x40", len(items).to_bytes(2), *entries)


def _kinds(items: list[Item]) -> bytes:
    entries = [
        full_box(b"infe", number.to_bytes(2), bytes(2), item.kind, b"\0", version=2)
        for number, item in enumerate(items, start=1)
    ]
    return full_box(b"iinf", len(items).to_bytes(2), *entries)


def _properties(items: list[Item]) -> bytes:
    """
    List each property once, and say which item has which: turns in the order they were given.
    """
    listed = list(dict.fromkeys(one for item in items for one in item.properties))
    entries = []
    for number, item in enumerate(items, start=1):
        places = bytes(0x80 | (1 + listed.index(one)) for one in item.properties)
        entries.append(number.to_bytes(2) + bytes([len(places)]) + places)
    described = [item for item in entries if item[2] > 0]
    ties = full_box(b"ipma", len(described).to_bytes(4), *described)
    return box(b"iprp", box(b"ipco", *listed), ties)


def _references(items: list[Item]) -> bytes:
    entries = [
        box(name, number.to_bytes(2), len(targets).to_bytes(2), *(to.to_bytes(2) for to in targets))
        for number, item in enumerate(items, start=1)
        for name, targets in item.references
    ]
    return full_box(b"iref", *entries) if entries else b""
