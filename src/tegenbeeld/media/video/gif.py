"""
Whether a GIF moves, told from the order of its parts without decoding any.

Source: GIF89a specification, §12 and appendix A.
"""

from typing import BinaryIO

_IMAGE, _EXTENSION = 0x2C, 0x21
_HEADER_BYTES, _DESCRIPTOR_BYTES = 13, 9
_FLAGS_OF_HEADER, _FLAGS_OF_IMAGE = 10, 8
_HAS_COLOURS, _SIZE_OF_COLOURS = 0x80, 0x07


def is_moving_gif(file: BinaryIO) -> bool:
    """
    Tell whether a GIF has a second frame.

    Args:
        file: Seekable. One that ends early does not move, unless a second frame has begun.
    """
    file.seek(0)
    header = file.read(_HEADER_BYTES)
    if len(header) < _HEADER_BYTES:
        return False
    _skip_colours(file, header[_FLAGS_OF_HEADER])
    images = 0
    while (kind := file.read(1)) and kind[0] in (_IMAGE, _EXTENSION):
        if kind[0] == _EXTENSION:
            file.seek(1, 1)
        else:
            images += 1
            descriptor = file.read(_DESCRIPTOR_BYTES)
            if images > 1 or len(descriptor) < _DESCRIPTOR_BYTES:
                break
            _skip_colours(file, descriptor[_FLAGS_OF_IMAGE])
            # How wide the codes are that follow.
            file.seek(1, 1)
        _skip_blocks(file)
    return images > 1


def _skip_colours(file: BinaryIO, flags: int) -> None:
    if flags & _HAS_COLOURS:
        file.seek(3 << ((flags & _SIZE_OF_COLOURS) + 1), 1)


def _skip_blocks(file: BinaryIO) -> None:
    while (size := file.read(1)) and size[0]:
        file.seek(size[0], 1)
