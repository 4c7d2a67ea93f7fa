"""All models that answering runs on, loaded as one value."""

from dataclasses import dataclass

from index.encoder import Encoder, load_encoder
from index.parts import PieceEncoder
from index.settings import BUNDLED_ENCODER
from rag.answering import AnsweringModel
from rag.reranker import CrossEncoderReranker
from rag.settings import Settings


@dataclass(frozen=True, slots=True)
class Models:
    """Encoder, word vectors, fitted weights, and a cross-encoder if one is set."""

    encoder: Encoder
    words: PieceEncoder  # the bundled static model, whatever the encoder is: it alone has a vector for each word
    answering: AnsweringModel
    reranker: CrossEncoderReranker | None = None

    @classmethod
    def load(cls, settings: Settings) -> "Models":
        """Load what the settings name.

        :raises SettingError: if a model is not on this machine or does not fit the program.
        """
        download = settings.index.allow_download
        encoder = load_encoder(settings.index.encoder, allow_download=download)
        return cls(
            encoder=encoder,
            words=encoder if hasattr(encoder, "piece_vectors") else load_encoder(BUNDLED_ENCODER),
            answering=AnsweringModel.load(settings.answering),
            reranker=CrossEncoderReranker(settings.reranker, allow_download=download) if settings.reranker else None,
        )
