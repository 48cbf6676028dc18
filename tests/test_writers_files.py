"""A file is written as a whole or not at all."""

import pytest

from zhiji_kg.errors import CannotRunError
from zhiji_kg.writers.files import in_one_step, write_whole


def test_text_and_bytes_arrive_as_they_are(tmp_path):
    write_whole(tmp_path / "文 件.txt", "一\r\n二\n")
    write_whole(tmp_path / "b", b"\x00\xff")
    assert (tmp_path / "文 件.txt").read_bytes() == "一\r\n二\n".encode()
    assert (tmp_path / "b").read_bytes() == b"\x00\xff"


def test_what_fails_half_way_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "report"
    path.write_text("old")

    def fail_half_way():
        with in_one_step(path) as aside:
            aside.write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("place", ["no-such-folder/x", "file/x"])
def test_a_place_that_cannot_be_written_is_one_clear_line(tmp_path, place):
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotRunError) as refused:
        write_whole(tmp_path / place, "x")
    assert [problem.code for problem in refused.value.problems] == ["cannot-write"]
    assert str(tmp_path / place) in str(refused.value)


def test_two_writers_of_one_file_do_not_meet(tmp_path):
    with in_one_step(tmp_path / "x") as first, in_one_step(tmp_path / "x") as second:
        assert first != second
        first.write_text("1")
        second.write_text("2")
    assert (tmp_path / "x").read_text() in ("1", "2")
