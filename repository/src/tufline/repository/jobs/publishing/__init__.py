"""Jobs: build what is published into a folder, and publish it: first for testing, then for all.

What should be published is the head of the publish branch. What is published is what the production
store holds and what clients get at the public URL. Whoever started it, `publish` compares them, and
closes the gap where there is one: it judges the head in full, lets clients try it, brings the store
to it, makes caches forget what is over, and looks from outside until clients get it.

How much is tried goes by what changes; see `_lanes`.
"""

from tufline.repository.jobs._head import (
    Head,
    NotPublished,
    NowhereToPublish,
    production_of,
    publish_head,
)
from tufline.repository.jobs.publishing._build import Built, build, build_judged
from tufline.repository.jobs.publishing._deployed import deployed_now, deployed_state, is_behind
from tufline.repository.jobs.publishing._lanes import Lane, lane_between, renewal_of
from tufline.repository.jobs.publishing._line import line_of, with_timestamp
from tufline.repository.jobs.publishing._outside import Outside
from tufline.repository.jobs.publishing._publish import Published, publish
from tufline.repository.jobs.publishing._trial import ClientRefused, try_client
from tufline.repository.jobs.publishing._visible import CachesNotTold, NotVisible, ServesNewer
from tufline.repository.jobs.publishing._workflows import WorkflowsDiffer

__all__ = [
    "Built",
    "CachesNotTold",
    "ClientRefused",
    "Head",
    "Lane",
    "NotPublished",
    "NotVisible",
    "NowhereToPublish",
    "Outside",
    "Published",
    "ServesNewer",
    "WorkflowsDiffer",
    "build",
    "build_judged",
    "deployed_now",
    "deployed_state",
    "is_behind",
    "lane_between",
    "line_of",
    "production_of",
    "publish",
    "publish_head",
    "renewal_of",
    "try_client",
    "with_timestamp",
]
