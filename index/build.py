"""Build the index: read what is new, keep what is not, and change the index in one step."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from index import library, store
from index.assemble import Document, assemble
from index.clauses import split_clauses
from index.corrections import corrected, read_corrections, stands
from index.encoder import Encoder
from index.errors import IndexFileError, PolicyFileError
from index.policy import parse_policy
from index.questions import question_files, read_questions
from index.reader import Reader
from index.settings import IndexSettings
from index.store import Store
from index.topics import with_topics
from index.types import Clause


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
    known = _documents(old) if old else {}
    corrections = read_corrections(settings.policies)
    found, failed, read = [], [], 0
    with Reader() as reader:
        for source in _sources(settings, failed):
            try:
                fields = corrections.get(source.path.name, {})
                if source.key not in known or not stands(known[source.key].policy, fields):
                    on_file(source.path)
                    known[source.key] = read_document(source.path, source.sha256, reader, fields)
                    read += 1
                found.append(known[source.key])
            except PolicyFileError as error:
                failed.append(str(error))
    if not found:
        reasons = "\n".join(failed) or "目录里的政策都已移出。请用 add 加回来，或放入别的文件。"
        raise PolicyFileError(f"没有一份政策可以建索引：\n{reasons}")
    documents = distinct(found)
    ids = {clause.id for document in documents for clause in document.clauses}
    questions = read_questions(question_files(settings.questions), ids)
    new = assemble(documents, questions, encoder, old)
    if new is not old:
        new.save(settings.index)
    return Report(new, new is not old, read, tuple(failed))


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


def read_document(path: Path, sha256: str, reader: Reader, fields: Mapping[str, str]) -> Document:
    """Read a file as a policy with its clauses and topics; `fields` are the corrections of its register.

    :raises PolicyFileError: if it cannot be read.
    """
    extract = reader.read_file(path)
    policy = parse_policy(extract.text, path.name, sha256, extract.doubts)
    policy = corrected(with_topics(policy, split_clauses(policy)), fields)
    return Document(policy, split_clauses(policy))


def _documents(old: Store) -> dict[tuple[str, str], Document]:
    """Return the documents of an index by `_Source.key`, under the ids that their own text gives."""
    clauses: dict[str, list[Clause]] = {}
    for clause in old.clauses:
        clauses.setdefault(clause.policy_id, []).append(clause)
    documents = {}
    for policy in old.policies:
        own = replace(policy, id=policy.number or policy.title)
        kept = tuple(clauses[policy.id]) if own.id == policy.id else split_clauses(own)
        documents[policy.source, policy.sha256] = Document(own, kept)
    return documents


def distinct(documents: Iterable[Document]) -> list[Document]:
    """Give every document an id of its own, in order of ids: of several versions the newest keeps the plain id."""
    by_id: dict[str, list[Document]] = {}
    for document in documents:
        by_id.setdefault(document.policy.id, []).append(document)
    result = []
    for versions in by_id.values():
        versions.sort(key=lambda d: (d.policy.edition or date.min, d.policy.source), reverse=True)
        result.append(versions[0])
        used = set()
        for number, document in enumerate(versions[1:], start=2):
            mark = str(document.policy.edition or f"第{number}份")
            mark = f"{mark}，第{number}份" if mark in used else mark
            used.add(mark)
            policy = replace(document.policy, id=f"{document.policy.id}（{mark}）")
            result.append(Document(policy, split_clauses(policy)))
    return sorted(result, key=lambda document: document.policy.id)
