"""Build the index: read what is new, keep what is not, and change the index in one step."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from index import library, store
from index.assemble import Document, distinct, same, write
from index.clauses import split_clauses
from index.corrections import corrected, read_corrections, stands
from index.encoder import Encoder
from index.errors import IndexFileError, PolicyFileError
from index.policy import parse_policy
from index.publish import publish
from index.questions import question_files, read_questions
from index.reader import Reader
from index.settings import IndexSettings
from index.store import Store
from index.topics import with_topics
from index.types import Policy


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did."""

    store: Store
    changed: bool  # whether a new index was written
    read: int  # policies read anew
    failed: tuple[str, ...]  # a message for each file that could not be read


@dataclass(frozen=True, slots=True)
class _Source:
    path: Path
    sha256: str

    @property
    def key(self) -> tuple[str, str]:
        """What the same document has in an index: file name and content."""
        return self.path.name, self.sha256


def build(settings: IndexSettings, encoder: Encoder, on_file: Callable[[Path], None] = lambda path: None) -> Report:
    """Bring the index up to date with the library; policies that did not change are not read or encoded again.

    One file that cannot be read never stops the rest.

    :raises PolicyFileError: if no file could be read, or the corrections are damaged.
    :raises SettingError: if a folder is missing or cannot be written.
    """
    old = _usable(settings.index, encoder)
    known = {entry.content: Document.kept(entry, number) for number, entry in enumerate(old.entries)} if old else {}
    corrections = read_corrections(settings.policies)
    found, failed, read = [], [], 0
    with Reader() as reader:
        for source in _sources(settings, failed):
            try:
                fields = corrections.get(source.path.name, {})
                if source.key not in known or not _stands(known[source.key], fields, old):
                    on_file(source.path)
                    policy = read_policy(source.path, source.sha256, reader, fields)
                    known[source.key] = Document.new(policy)
                    read += 1
                found.append(known[source.key])
            except PolicyFileError as error:
                failed.append(str(error))
    if not found:
        reasons = "\n".join(failed) or "目录里的政策都已移出。请用 add 加回来，或放入别的文件。"
        raise PolicyFileError(f"没有一份政策可以建索引：\n{reasons}")
    documents, questions = distinct(found), partial(read_questions, question_files(settings.questions))
    if old and same(documents, questions, encoder, old):
        return Report(old, False, read, tuple(failed))
    folder = publish(settings.index, lambda draft: write(draft, documents, questions, encoder, old))
    return Report(store.read(folder, encoder), True, read, tuple(failed))


def _usable(root: Path, encoder: Encoder) -> Store | None:
    try:
        return store.load(root, encoder)
    except IndexFileError:
        return None


def _sources(settings: IndexSettings, failed: list[str]) -> Iterable[_Source]:
    """Yield the files of the library, the same content once; files that cannot be read go to `failed`."""
    left_out = set(library.removed(settings.index))
    for path in library.files(settings.policies, settings.index):
        try:
            source = _Source(path, library.sha256(path))
        except PolicyFileError as error:
            failed.append(str(error))
            continue
        if source.sha256 not in left_out:
            left_out.add(source.sha256)
            yield source


def read_policy(path: Path, sha256: str, reader: Reader, fields: Mapping[str, str]) -> Policy:
    """Read a file as a policy with its topics; `fields` are the corrections of its register.

    :raises PolicyFileError: if it cannot be read.
    """
    extract = reader.read_file(path)
    policy = parse_policy(extract.text, path.name, sha256, extract.doubts)
    return corrected(with_topics(policy, split_clauses(policy)), fields)


def _stands(document: Document, fields: Mapping[str, str], old: Store | None) -> bool:
    """Tell whether a document of the old index has these corrections and no others."""
    if not fields and not document.corrected:
        return True
    return stands(document.policy or old.policies[document.number], fields)
