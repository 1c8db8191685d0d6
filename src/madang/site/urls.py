"""Every address of the site, by app."""

from django.urls import include, path

from madang.site import views

EDITION = "e/<slug:edition>/"
handler500 = "madang.site.faults.unforeseen"

urlpatterns = [
    path("", include(([path("", views.home, name="home"), path(EDITION, views.edition_home, name="edition")], "site"))),
    path("language/", include("django.conf.urls.i18n")),
    path("account/", include("allauth.account.urls")),
    path("accounts/", include("madang.accounts.urls")),
    path("across/", include("madang.outcomes.urls_across")),
    path(EDITION, include("madang.people.urls")),
    path(EDITION, include("madang.catalogue.urls")),
    path(EDITION, include("madang.programme.urls")),
    path(EDITION, include("madang.mandates.urls")),
    path(EDITION, include("madang.meetings.urls")),
    path(EDITION, include("madang.deals.urls")),
    path(EDITION, include("madang.accreditation.urls")),
    path(EDITION, include("madang.selection.urls")),
    path(EDITION, include("madang.seating.urls")),
    path(EDITION, include("madang.door.urls")),
    path(EDITION, include("madang.programming.urls")),
    path(EDITION, include("madang.matching.urls")),
    path(EDITION, include("madang.search.urls")),
    path(EDITION, include("madang.outcomes.urls")),
    path(EDITION + "rights/workbook/", include("madang.workbook.rights_urls")),
    path(EDITION + "desk/workbook/", include("madang.workbook.urls")),
    path(EDITION + "desk/", include("madang.desk.urls")),
]
