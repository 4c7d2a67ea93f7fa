"""Build the index: read what is new, keep what is not, and change the index in one step."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from index import library, store
from index.assemble import same, write
from index.corrections import read_corrections
from index.encoder import Encoder
from index.errors import IndexFileError
from index.gathering import Gathering, Progress, Reading, as_policy, sources_of
from index.publish import publish
from index.questions import question_files, read_questions
from index.reader import Reader, passed_over
from index.settings import IndexSettings
from index.store import Store
from index.types import Policy


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did."""

    store: Store
    changed: bool  # whether a new index was written
    readings: tuple[Reading, ...]  # files read anew
    failed: tuple[str, ...]  # a message for each file that could not be read
    passed_over: tuple[str, ...]  # names of documents in the folder that are of no kind that can be read

    @property
    def read(self) -> int:
        """Number of policies read anew."""
        return len(self.readings)


def build(
    settings: IndexSettings,
    encoder: Encoder,
    on_file: Callable[[Progress], None] = lambda progress: None,
    reader: Reader | None = None,
) -> Report:
    """Bring the index up to date with the library; policies that did not change are not read or encoded again.

    One file that cannot be read never stops the rest.

    :param reader: one that is open already; it stays open.
    :raises PolicyFileError: if no file could be read, or the corrections are damaged.
    :raises SettingError: if a folder is missing or cannot be written.
    """
    old = _usable(settings.index, encoder)
    with nullcontext(reader) if reader else Reader() as opened:
        gathered = Gathering(old, read_corrections(settings.policies), opened)
        sources = list(sources_of(settings, gathered.failed))
        for number, source in enumerate(sources, start=1):
            gathered.take(source, Progress(source.path, number, len(sources)), on_file)
    documents, questions = gathered.documents(), partial(read_questions, question_files(settings.questions))
    others = tuple(path.name for path in passed_over(settings.policies))
    if old and same(documents, questions, encoder, old):
        return Report(old, False, tuple(gathered.readings), tuple(gathered.failed), others)
    folder = publish(settings.index, lambda draft: write(draft, documents, questions, encoder, old))
    return Report(store.read(folder, encoder), True, tuple(gathered.readings), tuple(gathered.failed), others)


def add(files: Sequence[Path], settings: IndexSettings, encoder: Encoder) -> tuple[list[Policy], Report]:
    """Take files into the library and return them as policies, with what the build did; all are taken, or none.

    :raises PolicyFileError: if one cannot be read.
    :raises IndexBusyError: if another build is running.
    """
    with library.locked(settings.index), Reader(remembers=True) as reader:
        policies = [as_policy(reader.read_file(path), path.name, "", {}) for path in files]
        sums = {library.add(path, settings.index) for path in files}
        library.set_removed(settings.index, library.removed(settings.index) - sums)
        return policies, build(settings, encoder, reader=reader)


def _usable(root: Path, encoder: Encoder) -> Store | None:
    try:
        return store.load(root, encoder)
    except IndexFileError:
        return None
