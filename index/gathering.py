"""Gather the documents of a library: those of the old index, and those whose files are read anew."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from index import library
from index.assemble import Document, distinct
from index.clauses import split_clauses
from index.corrections import corrected, stands
from index.errors import PolicyFileError
from index.policy import parse_policy
from index.reader import Reader
from index.settings import IndexSettings
from index.store import Store
from index.topics import with_topics
from index.types import Extract, Policy


@dataclass(frozen=True, slots=True)
class Progress:
    """A file that is about to be read."""

    path: Path
    number: int  # from 1
    total: int  # files of the library


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in a file that was read anew."""

    name: str
    kind: str
    tables: int
    doubts: int  # places where character recognition was unsure


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the library."""

    path: Path
    sha256: str

    @property
    def key(self) -> tuple[str, str]:
        """What the same document has in an index: file name and content."""
        return self.path.name, self.sha256


class Gathering:
    """The documents of the library: those of the old index, and those that are read anew."""

    def __init__(self, old: Store | None, corrections: Mapping[str, Mapping[str, str]], reader: Reader) -> None:
        entries = enumerate(old.entries) if old else ()
        self._known = {entry.content: Document.kept(entry, number) for number, entry in entries}
        self._old, self._corrections, self._reader = old, corrections, reader
        self._found: list[Document] = []
        self.readings: list[Reading] = []
        self.failed: list[str] = []

    def take(self, source: Source, progress: Progress, on_file: Callable[[Progress], None]) -> None:
        """Take in a file; one that cannot be read goes to `failed`."""
        fields = self._corrections.get(source.path.name, {})
        known = self._known.get(source.key)
        try:
            if known is None or not _stands(known, fields, self._old):
                on_file(progress)
                known = self._known[source.key] = self._read(source, fields)
            self._found.append(known)
        except PolicyFileError as error:
            self.failed.append(str(error))

    def documents(self) -> list[Document]:
        """Return all that were taken in, each under an id of its own.

        :raises PolicyFileError: if there is none.
        """
        if not self._found:
            reasons = "\n".join(self.failed) or "目录里的政策都已移出。请用 add 加回来，或放入别的文件。"
            raise PolicyFileError(f"没有一份政策可以建索引：\n{reasons}")
        return distinct(self._found)

    def _read(self, source: Source, fields: Mapping[str, str]) -> Document:
        extract = self._reader.read_file(source.path)
        policy = as_policy(extract, source.path.name, source.sha256, fields)
        self.readings.append(Reading(source.path.name, extract.kind, extract.tables, len(extract.doubts)))
        return Document.new(policy)


def sources_of(settings: IndexSettings, failed: list[str]) -> Iterator[Source]:
    """Yield the files of the library, the same content once; files that cannot be read go to `failed`."""
    left_out = set(library.removed(settings.index))
    for path in library.files(settings.policies, settings.index):
        try:
            source = Source(path, library.sha256(path))
        except PolicyFileError as error:
            failed.append(str(error))
            continue
        if source.sha256 not in left_out:
            left_out.add(source.sha256)
            yield source


def as_policy(extract: Extract, name: str, sha256: str, fields: Mapping[str, str]) -> Policy:
    """Return the policy that a file holds, with its topics; `fields` are the corrections of its register."""
    policy = parse_policy(extract.text, name, sha256, extract.doubts)
    return corrected(with_topics(policy, split_clauses(policy)), fields)


def _stands(document: Document, fields: Mapping[str, str], old: Store | None) -> bool:
    """Tell whether a document of the old index has these corrections and no others."""
    if not fields and not document.corrected:
        return True
    return stands(document.policy or old.policies[document.number], fields)
