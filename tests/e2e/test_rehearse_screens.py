"""What a rehearsal shows, and that it plays all of its points."""

from tufline.repository.rehearsal import (
    SCENARIO,
    Screen,
)


def test_a_long_screen_is_shortened_to_what_matters() -> None:
    lines = ["sign/x", "READY", "  because", "What changes", *map(str, range(50)), "a", "b", "c"]

    screen = Screen(who="@alice", command="tufline sign", code=0, text="\n\n".join(lines))

    assert screen.digest == (
        *("sign/x", "READY"),
        *("What changes", "0", "1", "2", "3", "4"),
        "… 46 more lines …",
        *("a", "b", "c"),
    )


def test_a_short_screen_is_shown_whole() -> None:
    screen = Screen(who="@alice", command="tufline events", code=0, text="one\ntwo\n\nthree\n")

    assert screen.digest == ("one", "two", "three")


def test_the_scenario_has_every_point_and_all_attacks_last() -> None:
    points = [step.point for step in SCENARIO]

    assert points == sorted(points)
    assert {*points} == {*range(1, 8)}
    assert [step.point == 7 for step in SCENARIO] == [step.is_attack for step in SCENARIO]
