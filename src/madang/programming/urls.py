"""The addresses of the programmer's table, at the organiser's desk."""

from __future__ import annotations

from django.urls import path

from madang.programming.views import grid, items, suggesting, undoing, venue, versions

DESK = "desk/programming/"

app_name = "programming"
urlpatterns = [
    path(DESK, grid.grid, name="grid"),
    path(DESK + "verdict/", grid.verdict, name="verdict"),
    path(DESK + "place/", grid.place, name="place"),
    path(DESK + "undo/", undoing.undo, name="undo"),
    path(DESK + "lock/", grid.lock, name="lock"),
    path(DESK + "from-events/", grid.take_events, name="take_events"),
    path(DESK + "items/", items.items, name="items"),
    path(DESK + "items/new/", items.new_item, name="new_item"),
    path(DESK + "item/<code>/", items.item, name="item"),
    path(DESK + "item/<code>/delete/", items.remove_item, name="remove_item"),
    path(DESK + "conflicts/", venue.conflicts, name="conflicts"),
    path(DESK + "halls/", venue.halls, name="halls"),
    path(DESK + "halls/<code>/", venue.hall, name="hall"),
    path(DESK + "suggest/", suggesting.suggestions, name="suggestions"),
    path(DESK + "suggest/<key>/", suggesting.suggestion, name="suggestion"),
    path(DESK + "suggest/<key>/stop/", suggesting.stop, name="stop"),
    path(DESK + "suggest/<key>/take/", suggesting.take, name="take"),
    path(DESK + "suggest/<key>/undo/", suggesting.give_back, name="give_back"),
    path(DESK + "versions/", versions.versions, name="versions"),
    path(DESK + "versions/<int:number>/", versions.version, name="version"),
]
