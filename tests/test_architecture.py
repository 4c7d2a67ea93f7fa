"""How the house is laid out, read from the syntax of the code: who imports whom, and where each library comes in."""

import ast
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[1]

# Every module of index/ and rag/ in one line: a module imports only modules that stand above it.
ORDER = [
    "index.__init__",
    "index.errors",
    "index.types",
    "index.numerals",
    "index.headings",
    "index.dates",
    "index.align",
    "index.structure_names",
    "index.structure_torn",
    "index.structure_lines",
    "index.table_text",
    "index.reader_text",
    "index.reader_kinds",
    "index.reader_package",
    "index.reader_docx_numbers",
    "index.reader_docx_styles",
    "index.reader_docx",
    "index.reader_office",
    "index.reader_html_lines",
    "index.reader_html",
    "index.reader_ofd",
    "index.page_types",
    "index.page_rows",
    "index.page_furniture",
    "index.page_columns",
    "index.page_grids",
    "index.page_text",
    "index.page_tables",
    "index.pdf_glyphs",
    "index.ocr_text",
    "index.reader_ocr",
    "index.reader_image",
    "index.reader_pdf",
    "index.reader_guard",
    "index.reader",
    "index.reader_worker",
    "index.settings",
    "index.lexicon",
    "index.gazetteer",
    "index.structure_landmarks",
    "index.structure_closing",
    "index.structure_front",
    "index.structure_blocks",
    "index.structure_titles",
    "index.structure_header",
    "index.structure_segments",
    "index.structure_mode",
    "index.structure_stack",
    "index.structure_quotation",
    "index.structure_outline",
    "index.structure_lists",
    "index.structure_parts",
    "index.structure_terms",
    "index.structure_regions",
    "index.structure_repeals",
    "index.structure_text",
    "index.policy",
    "index.clauses",
    "index.topics",
    "index.corrections",
    "index.standing",
    "index.register_entries",
    "index.context",
    "index.sentences",
    "index.parts",
    "index.register",
    "index.tokenizer",
    "index.static_encoder",
    "index.encoder",
    "index.sparse",
    "index.dense",
    "index.manifest",
    "index.checksums",
    "index.codec",
    "index.lines",
    "index.pool",
    "index.rows",
    "index.record",
    "index.questions",
    "index.library",
    "index.store",
    "index.publish",
    "index.generation",
    "index.assemble",
    "index.gathering",
    "index.build",
    "index.console",
    "index.report",
    "index.__main__",
    "rag.__init__",
    "rag.settings",
    "rag.outcome",
    "rag.types",
    "rag.text",
    "rag.details",
    "rag.english",
    "rag.networks",
    "rag.ngrams",
    "rag.matching",
    "rag.overlap",
    "rag.replies",
    "rag.trace",
    "rag.suggest",
    "rag.address",
    "rag.sounds",
    "rag.matter",
    "rag.splitter",
    "rag.route",
    "rag.contrast",
    "rag.regions",
    "rag.places",
    "rag.spelling",
    "rag.followup",
    "rag.reader",
    "rag.features",
    "rag.candidates",
    "rag.ranker",
    "rag.reranker",
    "rag.asked_day",
    "rag.versions",
    "rag.searcher",
    "rag.division",
    "rag.switching",
    "rag.retriever",
    "rag.selection",
    "rag.evidence",
    "rag.sufficiency",
    "rag.answering",
    "rag.models",
    "rag.header",
    "rag.validity",
    "rag.verdict",
    "rag.notes",
    "rag.compose",
    "rag.plain",
    "rag.figures",
    "rag.grounds",
    "rag.wording",
    "rag.support",
    "rag.verifier_surface",
    "rag.verifier_figures",
    "rag.verifier_stance",
    "rag.verifier_conditions",
    "rag.verifier_relations",
    "rag.verifier",
    "rag.prompt",
    "rag.breaker",
    "rag.budget",
    "rag.llm",
    "rag.draft",
    "rag.numbered",
    "rag.adequacy",
    "rag.completeness",
    "rag.standalone",
    "rag.generate",
    "rag.gather",
    "rag.screening",
    "rag.drafting",
    "rag.merge",
    "rag.pipeline",
    "rag.evaluate",
    "rag.check_model",
    "rag.questions",
    "rag.__main__",
]

