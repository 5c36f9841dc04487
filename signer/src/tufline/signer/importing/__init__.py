"""Moving in: a TUF repository that other tools made becomes a signing event.

    place = find_place(source)                          # a folder, a commit, a URL
    chain = read_chain(source, place, known=None, oldest=None)
    existing = read_existing(source, place, chain)      # verified as a client does
    artifacts = read_artifacts(source, place, existing)
    questions = questions_of(existing)                  # whose keys, which periods
    import_change(event, existing, artifacts, adoption_of(answers), now=now)

Clients that hold any of the old roots go on: those roots stay as they are, versions grow by one,
and the new root is signed by the old one's threshold, whose key ids it names no more (docs/
decisions). Everything that is read may be hostile: it is bounded, and verified before it is used.
"""

from tufline.signer.importing._answers import (
    LARGEST_ANSWERS,
    Answers,
    adoption_of,
    checked_holder,
    parse_answers,
    template,
)
from tufline.signer.importing._artifacts import read_artifacts
from tufline.signer.importing._asking import (
    KeyQuestion,
    Questions,
    is_of_our_form,
    questions_of,
)
from tufline.signer.importing._change import expect_room, import_change
from tufline.signer.importing._errors import (
    CannotImport,
    EventHasRoot,
    InvalidAnswers,
    MainHasMetadata,
    NoRepository,
    NotTrusted,
    Problem,
    SourceUnreadable,
    Unanswered,
)
from tufline.signer.importing._folders import FolderSource, TreeSource
from tufline.signer.importing._interface import Chain, Existing, Place, Source, TooLong
from tufline.signer.importing._place import find_place
from tufline.signer.importing._roles import read_existing
from tufline.signer.importing._roots import read_chain
from tufline.signer.importing._web import WebSource, is_url

__all__ = [
    "LARGEST_ANSWERS",
    "Answers",
    "CannotImport",
    "Chain",
    "EventHasRoot",
    "Existing",
    "FolderSource",
    "InvalidAnswers",
    "KeyQuestion",
    "MainHasMetadata",
    "NoRepository",
    "NotTrusted",
    "Place",
    "Problem",
    "Questions",
    "Source",
    "SourceUnreadable",
    "TooLong",
    "TreeSource",
    "Unanswered",
    "WebSource",
    "adoption_of",
    "checked_holder",
    "expect_room",
    "find_place",
    "import_change",
    "is_of_our_form",
    "is_url",
    "parse_answers",
    "questions_of",
    "read_artifacts",
    "read_chain",
    "read_existing",
    "template",
]
