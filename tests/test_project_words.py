"""Names and sentences: one name for each class, the field's words, and English that a newcomer can read.

Where the tree does not hold a rule yet, a list names the places that are left. Each list may only shrink: a place
that holds the rule by now must leave its list.
"""

import ast
import re
import subprocess
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path

import click
import pytest

from courier.command import command as courier_command
from duty.commands import duty_command
from relay.commands import relay_command
from reviewer.cli import review_command
from sealer.command import seal_command
from tests.test_project_commands import commands_of
from tipline.cli import tipline_command

ROOT = Path(__file__).parent.parent
PACKAGES: list[str] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
    "root_packages"
]

LEFT_SUMMARIES: set[str] = set()
"""Packages whose docstring summaries do not hold the rule yet."""
LEFT_CLASS_NAMES: set[str] = set()
"""Class names that still occur twice."""
LEFT_NAMES: set[str] = set()
"""Packages that still have modules or classes with a word of :data:`NO_NAMES`."""
LEFT_WORDS: set[str] = set()
"""Folders that still have a word of :data:`NO_WORDS`."""
LEFT_HELP: set[str] = set()
"""Programs whose help does not hold the rule yet."""

LONGEST_SUMMARY = 100
NO_FIRST_WORDS = {"What", "Where", "Whether", "Who", "Whoever", "That"}
QUESTION = re.compile(rf"""\"{{3}}\s*(?:{"|".join(sorted(NO_FIRST_WORDS))})\b""")
# Words that say nothing of what a thing is, and words of a private dialect for which the glossary has a term.
NO_NAMES = {
    *("util", "utils", "helper", "helpers", "common", "base", "misc", "manager", "handling", "stuff", "thing"),
    *(
        "again",
        "anew",
        "door",
        "doors",
        "foreign",
        "found",
        "handled",
        "sitting",
        "sought",
        "standing",
        "taken",
        "told",
    ),
    *("turns", "wishes", "words"),
}
NO_WORDS = re.compile(r"\b(whoever|whomever|somebody|anybody|everybody|nobody|anew|of before)\b", re.IGNORECASE)
# Pages for sources are held by tests/tipline and speak as people do; decisions are never edited.
EXEMPT = (
    *("docs/adr/", "docs/source/", "tests/test_project_words.py"),
    "tests/tipline/pages/test_first_page_settings.py",  # quotes the site's pages
    "tests/vectors/make_",  # the bytes of released vectors
)

MOST_TERMS = 70
MEAN_WORDS, MOST_WORDS = 18, 35


def modules_of(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def documented(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Name and summary, which is the first paragraph, of everything in a module that has a docstring."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node)
            if text:
                yield getattr(node, "name", "module"), " ".join(text.split("\n\n")[0].split())


def poor_summaries(package: str) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}: {name}: {summary}"
        for path in modules_of(package)
        for name, summary in documented(tree_of(path))
        if len(summary) > LONGEST_SUMMARY or first_word(summary) in NO_FIRST_WORDS
    ]


def first_word(summary: str) -> str:
    return re.match(r"\w*", summary)[0]  # type: ignore[index]


@cache
def classes() -> list[tuple[str, str]]:
    """Name and file of each class of the program."""
    return [
        (node.name, path.relative_to(ROOT).as_posix())
        for path in chain.from_iterable(map(modules_of, PACKAGES))
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ClassDef)
    ]


