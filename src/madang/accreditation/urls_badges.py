"""The addresses of badges and of the shop's orders."""

from __future__ import annotations

from django.urls import path

from madang.accreditation.views import badges, orders

urlpatterns = [
    path("badge/lost/", badges.report_lost, name="report_lost"),
    path("desk/badges/", badges.badges, name="desk_badges"),
    path("desk/badges/issue/", badges.issue, name="issue_badges"),
    path("desk/badges/prints/<slug:key>/", badges.badge_run, name="badge_run"),
    path("desk/badges/prints/<slug:key>/file/", badges.badge_file, name="badge_file"),
    path("desk/badges/prints/<slug:key>/stop/", badges.stop, name="stop_badges"),
    path("desk/badges/prints/<slug:key>/printed/", badges.printed, name="printed_badges"),
    path("desk/badges/<int:number>/", badges.desk_badge, name="desk_badge"),
    path("desk/badges/<int:number>/change/", badges.change, name="change_badge"),
    path("desk/orders/", orders.orders_page, name="desk_orders"),
    path("desk/orders/table/", orders.table, name="orders_table"),
    path("desk/orders/imports/", orders.imports, name="order_imports"),
    path("desk/orders/imports/<slug:key>/", orders.order_import, name="order_import"),
    path("desk/orders/imports/<slug:key>/load/", orders.load, name="load_orders"),
    path("desk/orders/<int:pk>/", orders.order, name="order"),
]
