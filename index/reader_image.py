"""Read pictures of documents: photographs, scans of one or more pages, pictures of web pages."""

import warnings
from collections.abc import Iterator
from io import BytesIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from index.errors import PolicyFileError
from index.page_text import text_of
from index.page_types import Page
from index.types import Extract

_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP", "MPO")
_MAX_PIXELS = 120_000_000  # of one page: A2 at 600 dots an inch; 360 MB as bytes
_MAX_PAGES = 100  # as for scanned PDF files
_WIDTH = 1654  # pixels: A4 across at 200 dots an inch; more takes longer and is not read better
_MIN_WIDTH = 900  # pixels: characters of pictures that are smaller are enlarged before they are read
_MAX_HEIGHT = 30_000  # pixels at that width: a web page of twenty screens
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError, MemoryError)


def read(data: bytes, name: str) -> Extract:
    """Read the pages of a picture by character recognition.

    :raises PolicyFileError: if it is damaged, too large, or has too many pages.
    """
    return text_of(list(_pages(data, name)))


def _pages(data: bytes, name: str) -> Iterator[Page]:
    from index import reader_ocr  # slow to load and large; most files need it never

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of sizes, which are checked below, and of odd metadata
            image = Image.open(BytesIO(data), formats=_FORMATS)
            count = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
            if count > _MAX_PAGES:
                raise PolicyFileError(f"{name} 有 {count} 页，超过 {_MAX_PAGES} 页的上限。请拆成几份再导入。")
            for index in range(count):
                image.seek(index)
                yield reader_ocr.page_of(_pixels(image, name))
    except (*_BROKEN, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise PolicyFileError(
            f"{name} 已损坏或不是能读的图片（{str(error)[:60] or type(error).__name__}）。请用看图软件打开看看，另存为 PNG 再导入。"
        ) from error


def _pixels(image: Image.Image, name: str) -> np.ndarray:
    """Return a page as (height, width, 3) bytes, blue, green, red, in a size that is read well."""
    wide, high = image.size
    if wide * high > _MAX_PIXELS:
        raise PolicyFileError(
            f"{name} 有 {wide}×{high} 个像素，超过 {_MAX_PIXELS // 10**6} 百万像素的上限。请缩小到 150～300 dpi 再导入。"
        )
    upright = ImageOps.exif_transpose(image)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        upright = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright)
    upright = upright.convert("RGB")
    return np.ascontiguousarray(np.asarray(_resized(upright))[:, :, ::-1])


def _resized(image: Image.Image) -> Image.Image:
    wide, high = image.size
    across = min(wide, high)  # pages may lie on their side
    scale = 1.0
    if across > _WIDTH:
        scale = _WIDTH / across
    elif wide < _MIN_WIDTH:
        scale = min(_MIN_WIDTH / wide, 2.0)
    scale = min(scale, _MAX_HEIGHT / max(wide, high))
    size = max(1, round(wide * scale)), max(1, round(high * scale))
    return image if size == image.size else image.resize(size, Image.Resampling.LANCZOS)
