"""Addresses of rights and deals."""

from __future__ import annotations

from django.urls import path

from madang.deals.views import coproduction, figures, free, milestones, search, signatories, statements, values

app_name = "deals"
urlpatterns = [
    path("rights/free/", search.free, name="free"),
    path("rights/free/table.<slug:kind>", search.table, name="free_table"),
    path("rights/free/<code>/", free.free_title, name="free_title"),
    path("rights/ask/<code>/", free.ask, name="ask"),
    path("rights/", statements.rights, name="rights"),
    path("rights/hold/", statements.hold, name="hold"),
    path("rights/sold/", statements.sell, name="sell"),
    path("rights/read/", statements.read, name="read_rights"),
    path("rights/check/", statements.check, name="check_statement"),
    path("rights/titles/<title>/", statements.title_rights, name="title_rights"),
    path("rights/titles/<title>/milestones/", milestones.milestones, name="milestones"),
    path("rights/milestones/<milestone>/", milestones.change, name="milestone"),
    path("rights/statements/<statement>/", statements.statement, name="statement"),
    path("rights/statements/<statement>/change/", statements.change, name="change_statement"),
    path("rights/statements/<statement>/add/", statements.add_line, name="add_line"),
    path("rights/statements/<statement>/end/", statements.end, name="end_statement"),
    path("rights/statements/<statement>/lines/<int:line>/", statements.change_line, name="change_line"),
    path("rights/signatories/", signatories.signatories, name="signatories"),
    path("rights/signatories/<person>/", signatories.name, name="name_signatory"),
    path("desk/signatories/", signatories.desk, name="desk_signatories"),
    path("values/", values.values, name="values"),
    path("values/<int:number>/", values.value, name="value"),
    path("values/<int:number>/confirm/", values.confirm, name="confirm_value"),
    path("values/<int:number>/dispute/", values.dispute, name="dispute_value"),
    path("values/<int:number>/withdraw/", values.withdraw, name="withdraw_value"),
    path("values/<int:number>/restate/", values.restate, name="restate_value"),
    path("values/<int:number>/evidence/", values.add_evidence, name="add_evidence"),
    path("values/evidence/<int:number>/", values.evidence, name="evidence"),
    path("values/evidence/<int:number>/remove/", values.remove_evidence, name="remove_evidence"),
    path("deals/<code>/value/", values.state, name="state_value"),
    path("co-productions/", coproduction.coproductions, name="coproductions"),
    path("co-productions/new/", coproduction.new, name="new_coproduction"),
    path("co-productions/<code>/", coproduction.coproduction, name="coproduction"),
    path("co-productions/<code>/partners/", coproduction.partners, name="plan_partners"),
    path("co-productions/<code>/financing/", coproduction.financing, name="plan_financing"),
    path("co-productions/<code>/recoupment/", coproduction.recoupment, name="plan_recoupment"),
    path("co-productions/<code>/agree/", coproduction.agree, name="agree_to_plan"),
    path("co-productions/<code>/plan.pdf", coproduction.plan_pdf, name="plan_pdf"),
    path("meetings/<code>/estimate/", figures.estimate_meeting, name="estimate_meeting"),
    path("desk/figures/", figures.figures, name="figures"),
    path("desk/figures/rows/", figures.rows, name="figure_rows"),
    path("desk/figures/values.csv", figures.table, {"ending": "csv"}, name="figures_csv"),
    path("desk/figures/values.xlsx", figures.table, {"ending": "xlsx"}, name="figures_xlsx"),
    path("desk/figures/deals/<code>/estimate/", figures.estimate_deal, name="estimate_deal"),
    path("desk/figures/values/<int:number>/drop/", figures.drop_estimate, name="drop_estimate"),
]
