"""What is done with a file that is too big: thrown away as it comes, or not read at all."""

import pytest
from django.core.files.uploadhandler import SkipFile, StopUpload
from django.test import RequestFactory

from madang.kit.uploads import MOST, READ_PAST, LimitedUpload, refused_fields, refused_limit

PIECE = b"x" * 64_000


def handler_of(announced):
    request = RequestFactory().post("/")
    handler = LimitedUpload(request)
    handler.handle_raw_input(None, {}, announced, b"")
    return request, handler


def test_the_rest_of_a_file_is_thrown_away_and_its_field_named():
    request, handler = handler_of(MOST + READ_PAST)
    handler.new_file("poster", "a.jpg", "image/jpeg", None)
    handler.seen = MOST - 1
    with pytest.raises(SkipFile):
        handler.receive_data_chunk(PIECE, 0)
    handler.new_file("still", "b.jpg", "image/jpeg", None)
    assert handler.receive_data_chunk(PIECE, 0) == PIECE
    assert (refused_limit(request), refused_fields(request)) == (MOST, ["poster"])


def test_of_two_gigabytes_nothing_more_is_read():
    request, handler = handler_of(2_000_000_000)
    with pytest.raises(StopUpload):
        handler.new_file("poster", "a.jpg", "image/jpeg", None)
    assert refused_fields(request) == ["poster"]


def test_where_nothing_was_too_big():
    request, _handler = handler_of(1_000)
    assert (refused_limit(request), refused_fields(request)) == (0, [])
