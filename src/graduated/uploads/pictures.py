"""Looking at a picture: its size before anything is unpacked, whether it is whole, a small one without its secrets."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

from PIL import Image, ImageOps

from graduated.uploads.kinds import MOST_PIXELS, PREVIEW, Finding, WrongFile

_DAMAGED = "This picture is damaged. Open it, save it again and try once more."
_ON_ITS_SIDE = frozenset({5, 6, 7, 8})
_ORIENTATION = 0x0112


def look(path: Path, media_type: str, preview: Path | None) -> Finding:
    """A JPEG or PNG picture. Raises WrongFile."""
    warnings.simplefilter("ignore")  # of strange notes that a camera left
    Image.MAX_IMAGE_PIXELS = None  # counted here, with a limit of our own, before anything is unpacked
    try:
        with Image.open(path, formats=["JPEG" if media_type == "image/jpeg" else "PNG"]) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS:
                raise WrongFile(
                    f"This picture has {width * height // 1_000_000} million pixels; up to "
                    f"{MOST_PIXELS // 1_000_000} million are taken. Save a smaller copy."
                )
            if picture.getexif().get(_ORIENTATION) in _ON_ITS_SIDE:
                width, height = height, width
            picture.draft("RGB", (PREVIEW * 2, PREVIEW * 2))  # a JPEG is unpacked smaller, and still to its end
            picture.load()
            if preview:
                preview.write_bytes(smaller(picture))
    except (WrongFile, MemoryError):
        raise
    except Exception as error:
        raise WrongFile(_DAMAGED) from error
    return Finding(media_type, width=width, height=height, has_preview=preview is not None)


def smaller(picture: Image.Image) -> bytes:
    """The preview of a picture, as a JPEG."""
    out = io.BytesIO()
    _small(picture).save(out, "JPEG", quality=80)
    return out.getvalue()


def _small(picture: Image.Image) -> Image.Image:
    """Upright, on white, at most so large; made anew from the dots, so that no place, camera or comment comes along."""
    small = ImageOps.exif_transpose(picture) or picture
    small.thumbnail((PREVIEW, PREVIEW))
    if small.has_transparency_data:
        small = small.convert("RGBA")
        sheet = Image.new("RGB", small.size, "white")
        sheet.paste(small, mask=small.getchannel("A"))
        return sheet
    small = small.convert("RGB")
    return Image.frombytes("RGB", small.size, small.tobytes())
