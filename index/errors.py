"""Errors that a person can act on. Each message is Chinese: what, the value got, what to do next.

PolicyQAError                 everything this project raises on purpose
├── SettingError              a setting or a path that cannot work
├── PolicyFileError           a policy file that cannot be read
│   └── RegisterError         the register and the files disagree
└── IndexFileError            an index that cannot be used
    ├── IndexMissingError     none there yet
    ├── IndexStaleError       made by another version, model or dictionary
    └── IndexBusyError        another build holds the lock

Non-answers are no errors: they are `rag.types.Status`.
"""


class PolicyQAError(Exception):
    """Base of all errors raised on purpose."""


class SettingError(PolicyQAError):
    """A setting or a path that cannot work."""


class PolicyFileError(PolicyQAError):
    """A policy file that cannot be read."""


class RegisterError(PolicyFileError):
    """The register and the files disagree."""


class IndexFileError(PolicyQAError):
    """An index that cannot be used."""


class IndexMissingError(IndexFileError):
    """No index there yet."""


class IndexStaleError(IndexFileError):
    """An index made by another version, model or dictionary."""


class IndexBusyError(IndexFileError):
    """Another build holds the lock."""
