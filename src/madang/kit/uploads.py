"""Files that come in are cut off where they are too big, while they come: nobody makes the site read 2 GB.

A view says how much it takes with `@takes_files`; a view that says nothing takes `MOST`. Of a file that is refused the rest is
thrown away as it comes, so that what was typed beside it is kept; of a request larger than `READ_PAST`, nothing more is read.
`refused_limit` and `refused_fields` tell the view what is missing because it was too big.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import HttpRequest

MOST = 100_000_000
"""Bytes of a file that any page takes."""
READ_PAST = 200_000_000
"""Bytes of a request that are read to its end, whatever its files are."""
View = TypeVar("View", bound=Callable[..., Any])
Limit = int | Callable[[Mapping[str, Any]], int]


def takes_files(limit: Limit) -> Callable[[View], View]:
    """The view takes files of so many bytes; a function gives the number by the changing parts of the address."""

    def marked(view: View) -> View:
        view.largest_file = limit  # type: ignore[attr-defined]  # a function may carry facts
        return view

    return marked


def refused_limit(request: HttpRequest) -> int:
    """How many bytes the file could have had that was cut off; 0 where none was."""
    refused: dict[str, int] = getattr(request, "_files_refused", {"": 0})
    return max(refused.values())


def refused_fields(request: HttpRequest) -> list[str]:
    """Names of the fields whose files were cut off."""
    return list(getattr(request, "_files_refused", {}))


class LimitedUpload(FileUploadHandler):
    """First of FILE_UPLOAD_HANDLERS: counts, and stops an upload that says or turns out to be too big."""

    announced = 0

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None) -> None:
        self.announced = content_length

    def new_file(self, *args: Any, **facts: Any) -> None:
        super().new_file(*args, **facts)
        self.seen = 0
        if self.announced > READ_PAST + self.limit():
            self.refuse()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.seen += len(raw_data)
        if self.seen > self.limit():
            self.refuse()
        return raw_data

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        return None

    def limit(self) -> int:
        match = self.request.resolver_match if self.request else None
        limit: Limit = getattr(match.func, "largest_file", MOST) if match else MOST
        return limit(match.kwargs) if callable(limit) and match else int(limit)  # type: ignore[arg-type]  # it is a number here

    def refuse(self) -> None:
        """The file is left out; the page is told."""
        refused: dict[str, int] = self.request.__dict__.setdefault("_files_refused", {})
        refused[str(self.field_name)] = self.limit()
        raise StopUpload(connection_reset=True) if self.announced > READ_PAST + self.limit() else SkipFile
