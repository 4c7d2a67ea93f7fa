"""The learned parts of answering, loaded as one value."""

from dataclasses import dataclass
from pathlib import Path

from index.errors import SettingError
from rag import networks
from rag.details import NAMES
from rag.evidence import SENTENCE
from rag.features import PASSAGE, QUESTION
from rag.networks import Network
from rag.ngrams import NgramClassifier
from rag.sufficiency import INPUTS

# Inputs that each network was fitted on; other columns mean other weights.
_COLUMNS = {"passage": PASSAGE, "nothing": QUESTION, "sentence": SENTENCE, "sufficiency": INPUTS}

_CLASSIFIERS = ("route", "details", "header", "unstated", "leaning")


@dataclass(frozen=True, slots=True)
class AnsweringModel:
    """Networks and classifiers made by `python -m training.answering`."""

    passage: Network  # candidate -> log-odds
    nothing: Network  # question -> log-odds that no candidate answers
    sentence: Network  # sentence -> log-odds that it belongs to the answer
    sufficiency: Network  # evidence -> log-odds that it states what is asked
    route: NgramClassifier
    details: NgramClassifier
    header: NgramClassifier
    unstated: NgramClassifier
    leaning: NgramClassifier

    @classmethod
    def load(cls, folder: Path) -> "AnsweringModel":
        """Read the folder.

        :raises SettingError: if it is not there, or fits another version of the program.
        """
        try:
            found = networks.load(folder / "networks.npz")
            classifiers = {n: NgramClassifier.load(folder / f"{n}.npz") for n in _CLASSIFIERS}
        except (OSError, ValueError, KeyError) as error:
            raise SettingError(f"答复模型 {folder} 读不出来（{error}）。请重新取得 models/answering 里的文件（git checkout models）。") from error
        for name, columns in _COLUMNS.items():
            if name not in found or tuple(found[name].columns) != tuple(columns):
                raise SettingError(f"答复模型 {folder} 的 {name} 与程序不配套。请取得与程序同一版的 models/answering（git checkout models）。")
        if set(classifiers["details"].labels) - set(NAMES):
            raise SettingError(f"答复模型 {folder} 的 details 与程序不配套。请取得与程序同一版的 models/answering（git checkout models）。")
        return cls(**{name: found[name] for name in _COLUMNS}, **classifiers)
