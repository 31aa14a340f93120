"""
From an opened file to decoded pixels that cover the whole picture.
"""

from PIL import Image
from PIL.ImageFile import ImageFile

from tegenbeeld.media.colours import to_rgb
from tegenbeeld.media.limits import check_size


def loaded(file: ImageFile) -> Image.Image:
    """
    Decode a picture.

    The first frame of a GIF may cover only part of it. Around it nothing is drawn, so there the
    page shows, which is white; Pillow would put the first colour of the palette there.

    Args:
        file: Opened, its header within the limits, and no frame sought but those in order.

    Returns:
        In any of Pillow's modes; it may be *file* itself.

    Raises:
        PictureTooLarge: Decoded, the picture is larger than its header says.
        Exception: Whatever a decoder makes of broken bytes.
    """
    covered = file.tile[0].extents if file.format == "GIF" and file.tile else None
    is_first = file.tell() == 0
    file.load()
    # Some formats can turn out larger when decoded than their header says.
    check_size(*file.size)
    if covered in {None, (0, 0, *file.size)} or not is_first:
        return file
    page = Image.new("RGB", file.size, "white")
    page.paste(to_rgb(file.crop(covered)), covered)
    return page
