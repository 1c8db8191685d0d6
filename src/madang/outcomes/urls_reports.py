"""Addresses of reports."""

from django.urls import URLPattern, URLResolver, path

from madang.outcomes.views import funder, reports

DESK = "desk/outcomes/reports/"
ONE = f"{DESK}<int:number>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(DESK, reports.reports, name="reports"),
    path(f"{DESK}new/", reports.new_report, name="new_report"),
    path(f"{DESK}links/", funder.links, name="funder_links"),
    path(f"{DESK}links/<int:number>/revoke/", funder.revoke, name="revoke_link"),
    path(f"{DESK}runs/<key>/", reports.report_run, name="report_run"),
    path(f"{DESK}runs/<key>/stop/", reports.stop_report, name="stop_report"),
    path(ONE, reports.report, name="report"),
    path(f"{ONE}publish/", reports.publish, name="publish_report"),
    path(f"{ONE}unpublish/", reports.unpublish, name="unpublish_report"),
    path(f"{ONE}check/", reports.check_report, name="check_report"),
    path(f"{ONE}files/", reports.make_files, name="make_report_files"),
    path(f"{ONE}files/<language>/<kind>/", reports.report_file, name="report_file"),
    path(f"{ONE}figures/<int:position>/", reports.report_figure, name="report_figure"),
    path(f"{ONE}figures/<int:position>/rows/<int:row>/", reports.report_row, name="report_row"),
    path("reports/<key>/", funder.funder, name="funder"),
    path("reports/<key>/<int:number>/", funder.funder_report, name="funder_report"),
    path("reports/<key>/<int:number>/<language>/<kind>/", funder.funder_file, name="funder_file"),
]