# Library -> the only places that import it: a folder, or a module.
DOORS = {
    "streamlit": ("app.py", "ui/"),
    "faiss": ("index/dense.py",),
    "bm25s": ("index/sparse.py",),
    "jieba": ("index/tokenizer.py",),
    "tokenizers": ("index/static_encoder.py", "training/"),
    "safetensors": ("index/static_encoder.py", "training/"),
    "huggingface_hub": ("index/encoder.py",),
    "sentence_transformers": ("index/encoder.py", "rag/reranker.py", "training/"),
    "torch": ("training/",),
    "transformers": ("training/",),
    "sklearn": ("training/",),
    "langchain": ("rag/retriever.py", "rag/llm.py", "rag/prompt.py"),
    "langchain_openai": ("rag/llm.py",),
    "langchain_core": ("rag/retriever.py", "rag/llm.py", "rag/prompt.py"),
    "pypdfium2": ("index/pdf_glyphs.py", "index/reader_pdf.py"),
    "pdfplumber": ("index/page_tables.py",),
    "rapidocr": ("index/reader_ocr.py",),
    "cv2": ("index/reader_ocr.py",),
    "onnxruntime": (),
    "PIL": ("index/reader_image.py",),
    "pypinyin": ("rag/sounds.py",),
    "opencc": ("rag/text.py",),
    "lxml": ("index/reader_package.py", "index/reader_docx", "index/reader_ofd.py"),
    "selectolax": ("index/reader_html",),
    "sqlalchemy": ("desk/",),
    "sqlite3": ("desk/",),
}
PICKLES = {"pickle", "cPickle", "_pickle", "cloudpickle", "dill", "joblib", "shelve", "marshal"}
# Names of the shipped policies and of their places; titles and numbers come from the register.
PLACES = ["浦府", "静府", "黄府", "沪府", "上海", "浦东", "静安", "黄浦", "陆家嘴", "世博", "前滩", "市北", "张江"]


def sources(*roots: str) -> Iterator[tuple[str, ast.Module]]:
    """Yield (path relative to the repository, syntax tree) of every module under `roots`."""
    for root in roots:
        path = REPO / root
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            if file.is_file():
                yield file.relative_to(REPO).as_posix(), parsed(file)


@cache
def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def shipped() -> Iterator[tuple[str, ast.Module]]:
    """Yield what runs in use; training/, bench/ and tests/ are not part of it."""
    yield from sources("app.py", "ui", "desk", "rag", "index", "scripts")


def imported(tree: ast.Module) -> Iterator[str]:
    """Yield the full name of each module that is imported, wherever the import stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"relative import of {node.module}"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if (REPO / f"{full.replace('.', '/')}.py").is_file() else node.module


def name(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".")


def top(module: str) -> str:
    return module.partition(".")[0]


def strings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of each string that is no docstring."""
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docs = {id(node.body[0].value) for node in ast.walk(tree)
            if isinstance(node, owners) and node.body and isinstance(node.body[0], ast.Expr)}  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.lineno, node.value


# --- order


def test_the_order_names_every_module_once() -> None:
    modules = [name(path) for path, _ in sources("index", "rag")]
    assert {"without a line": sorted(set(modules) - set(ORDER)), "gone": sorted(set(ORDER) - set(modules))} == {
        "without a line": [],
        "gone": [],
    }
    assert len(ORDER) == len(set(ORDER))


def test_a_module_imports_only_modules_above_it() -> None:
    place = {module: line for line, module in enumerate(ORDER)}
    wrong = [
        f"{name(path)} imports {module}, which stands below it"
        for path, tree in sources("index", "rag")
        for module in imported(tree)
        if place.get(module, -1) >= place.get(name(path), len(ORDER))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("package", "own"),
    [
        ("index", {"index"}),
        ("rag", {"index", "rag"}),
        ("desk", {"index", "rag", "desk"}),
        ("ui", {"index", "rag", "desk", "ui"}),
        ("app.py", {"index", "rag", "desk", "ui"}),
    ],
)
def test_a_package_imports_only_packages_below_it(package: str, own: set[str]) -> None:
    ours = {"index", "rag", "desk", "ui", "app", "training", "bench", "scripts", "tests"}
    reached = {(path, top(module)) for path, tree in sources(package) for module in imported(tree)}
    assert [(path, module) for path, module in sorted(reached) if module in ours - own] == []


