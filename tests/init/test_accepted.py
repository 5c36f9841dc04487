"""What `tufline init` writes is no obstacle to any job."""

import pytest
from tests.support.pipeline import SETTINGS, Pipeline, first_main
from tests.workflows.linting import example

from tufline.repository.init import OnServer, Options, render
from tufline.repository.jobs.signing_event import signing_event

EXAMPLES = [example(), Options(name="example", host=OnServer(), maintainers=("@alice",))]


@pytest.mark.parametrize("options", EXAMPLES, ids=["on GitHub", "on a server"])
def test_main_with_these_files_is_signed_online_and_published(options: Options) -> None:
    main = first_main()
    main.files |= {**render(options), "tufline.toml": SETTINGS}
    pipeline = Pipeline(main=main)

    pipeline.start(publish=True)

    assert pipeline.files(pipeline.head("publish")).keys() >= render(options).keys()


def test_event_that_changes_one_of_them_is_refused() -> None:
    main = first_main()
    main.files |= {**render(example()), "tufline.toml": SETTINGS}
    pipeline = Pipeline(main=main)
    pipeline.start()

    for path in render(example()):
        event = pipeline.main.copy()
        event.files[path] = event.files[path] + b"\n"
        pipeline.push(f"sign/{path.rpartition('/')[2]}", event)
        outcome = signing_event(pipeline.place, f"sign/{path.rpartition('/')[2]}")

        assert outcome.status is not None
        assert outcome.status.verdict == "refused", path
