"""What a look at the archive means: the plan, as tables and as laws. No disk."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import MassDisappearance
from indexer.manifest import Known
from indexer.model import FileStamp
from indexer.planning import plan_sync
from indexer.scan import Walk

KEY = FileStamp("a", size_bytes=10, mtime_ns=20, ctime_ns=30, inode=40)


def known(path: str, number: int = 1, *, missing: int = 0, is_read: bool = True, size: int = 10) -> Known:
    return Known(number, KEY._replace(path=path, size_bytes=size), f"sha-{number}", missing, is_read)


def seen(*paths: str, marker: bool = True, unread: tuple[str, ...] = ()) -> Walk:
    return Walk(tuple(KEY._replace(path=path) for path in paths), unread=unread, has_marker=marker)


def test_the_same_key_means_nothing_to_do() -> None:
    plan = plan_sync({"a": known("a")}, seen("a"))
    assert (plan.read, plan.unchanged, plan.absent, dict(plan.missing), plan.gone) == (
        (),
        1,
        (),
        {},
        frozenset(),
    )


@pytest.mark.parametrize("part", ["size_bytes", "mtime_ns", "ctime_ns", "inode"])
def test_any_part_of_the_key_makes_a_file_read_again(part: str) -> None:
    before = known("a")
    changed = KEY._replace(**{part: 99})  # type: ignore[arg-type]  # every part is a number
    plan = plan_sync({"a": before}, Walk((changed,)))
    assert plan.read == ((changed, before),)
    assert plan.unchanged == 0


def test_a_file_that_was_not_read_is_read_again() -> None:
    before = known("a", is_read=False)
    assert plan_sync({"a": before}, seen("a")).read == ((KEY, before),)


@pytest.mark.parametrize(
    ("before", "look", "count", "gone"),
    [
        pytest.param(0, seen(), 1, False, id="the first clean scan only remembers"),
        pytest.param(1, seen(), None, True, id="the second gives up"),
        pytest.param(0, seen(marker=False), 1, False, id="no marker: missing"),
        pytest.param(1, seen(marker=False), None, False, id="no marker: never gone"),
        pytest.param(0, seen(unread=("x/",)), 1, False, id="an unclean scan: missing"),
        pytest.param(1, seen(unread=("x/",)), None, False, id="an unclean scan does not count"),
    ],
)
def test_missing_becomes_gone_only_after_two_clean_scans(
    before: int, look: Walk, count: int | None, *, gone: bool
) -> None:
    plan = plan_sync({"a": known("a", missing=before)}, look)
    assert dict(plan.missing) == ({} if count is None else {1: count})
    assert (1 in plan.gone) is gone


def test_of_a_folder_that_could_not_be_read_nothing_is_concluded() -> None:
    plan = plan_sync({"x/a": known("x/a"), "y/b": known("y/b", 2)}, seen(unread=("x/",)))
    assert [one.id for one in plan.absent] == [2]
    assert dict(plan.missing) == {2: 1}


def test_what_comes_back_unchanged_is_found_again() -> None:
    plan = plan_sync({"a": known("a", missing=1)}, seen("a"))
    assert plan.found_again == (1,)


def lost(count: int, of: int, *, arrived: int = 0, missing: int = 0) -> tuple[dict[str, Known], Walk]:
    before = {f"{n:04}": known(f"{n:04}", n, size=n, missing=missing if n < count else 0) for n in range(of)}
    kept = [one.stamp for n, one in enumerate(before.values()) if n >= count]
    moved = [
        one.stamp._replace(path=f"新/{one.stamp.path}")
        for n, one in enumerate(before.values())
        if n < arrived
    ]
    return before, Walk((*kept, *moved))


@pytest.mark.parametrize(
    ("before", "look", "stops"),
    [
        pytest.param(*lost(20, 20), False, id="twenty may always vanish"),
        pytest.param(*lost(21, 21), True, id="twenty-one of twenty-one may not"),
        pytest.param(*lost(30, 100), False, id="three in ten may vanish"),
        pytest.param(*lost(31, 100), True, id="more may not"),
        pytest.param(*lost(100, 100, arrived=100), False, id="all moved is no loss"),
        pytest.param(*lost(100, 100, arrived=60), True, id="most moved, forty lost"),
        pytest.param(*lost(60, 100, missing=1), False, id="known to be missing is no news"),
    ],
)
def test_a_mass_disappearance_stops_and_asks(before: dict[str, Known], look: Walk, *, stops: bool) -> None:
    if stops:
        with pytest.raises(MassDisappearance, match="一下子少了") as caught:
            plan_sync(before, look)
        assert "共享盘" in caught.value.remedy
    else:
        plan_sync(before, look)
    accepted = plan_sync(before, look, accept_disappearance=True)
    assert accepted.gone == {one.id for one in accepted.absent}


def test_other_files_in_their_place_do_not_release_the_brake() -> None:
    before, _ = lost(0, 50)
    strangers = Walk(tuple(FileStamp(f"别的/{n}", n, 999, 999, n) for n in range(50)))
    with pytest.raises(MassDisappearance):
        plan_sync(before, strangers)


PATHS = st.sampled_from([f"{folder}{name}" for folder in ("", "x/", "y/") for name in "abcd"])
BEFORE = st.dictionaries(PATHS, st.tuples(st.integers(0, 3), st.booleans(), st.integers(1, 3)), max_size=12)


@given(
    before=BEFORE,
    now=st.dictionaries(PATHS, st.integers(1, 3), max_size=12),
    marker=st.booleans(),
    unread=st.sampled_from([(), ("x/",), ("x/", "y/")]),
    accept=st.booleans(),
)
def test_laws(
    before: dict[str, tuple[int, bool, int]],
    now: dict[str, int],
    unread: tuple[str, ...],
    *,
    marker: bool,
    accept: bool,
) -> None:
    files = {
        path: known(path, number, missing=missing, is_read=read, size=size)
        for number, (path, (missing, read, size)) in enumerate(before.items())
    }
    stamps = tuple(
        KEY._replace(path=path, size_bytes=size) for path, size in now.items() if not path.startswith(unread)
    )
    plan = plan_sync(files, Walk(stamps, unread=unread, has_marker=marker), accept_disappearance=accept)

    assert len(plan.read) + plan.unchanged == len(stamps)
    assert {stamp.path for stamp, _ in plan.read} <= {stamp.path for stamp in stamps}
    absent = {one.id for one in plan.absent}
    assert plan.gone | plan.missing.keys() <= absent
    assert not plan.gone & plan.missing.keys()
    assert not absent & {one.id for path, one in files.items() if path.startswith(unread) or path in now}
    if unread or not marker:
        assert not plan.gone
    elif not accept:
        assert plan.gone == {one.id for one in plan.absent if one.missing >= 1}
