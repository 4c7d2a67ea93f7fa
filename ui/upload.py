"""The page on which staff add a policy: what was understood of a file is shown before it is published."""

import hashlib
import tempfile
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from index import library
from index.build import add
from index.clauses import split_clauses
from index.corrections import FIELDS, shown
from index.encoder import load_encoder
from index.errors import PolicyQAError
from index.gathering import as_policy
from index.reader import Reader
from index.reader_kinds import LIMITS, SUFFIXES, Kind
from index.settings import IndexSettings
from index.store import Store
from index.types import Clause, Policy
from rag.settings import load_settings
from ui import components
from ui.address import Place
from ui.document import as_data, sections
from ui.markdown import plain, readable

LARGEST = max(limit.size for limit in LIMITS.values()) // 2**20  # MiB of a file of any kind
_NAME = 80  # characters of a file's name that are kept: file systems take 255 bytes


@dataclass(frozen=True, slots=True)
class Preview:
    """What was understood of a file; `problem` alone where it cannot be read."""

    policy: Policy | None = None
    clauses: tuple[Clause, ...] = ()
    problem: str = ""


def allowed() -> bool:
    """Say whether the page may be offered."""
    with suppress(PolicyQAError):  # wrong settings are for the page to say
        return load_settings().upload
    return False


def show(store: Store, home: StreamlitPage) -> None:
    """Draw the upload, what was understood, and the button that publishes it."""
    st.title("加入文件", anchor=False)
    st.markdown("先选一份政策文件，看程序读出来的对不对，再发布。发布以后，所有人的下一个问题就会用到它。"
                f"文本不超过 {LIMITS[Kind.TEXT].size // 2**20} MiB，其他不超过 {LARGEST} MiB。")
    file = st.file_uploader("政策文件", sorted(suffix[1:] for suffix in SUFFIXES), key="file", max_upload_size=LARGEST)
    if file is None:
        return
    name, data = _name(file.name), file.getvalue()
    with st.spinner("正在读文件…"):
        preview = understood(name, data)
    if preview.policy is None:
        st.error(plain(preview.problem), icon=":material/error:")
        return
    for warning in warnings(preview.policy, preview.clauses, store):
        st.warning(plain(warning), icon=":material/warning:")
    _register(preview.policy)
    if st.button("发布", type="primary", icon=":material/publish:", key="publish"):
        _publish(name, data, home)
    st.subheader("条款", anchor=False)
    laid_out = sections(preview.clauses, preview.policy, Place(""))
    components.reader(as_data(laid_out), "", scroll=False, key="preview")


@st.cache_data(max_entries=4, show_spinner=False)
def understood(name: str, data: bytes) -> Preview:
    """Read a file as it would be read into the library."""
    with Reader() as reader:
        try:
            extract = reader.read(data, name)
        except PolicyQAError as error:
            return Preview(problem=str(error))
    policy = as_policy(extract, name, hashlib.sha256(data).hexdigest(), {})
    return Preview(policy, split_clauses(policy))


def warnings(policy: Policy, clauses: tuple[Clause, ...], store: Store) -> list[str]:
    """Return what a person should look at before publishing."""
    found = []
    if any(entry.sha256 == policy.sha256 for entry in store.entries):
        found.append("同样内容的文件已经收录，再发布不会有变化。")
    elif store.policy(policy.id):
        found.append(f"已收录一份“{policy.id}”。发布后两份都在，日期新的作为现行版本。")
    if not policy.number:
        found.append("没有读出文号，将用标题作为编号。")
    if not (policy.issued or policy.effective):
        found.append("没有读出成文日期和施行日期，判断不了新旧。可以在发布后用 python -m index correct 更正。")
    if policy.doubts:
        found.append(f"文字识别有 {len(policy.doubts)} 处没有把握，请对照原件核对。")
    if not any(clause.heading for clause in clauses):
        found.append("没有读出带编号的条款，引用时只能指到整份文件。")
    return found


def _register(policy: Policy) -> None:
    lines = [f"- {name}：{plain(shown(policy, field) or '（没有读出）')}" for field, name in FIELDS.items()]
    st.markdown("\n".join(lines))


def _publish(name: str, data: bytes, home: StreamlitPage) -> None:
    settings = _library()
    with tempfile.TemporaryDirectory() as folder, st.spinner("正在发布…"):
        path = Path(folder) / name
        path.write_bytes(data)
        try:
            encoder = load_encoder(settings.encoder, allow_download=settings.allow_download)
            policies, report = add([path], settings, encoder)
        except PolicyQAError as error:
            st.error(plain(str(error)), title="没有发布", icon=":material/error:")
            return
    sha256 = hashlib.sha256(data).hexdigest()
    policy_id = next((entry.id for entry in report.store.entries if entry.sha256 == sha256), policies[0].id)
    first = next(iter(report.store.clauses_of(policy_id)), None)
    st.success(f"已发布：{plain(policies[0].title)}", icon=":material/check:")
    if first:
        st.page_link(home, label="打开看看", icon=":material/arrow_forward:", query_params=Place(first.id).params)


def _library() -> IndexSettings:
    """Return the settings of the library that is served, with the folder it was built from."""
    settings = load_settings().index
    return replace(settings, policies=library.folder_of(settings.index) or settings.policies)


def _name(name: str) -> str:
    """Return the name of an uploaded file, without folders and what cannot be read, its end kept."""
    base = readable(name.replace("\\", "/").rpartition("/")[2]).lstrip(".") or "文件.txt"
    stem, dot, suffix = base.rpartition(".")
    return f"{(stem or base)[:_NAME]}{dot}{suffix[:10]}" if dot else base[:_NAME]