def words_of_name(name: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


@pytest.mark.parametrize("package", PACKAGES)
def test_a_docstring_summary_is_short_and_says_what_the_thing_is(package: str) -> None:
    poor = poor_summaries(package)
    assert (package in LEFT_SUMMARIES) == bool(poor), poor[:10]


@pytest.mark.parametrize("folder", ["tests", "lab"])
def test_a_docstring_of_a_test_or_a_proof_says_what_the_thing_is(folder: str) -> None:
    poor = [
        f"{path.relative_to(ROOT)}: {name}: {summary}"
        for path in modules_of(folder)
        if QUESTION.search(path.read_text(encoding="utf-8"))  # the others need not be parsed
        for name, summary in documented(tree_of(path))
        if first_word(summary) in NO_FIRST_WORDS
    ]
    assert poor == []


@pytest.mark.parametrize("folder", sorted({*PACKAGES, "benchmarks", "lab", "tests"}))
def test_a_docstring_of_a_constant_or_an_attribute_says_what_it_is_too(folder: str) -> None:
    begun = re.compile(rf"^ *{QUESTION.pattern}", re.MULTILINE)
    poor = [path for path in modules_of(folder) if begun.search(path.read_text(encoding="utf-8"))]
    assert poor == []


def test_no_two_classes_of_the_program_share_a_name() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for name, place in classes():
        places[name].append(place)
    assert {name for name, found in places.items() if len(found) > 1} == LEFT_CLASS_NAMES


@pytest.mark.parametrize("package", PACKAGES)
def test_modules_and_classes_are_named_by_words_of_the_field(package: str) -> None:
    modules = {path.relative_to(ROOT).with_suffix("").as_posix() for path in modules_of(package)}
    names = modules | {f"{place}: {name}" for name, place in classes() if place.startswith(f"{package}/")}
    poor = {name for name in names if words_of_name(re.split(r"[/ ]", name)[-1]) & NO_NAMES}
    assert (package in LEFT_NAMES) == bool(poor), sorted(poor)


def place_of(file: str) -> str:
    """The folder by which a file is listed in :data:`LEFT_WORDS`."""
    first, _, rest = file.partition("/")
    return f"{first}/{rest.split('/')[0]}" if first == "docs" and "/" in rest else first


def test_prose_and_code_use_plain_words() -> None:
    listed = subprocess.run(
        [
            "git",
            "ls-files",
            "-co",
            "--exclude-standard",
            "*.py",
            "*.md",
            "*.toml",
            "scripts",
            "templates/reviewer/*.html",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    poor: dict[str, list[str]] = defaultdict(list)
    for file in listed.stdout.splitlines():
        if file.startswith(EXEMPT) or not (ROOT / file).is_file():
            continue
        for number, line in enumerate((ROOT / file).read_text(encoding="utf-8").splitlines(), 1):
            if NO_WORDS.search(line):
                poor[place_of(file)].append(f"{file}:{number}: {line.strip()}")
    assert set(poor) <= LEFT_WORDS, [lines[:10] for place, lines in poor.items() if place not in LEFT_WORDS]
    assert set(poor) == LEFT_WORDS, "a folder that holds the rule leaves the list"


def page(name: str) -> Path:
    """A page of the documents by its name, wherever it lies."""
    (path,) = [*ROOT.glob(name), *(ROOT / "docs").rglob(name)][:1]
    return path


def test_the_glossary_has_few_terms_each_once_in_one_sentence() -> None:
    text = page("glossary.md").read_text(encoding="utf-8")
    terms = re.findall(r"^- \*\*(.+?)\*\*: (.+)$", text, re.MULTILINE)
    assert len(terms) == len(re.findall(r"^- ", text, re.MULTILINE)) <= MOST_TERMS
    assert len({term for term, _meaning in terms}) == len(terms)
    for term, meaning in terms:
        assert re.fullmatch(r"[A-Z][^.!?]*\.", meaning), term
        assert len(meaning.split()) <= MOST_WORDS, term


def sentences(markdown: str) -> Iterator[str]:
    """Sentences, list items and table cells of a page, without headings, code blocks and addresses of links."""
    text = re.sub(r"^\s*```.*?^\s*```", "", markdown, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL))
    text = re.sub(r"`[^`]*`", "code", text)
    text = re.sub(r"^\s*(?:#.*|\|[-\s|:]+)$", "\n\n", text, flags=re.MULTILINE)
    text = re.sub(r"^\s*(?:[-*]|\d+\.)\s", "\n\n", text, flags=re.MULTILINE)
    text = re.sub(r"^\s*\|.*$", lambda row: row[0].replace("|", "\n\n"), text, flags=re.MULTILINE)
    for block in re.split(r"\n\s*\n", text):
        yield from (one.strip() for one in re.split(r"(?<=[.!?])[\"”)*]*\s+", block) if one.strip())


PAGES = {
    path.relative_to(ROOT).as_posix()
    for path in chain(
        map(page, ("README.md", "SECURITY.md", "commands.md")),
        page("install-server.md").parent.glob("*.md"),
        page("install-reviewer.md").parent.glob("*.md"),
        (ROOT / "docs" / "beacon").glob("*.md"),
    )
}


@pytest.mark.parametrize("document", sorted(PAGES))
def test_the_sentences_of_a_page_for_operators_and_reviewers_are_short(document: str) -> None:
    lengths = {
        sentence: len(re.findall(r"[\w’'-]+", sentence))
        for sentence in sentences((ROOT / document).read_text(encoding="utf-8"))
    }
    assert not [sentence for sentence, words in lengths.items() if words > MOST_WORDS]
    whole = [words for words in lengths.values() if words > 3]  # shorter ones are cells of tables
    assert sum(whole) / len(whole) < MEAN_WORDS


PROGRAMS: dict[str, click.Command] = {
    "tipline": tipline_command,
    "tipline-courier": courier_command,
    "tipline-duty": duty_command,
    "tipline-relay": relay_command,
    "tipline-review": review_command,
    "tipline-seal": seal_command,
}
# Imperatives that a help text begins with; another one is added here when it is needed.
VERBS = {
    *(
        "Accept",
        "Add",
        "Admit",
        "Archive",
        "Attach",
        "Bring",
        "Change",
        "Check",
        "Copy",
        "Delete",
        "Destroy",
        "Do",
        "End",
        "Enter",
        "Export",
        "Fetch",
        "Find",
        "Give",
        "Hear",
        "Import",
        "Issue",
    ),
    *(
        "Join",
        "Keep",
        "Leave",
        "List",
        "Lock",
        "Make",
        "Mark",
        "Merge",
        "Name",
        "Open",
        "Print",
        "Propose",
        "Read",
        "Remove",
        "Reply",
        "Restore",
        "Run",
        "Save",
        "Seal",
        "Send",
        "Serve",
        "Show",
    ),
    *("Sign", "Split", "Start", "Stop", "Take", "Trace", "Turn", "Undo", "Upgrade", "Upload", "Use", "Verify"),
    *("Withdraw", "Write"),
}
NO_BEGINNINGS = NO_FIRST_WORDS | {
    "How",
    "If",
    "It",
    "Its",
    "So",
    "There",
    "This",
    "To",
    "We",
    "When",
    "You",
}


def is_imperative_or_noun_phrase(text: str) -> bool:
    """True unless it begins as another kind of sentence; a third person ("Writes …") is one too."""
    first = re.match(r"[\w'-]*", text)[0]  # type: ignore[index]
    third_person = first.endswith("s") and first.removesuffix("s") in VERBS
    return first[:1].isupper() and first not in NO_BEGINNINGS and not third_person


@pytest.mark.parametrize("program", PROGRAMS)
def test_help_is_an_imperative_or_a_noun_phrase(program: str) -> None:
    poor = []
    for name, command in commands_of(program, PROGRAMS[program]):
        summary = " ".join((command.help or "").split("\n\n")[0].split())
        if summary.split(" ")[0] not in VERBS or len(summary) > LONGEST_SUMMARY:
            poor.append(f"{name}: {summary}")
        options = [option for option in command.params if isinstance(option, click.Option)]
        poor += [
            f"{name} {option.opts[0]}: {option.help}"
            for option in options
            if not is_imperative_or_noun_phrase(option.help or "")
        ]
    assert (program in LEFT_HELP) == bool(poor), poor
