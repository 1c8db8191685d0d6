"""The addresses of calls, entries and materials."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from madang.selection.views import calls, desk_calls, desk_entries, entries, materials

ENTRY = "entries/<slug:code>/"
DESK_CALL = "desk/calls/<slug:call>/"
DESK_ENTRY = "desk/entries/<slug:code>/"

urlpatterns: list[URLPattern] = [
    path("calls/", calls.calls, name="calls"),
    path("calls/<slug:call>/", calls.call, name="call"),
    path("calls/<slug:call>/enter/", calls.begin, name="begin"),
    path("entries/", calls.entries, name="entries"),
    path(ENTRY, entries.entry, name="entry"),
    path(ENTRY + "withdraw/", entries.withdraw, name="withdraw_entry"),
    path(ENTRY + "again/", entries.again, name="enter_again"),
    path(ENTRY + "delete/", entries.discard, name="discard_entry"),
    path(ENTRY + "materials/<slug:kind>/", materials.add, name="add_material"),
    path(ENTRY + "materials/<int:material>/take-away/", materials.remove, name="remove_material"),
    path("materials/<int:material>/", materials.file, name="material"),
    path("desk/calls/", desk_calls.calls, name="desk_calls"),
    path("desk/calls/new/", desk_calls.new, name="desk_new_call"),
    path(DESK_CALL, desk_calls.call, name="desk_call"),
    path(DESK_CALL + "change/", desk_calls.change, name="desk_change_call"),
    path("desk/entries/", desk_entries.entries, name="desk_entries"),
    path("desk/entries/table.<slug:ending>", desk_entries.table, name="desk_entries_table"),
    path(DESK_ENTRY, desk_entries.entry, name="desk_one_entry"),
    path(DESK_ENTRY + "refuse/", desk_entries.refuse, name="refuse_entry"),
    path(DESK_ENTRY + "reopen/", desk_entries.reopen, name="reopen_entry"),
    path(DESK_ENTRY + "title/", desk_entries.title, name="title_of_entry"),
]
