"""What an index was made of, and whether the program at hand may read it."""

import hashlib
import json
import zlib
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from index import tokenizer
from index.errors import IndexMissingError, IndexStaleError
from index.gazetteer import GAZETTEER
from index.topics import TOPICS

FORMAT = 2  # of the files in an index folder; raise it when they change
_SUM = "sum"  # key of the checksum over all other values
REBUILD = "请运行：python -m index build"


@dataclass(frozen=True, slots=True)
class Manifest:
    """The identity of an index; written as manifest.json beside its arrays."""

    format: int
    code: str  # fingerprint of the modules that read and cut documents
    words: str  # fingerprint of jieba and the dictionary
    encoder: str  # name
    encoder_fingerprint: str
    dimension: int
    sources: str  # fingerprint of the policy files and known questions
    policies: int
    questions: int
    built: str  # ISO 8601, local time
    clauses: int = 0
    passages: int = 0  # clauses that are searched: all but bare headings
    piece_type: str = ""  # type of the numbers in the file of pieces; "" where the encoder has no words
    files: dict[str, list[int]] = field(default_factory=dict)  # bytes and CRC-32 of each file that is the generation's own
    extents: dict[str, list[list[int]]] = field(default_factory=dict)  # start, bytes and CRC-32 in each shared file

    @property
    def fingerprint(self) -> str:
        """Name of the content: equal for equal content, whenever it was built."""
        parts = [self.format, self.code, self.words, self.encoder_fingerprint, self.sources]
        return digest(*map(str, parts))

    def save(self, path: Path) -> None:
        """Write as JSON."""
        values = asdict(self)
        path.write_text(json.dumps(values | {_SUM: _sum(values)}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "Manifest":
        """Read what `save` wrote.

        :raises IndexMissingError: if there is none.
        :raises IndexStaleError: if it was written by another version.
        """
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            if values["format"] != FORMAT:
                raise IndexStaleError(f"索引格式是第 {values['format']} 版，程序需要第 {FORMAT} 版。{REBUILD}")
            if values.pop(_SUM) != _sum(values):
                raise ValueError("changed after it was written")
            return cls(**{own.name: values[own.name] for own in fields(cls)})
        except OSError:
            raise IndexMissingError(f"没有找到索引（{path.parent}）。{REBUILD}") from None
        except (ValueError, KeyError, TypeError):
            raise IndexStaleError(f"{path} 不是本程序的索引清单，或已损坏。{REBUILD}") from None

    def check(self, encoder_name: str, encoder_fingerprint: str) -> None:
        """Refuse an index that the program at hand would misread.

        :raises IndexStaleError: naming what differs.
        """
        if self.code != code_fingerprint():
            raise IndexStaleError(f"索引是另一版程序建立的。{REBUILD}")
        if self.words != tokenizer.fingerprint():
            raise IndexStaleError(f"索引建立之后，分词词典变了。{REBUILD}")
        if self.encoder_fingerprint != encoder_fingerprint:
            raise IndexStaleError(f"索引用的向量模型是 {self.encoder}，现在设置的是 {encoder_name}。{REBUILD}")


def _sum(values: dict[str, Any]) -> int:
    """Return the CRC-32 of a manifest's values."""
    return zlib.crc32(json.dumps(values, ensure_ascii=False, sort_keys=True).encode())


def digest(*parts: str | bytes) -> str:
    """Return 16 hexadecimal characters that name `parts`."""
    sha = hashlib.sha256()
    for part in parts:
        sha.update(part.encode() if isinstance(part, str) else part)
        sha.update(b"\0")
    return sha.hexdigest()[:16]


def code_fingerprint() -> str:
    """Return the fingerprint of what decides what an index holds: this package but its commands, and its word lists."""
    modules = sorted(path for path in Path(__file__).parent.glob("*.py") if path.name != "__main__.py")
    return digest(*(path.read_bytes() for path in (*modules, GAZETTEER, TOPICS)))
