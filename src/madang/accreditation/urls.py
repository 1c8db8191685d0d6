"""The addresses of `accreditation`: the applicant's under badges/, the organiser's under desk/."""

from __future__ import annotations

from django.urls import path

from madang.accreditation import urls_badges
from madang.accreditation.views import applying, desk, desk_invitations, desk_types, drafting, inviting

app_name = "accreditation"
urlpatterns = [
    *urls_badges.urlpatterns,
    path("badges/", applying.badges, name="badges"),
    path("badges/<slug:kind>/apply/", drafting.apply, name="apply"),
    path("badges/applications/<slug:code>/", applying.application, name="application"),
    path("badges/applications/<slug:code>/edit/", drafting.edit, name="edit"),
    path("badges/applications/<slug:code>/answer/", applying.answer, name="answer"),
    path("badges/applications/<slug:code>/withdraw/", applying.withdraw, name="withdraw"),
    path("badges/applications/<slug:code>/transfer/", applying.transfer, name="transfer"),
    path("badges/proofs/<int:number>/", applying.proof, name="proof"),
    path("badges/inquiries/<int:number>/", applying.inquiry_file, name="inquiry_file"),
    path("badges/invitations/<slug:key>/", inviting.invitation, name="invitation"),
    path("desk/applications/", desk.applications, name="desk_applications"),
    path("desk/applications/decide/", desk.decide, name="decide"),
    path("desk/applications/<slug:code>/", desk.application, name="desk_application"),
    path("desk/applications/<slug:code>/decide/", desk.decide_one, name="decide_one"),
    path("desk/applications/<slug:code>/ask/", desk.ask, name="ask"),
    path("desk/applications/<slug:code>/company/", desk.company, name="company"),
    path("desk/applications/<slug:code>/revoke/", desk.revoke, name="revoke"),
    path("desk/applications/<slug:code>/transfer/", desk.transfer, name="desk_transfer"),
    path("desk/badge-types/", desk_types.badge_types, name="desk_types"),
    path("desk/badge-types/add/", desk_types.add_type, name="add_type"),
    path("desk/badge-types/standard/", desk_types.copy_types, name="copy_types"),
    path("desk/badge-types/of/<slug:kind>/", desk_types.badge_type, name="desk_type"),
    path("desk/badge-types/of/<slug:kind>/remove/", desk_types.remove_type, name="remove_type"),
    path("desk/badge-types/of/<slug:kind>/questions/add/", desk_types.add_question, name="add_question"),
    path("desk/badge-types/of/<slug:kind>/questions/<slug:question>/edit/", desk_types.question, name="question"),
    path("desk/badge-types/of/<slug:kind>/questions/<slug:question>/change/", desk_types.change_question, name="change_question"),
    path("desk/invitations/", desk_invitations.invitations, name="desk_invitations"),
    path("desk/invitations/new/", desk_invitations.invite, name="invite"),
    path("desk/invitations/<slug:key>/revoke/", desk_invitations.revoke, name="revoke_invitation"),
]
