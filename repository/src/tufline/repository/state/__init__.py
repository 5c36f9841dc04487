"""What a tree of the repository says, independent of git: roles, delegations, artifacts."""

from tufline.repository.state._delegations import (
    Delegation,
    DelegationGraph,
    adopted_roles,
    delegated_names,
    delegation_graph,
    delegation_of,
)
from tufline.repository.state._files import (
    PLAIN,
    Difference,
    Entry,
    Files,
    Kind,
    MemoryFiles,
    Overlay,
    compare_listings,
    names_of,
    same,
)
from tufline.repository.state._lookup import LONGEST_LOOKUP, Lookup, may_list
from tufline.repository.state._outline import Outline, outline_of
from tufline.repository.state._state import (
    LARGEST_ROOT,
    LARGEST_SNAPSHOT,
    LARGEST_TARGETS,
    LARGEST_TIMESTAMP,
    Loaded,
    LoadedRoot,
    LoadedTargets,
    State,
    Unreadable,
)

__all__ = [
    "LARGEST_ROOT",
    "LARGEST_SNAPSHOT",
    "LARGEST_TARGETS",
    "LARGEST_TIMESTAMP",
    "LONGEST_LOOKUP",
    "PLAIN",
    "Delegation",
    "DelegationGraph",
    "Difference",
    "Entry",
    "Files",
    "Kind",
    "Loaded",
    "LoadedRoot",
    "LoadedTargets",
    "Lookup",
    "MemoryFiles",
    "Outline",
    "Overlay",
    "State",
    "Unreadable",
    "adopted_roles",
    "compare_listings",
    "delegated_names",
    "delegation_graph",
    "delegation_of",
    "may_list",
    "names_of",
    "outline_of",
    "same",
]
