"""The addresses of `accreditation`: the applicant's under badges/, the organiser's under desk/."""

from __future__ import annotations

from django.urls import path

from madang.accreditation.views import applying, inviting

app_name = "accreditation"
urlpatterns = [
    path("badges/", applying.badges, name="badges"),
    path("badges/<slug:kind>/apply/", applying.apply, name="apply"),
    path("badges/applications/<slug:code>/", applying.application, name="application"),
    path("badges/applications/<slug:code>/edit/", applying.edit, name="edit"),
    path("badges/applications/<slug:code>/answer/", applying.answer, name="answer"),
    path("badges/applications/<slug:code>/withdraw/", applying.withdraw, name="withdraw"),
    path("badges/applications/<slug:code>/transfer/", applying.transfer, name="transfer"),
    path("badges/proofs/<int:number>/", applying.proof, name="proof"),
    path("badges/inquiries/<int:number>/", applying.inquiry_file, name="inquiry_file"),
    path("badges/invitations/<slug:key>/", inviting.invitation, name="invitation"),
]