def test_desk_knows_only_the_types_of_answering() -> None:
    reached = {module for _, tree in sources("desk") for module in imported(tree) if top(module) == "rag"}
    assert reached <= {"rag.types"}


def test_nothing_imports_app() -> None:
    everything = sources("app.py", "ui", "desk", "rag", "index", "scripts", "training", "bench", "tests")
    assert [path for path, tree in everything if "app" in map(top, imported(tree))] == []


# --- doors


@pytest.mark.parametrize("library", DOORS)
def test_each_library_has_one_door(library: str) -> None:
    found = {path for path, tree in (*shipped(), *sources("training")) if library in map(top, imported(tree))}
    assert [path for path in sorted(found) if not path.startswith(DOORS[library])] == []


@pytest.mark.parametrize("library", ["streamlit", "faiss", "bm25s", "jieba", "sentence_transformers", "langchain_core"])
def test_the_libraries_that_we_build_on_are_in_use(library: str) -> None:
    found = {path for path, tree in shipped() if library in map(top, imported(tree))}
    assert found, f"{library} is imported nowhere"


# --- what is nowhere


def test_no_pickle() -> None:
    wrong = [(path, module) for path, tree in (*shipped(), *sources("training", "bench"))
             for module in imported(tree) if top(module) in PICKLES]  # fmt: skip
    wrong += [(path, node.lineno) for path, tree in (*shipped(), *sources("training", "bench")) for node in ast.walk(tree)
              if isinstance(node, ast.keyword) and node.arg == "allow_pickle"
              and not (isinstance(node.value, ast.Constant) and node.value.value is False)]  # fmt: skip
    assert wrong == []


def test_no_raw_html() -> None:
    wrong = [(path, node.value.lineno) for path, tree in shipped() for node in ast.walk(tree)
             if isinstance(node, ast.keyword) and node.arg == "unsafe_allow_html"]  # fmt: skip
    assert wrong == []


def test_one_catch_all_and_it_stands_in_the_pipeline() -> None:
    found = []
    for path, tree in sources("index", "rag"):
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler):
                caught = "" if node.type is None else ast.unparse(node.type)
                found += [path] if caught in {"", "Exception", "BaseException"} else []
    assert found == ["rag/pipeline.py"]


def test_no_policy_is_known_by_name() -> None:
    register = json.loads((REPO / "data/policies/register.json").read_text(encoding="utf-8"))
    names = {entry[field] for entry in register for field in ("number", "title", "issuer", "file")}
    assert len(names) == 19  # five numbers, titles and files; four issuers
    wrong = [
        f"{path}:{line}: {text[:60]}"
        for path, tree in sources("index", "rag")
        for line, text in strings(tree)
        if any(known in text for known in (*names, *PLACES))
    ]
    assert wrong == []


# --- values


def test_values_between_stages_are_frozen_and_slotted() -> None:
    classes = [(path, node) for path, tree in sources("index/types.py", "rag/types.py") for node in ast.walk(tree)
               if isinstance(node, ast.ClassDef)]  # fmt: skip
    assert {node.name for _, node in classes} >= {"Policy", "Clause", "Query", "Passage", "Draft", "Citation", "Finding", "Answer"}
    assert [f"{path}: {node.name}" for path, node in classes if not (_is_enum(node) or _is_value(node))] == []


def _is_enum(node: ast.ClassDef) -> bool:
    return [ast.unparse(base) for base in node.bases] == ["StrEnum"]


def _is_value(node: ast.ClassDef) -> bool:
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "dataclass":
            options = {keyword.arg: ast.unparse(keyword.value) for keyword in decorator.keywords}
            return options.get("frozen") == options.get("slots") == "True"
    return False
