"""The log in words: who did what."""

from __future__ import annotations

from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from madang.mandates.models import Mandate
from madang.markets.models import Edition, LogEntry
from madang.meetings.models import MeetingPolicy, MeetingRequest, RequestStatus

SENTENCES = {
    "request_meeting": _("%(who)s asked for a meeting (request %(subject)s)."),
    "answer_request": _("%(who)s answered request %(subject)s: %(status)s."),
    "withdraw_request": _("%(who)s withdrew request %(subject)s."),
    "edit_request": _("%(who)s changed request %(subject)s: %(changed)s."),
    "change_wish": _("%(who)s changed the wish of request %(subject)s."),
    "expire_request": _("Request %(subject)s expired without an answer."),
    "change_meeting_policy": _("%(who)s changed the settings of meetings: %(fields)s."),
    "choose_seen_by": _("%(who)s chose by whom %(subject)s is found."),
    "block_company": _("%(who)s blocked a company."),
    "unblock_company": _("%(who)s unblocked a company."),
    "leave_edition": _("%(who)s took %(subject)s out of the edition."),
    "return_to_edition": _("%(who)s brought %(subject)s back into the edition."),
    "compute_timetable": _("%(who)s had a timetable computed."),
    "save_draft_timetable": _("A draft of the timetable was made for %(who)s: %(placed)s of %(possible)s requests placed."),
    "price_dials": _("%(who)s had the dials of the timetable compared."),
    "publish_timetable": _("%(who)s published version %(subject)s of the timetable."),
    "revise_timetable": _("%(who)s began a new draft from version %(subject)s of the timetable."),
    "discard_draft_timetable": _("%(who)s discarded the draft of the timetable."),
    "move_meeting": _("%(who)s moved the meeting of request %(subject)s: %(before)s → %(after)s."),
    "change_meeting": _("%(who)s changed the published meeting of request %(subject)s: %(before)s → %(after)s."),
    "take_changes_over": _("%(who)s took %(count)s later changes over into the draft of the timetable."),
    "take_note": _("%(who)s wrote down what happened: %(subject)s."),
    "take_back_note": _("%(who)s took back what had been written down: it did not happen."),
    "start_repair": _("%(who)s searched for a repair of the timetable."),
    "accept_repair": _("%(who)s accepted a repair of the timetable: %(changes)s meetings changed."),
    "leave_repair": _("%(who)s left the timetable as it was."),
    "propose_time": _("%(who)s proposed another time for request %(subject)s: %(slot)s."),
    "answer_proposal": _("%(who)s answered the proposed time for request %(subject)s."),
    "withdraw_proposal": _("%(who)s withdrew the proposed time for request %(subject)s."),
    "undo_move": _("%(who)s undid the move of request %(subject)s: %(before)s → %(after)s."),
    "check_in": _("%(who)s checked in to the meeting of request %(subject)s."),
    "run_late": _("%(who)s will be late for the meeting of request %(subject)s: %(minutes)s minutes."),
    "report_absence": _("%(who)s reported who did not come to the meeting of request %(subject)s: %(person)s %(cause)s."),
    "share_card": _("%(who)s gave or took back a contact card (request %(subject)s)."),
    "block_time": _("%(who)s noted that %(subject)s cannot meet: %(start)s – %(end)s."),
    "unblock_time": _("%(who)s noted that %(subject)s can meet after all: %(start)s – %(end)s."),
    "go_to_event": _("%(who)s put the event %(subject)s into the agenda of %(person)s."),
    "leave_event": _("%(who)s took the event %(subject)s out of the agenda of %(person)s."),
    "choose_mails": _("%(who)s chose how mails come to %(subject)s: %(mails)s."),
    "send_letter_again": _("%(who)s had a letter to %(subject)s sent again."),
    "leave_letter": _("%(who)s left a letter to %(subject)s as it is."),
    "name_colleague": _("%(who)s named %(person)s for the meeting of request %(subject)s."),
    "invite_guest": _("%(who)s invited %(person)s to the meeting of request %(subject)s."),
    "answer_invitation": _("%(who)s answered an invitation to the meeting of request %(subject)s."),
    "take_back_invitation": _("%(who)s took back the invitation of %(person)s to the meeting of request %(subject)s."),
    "leave_meeting": _("%(person)s no longer comes to the meeting of request %(subject)s (%(who)s)."),
    "set_place": _("%(who)s changed where the meeting of request %(subject)s is held."),
    "place_item": _("%(who)s placed the programme’s item %(subject)s: %(before)s → %(after)s."),
    "lock_item": _("%(who)s locked the programme’s item %(subject)s where it is."),
    "unlock_item": _("%(who)s unlocked the programme’s item %(subject)s."),
    "items_from_events": _("%(who)s took %(subject)s events over into the programme’s draft."),
    "add_item": _("%(who)s added %(subject)s to the programme’s draft."),
    "change_item": _("%(who)s changed the programme’s item %(subject)s: %(fields)s."),
    "delete_item": _("%(who)s deleted %(subject)s from the programme’s draft."),
    "choose_levels": _("%(who)s chose how bad conflicts of the programme are."),
    "change_hall": _("%(who)s changed the hall %(subject)s."),
    "change_travel": _("%(who)s changed the ways between the halls."),
    "suggest_programme": _("%(who)s had a programme suggested."),
    "stop_suggestion": _("%(who)s stopped the search for a programme."),
    "take_suggestion": _("%(who)s took a suggested programme over: %(moved)s items moved."),
    "publish_programme": _(
        "%(who)s published version %(subject)s of the programme: new %(new)s, moved %(moved)s, cancelled %(cancelled)s."
    ),
    "renew_feed_key": _("%(who)s renewed the address of the calendar feed of %(subject)s."),
    "write_mandate": _("%(who)s wrote mandate %(subject)s."),
    "change_mandate": _("%(who)s changed mandate %(subject)s."),
    "delete_mandate": _("%(who)s deleted mandate %(subject)s."),
    "state_rights": _("%(who)s stated rights (%(subject)s)."),
    "add_to_statement": _("%(who)s added to the statement of rights %(subject)s."),
    "change_statement": _("%(who)s changed the statement of rights %(subject)s."),
    "change_line": _("%(who)s changed a line of the statement of rights %(subject)s."),
    "drop_line": _("%(who)s took a line of the statement of rights %(subject)s away."),
    "end_statement": _("%(who)s ended the statement of rights %(subject)s."),
    "resume_statement": _("%(who)s let the statement of rights %(subject)s count again."),
    "add_milestone": _("%(who)s added the milestone %(subject)s of title %(title)s."),
    "change_milestone": _("%(who)s changed the milestone %(subject)s of title %(title)s."),
    "drop_milestone": _("%(who)s deleted the milestone %(subject)s of title %(title)s."),
    "book_places": _("%(who)s booked places for %(event)s (booking %(subject)s): %(places)s."),
    "wait_for_places": _("Somebody waits for places of %(event)s (booking %(subject)s): %(places)s."),
    "offer_places": _("Places of %(event)s that came free were offered to booking %(subject)s: %(places)s."),
    "lapse_offer": _("An offer of places of %(event)s ran out (booking %(subject)s)."),
    "return_places": _("Places of %(event)s were given back (booking %(subject)s): %(places)s."),
    "cancel_booking": _("Booking %(subject)s of %(event)s was cancelled."),
    "rename_booking": _("Booking %(subject)s of %(event)s has another name."),
    "flow_allotment": _("What was left of an allotment of %(event)s went on: %(places)s places."),
    "draw_hall": _("%(who)s drew the hall %(subject)s: %(seats)s seats."),
    "lay_out_seats": _("%(who)s laid out the places of %(subject)s: %(places)s."),
    "share_places": _("%(who)s gave places of %(subject)s to another allotment: %(places)s."),
    "move_booking": _("%(who)s gave booking %(subject)s of %(event)s other seats."),
    "name_signatory": _("%(who)s named %(subject)s, who may sign for her company now."),
    "unname_signatory": _("%(who)s took back that %(subject)s may sign."),
    "change_edition": _("%(who)s changed the settings of the edition: %(fields)s."),
    "import_workbook": _("%(who)s loaded a workbook."),
    "import_avails": _("%(who)s loaded an avails file of %(subject)s: %(new)s new, %(changed)s changed, %(removed)s removed."),
    "start_deal": _("%(who)s began deal %(subject)s."),
    "drop_deal": _("%(who)s dropped deal %(subject)s before anything was sent."),
    "send_document": _("%(who)s sent %(subject)s (deal %(deal)s)."),
    "accept_document": _("%(who)s accepted %(subject)s (deal %(deal)s)."),
    "decline_document": _("%(who)s declined %(subject)s (deal %(deal)s)."),
    "withdraw_document": _("%(who)s withdrew %(subject)s (deal %(deal)s)."),
    "expire_document": _("%(subject)s expired without an answer (deal %(deal)s)."),
    "end_deal": _("%(who)s ended deal %(subject)s."),
    "clear_right": _("%(who)s noted what somebody with an older right answered (deal %(subject)s)."),
    "sign_document": _("%(who)s signed %(subject)s (deal %(deal)s)."),
    "conclude_deal": _("Deal %(subject)s is signed by both sides: %(document)s."),
    "ask_terms": _("%(who)s asked for terms (deal %(subject)s)."),
    "state_value": _("%(who)s stated a value of deal %(subject)s: %(amount)s %(currency)s."),
    "restate_value": _("%(who)s stated a value of deal %(subject)s anew: %(before)s → %(after)s."),
    "confirm_value": _("%(who)s confirmed a value of deal %(subject)s."),
    "dispute_value": _("%(who)s disputed a value of deal %(subject)s."),
    "withdraw_value": _("%(who)s withdrew a value of deal %(subject)s."),
    "estimate_value": _("%(who)s estimated the value of %(subject)s: %(amount)s %(currency)s."),
    "drop_estimate": _("%(who)s took an estimate back (value %(subject)s)."),
    "add_evidence": _("%(who)s attached evidence to value %(subject)s."),
    "remove_evidence": _("%(who)s took evidence of value %(subject)s back."),
    "open_coproduction": _("%(who)s opened the co-production %(subject)s."),
    "change_plan": _("%(who)s changed the co-production %(subject)s (revision %(revision)s)."),
    "seat_juror": _("%(who)s put %(subject)s into the jury of %(call)s."),
    "change_juror": _("%(who)s changed what %(subject)s judges in the jury of %(call)s."),
    "leave_jury": _("%(who)s took %(subject)s out of the jury of %(call)s; %(readings)s readings came free."),
    "save_criterion": _("%(who)s wrote the criterion %(subject)s of %(call)s."),
    "drop_criterion": _("%(who)s took the criterion %(subject)s of %(call)s away."),
    "take_standard_criteria": _("%(who)s took the standard criteria for %(subject)s."),
    "detect_conflicts": _("%(who)s looked for conflicts of interest in %(subject)s: %(count)s new."),
    "add_conflict": _("%(who)s noted a conflict of interest of %(juror)s with entry %(subject)s."),
    "waive_conflict": _("%(who)s found a conflict of %(juror)s with entry %(subject)s harmless: “%(reason)s”"),
    "restore_conflict": _("%(who)s let a conflict of %(juror)s with entry %(subject)s count again."),
    "compute_assignment": _("%(who)s had the readings of %(subject)s computed."),
    "take_assignment": _("%(who)s dealt out the readings of %(subject)s: %(new)s new, %(gone)s gone."),
    "add_reading": _("%(who)s gave entry %(subject)s to %(juror)s."),
    "remove_reading": _("%(who)s took entry %(subject)s away from %(juror)s."),
    "lock_reading": _("%(who)s settled whether %(juror)s keeps entry %(subject)s."),
    "finish_reading": _("%(who)s scored entry %(subject)s of %(call)s."),
    "recuse": _("%(who)s gave entry %(subject)s of %(call)s back."),
    "add_remark": _("%(who)s spoke about entry %(subject)s of %(call)s."),
    "remind_jurors": _("%(who)s reminded %(count)s jurors of %(subject)s."),
    "make_ranking": _("%(who)s made ranking %(number)s of %(subject)s."),
    "decide_entries": _("%(who)s decided about %(count)s entries of %(subject)s: %(decision)s."),
    "move_reserve": _("%(who)s moved entry %(subject)s on the reserve list to place %(place)s."),
    "write_decisions": _("%(who)s wrote %(count)s letters to applicants of %(subject)s."),
    "answer_outcome": _("%(who)s answered whether entry %(subject)s comes."),
    "agree_to_plan": _("%(who)s agreed to the co-production %(subject)s (revision %(revision)s)."),
    "make_device": _("%(who)s made the door device %(subject)s."),
    "renew_device": _("%(who)s made a new pairing link for the door device %(subject)s."),
    "revoke_device": _("%(who)s revoked the door device %(subject)s."),
    "pair_device": _("A phone was paired as the door device %(subject)s."),
    "release_places": _("%(who)s gave away the places of %(count)s people who had not come (%(subject)s)."),
    "find_door_conflict": _("Two doors let in one seat at %(subject)s: first %(first)s, then %(door)s."),
    "note_queue": _("%(who)s noted a queue of %(minutes)s minutes at %(subject)s."),
    "take_agreement_back": _("%(who)s no longer agrees to the co-production %(subject)s (revision %(revision)s)."),
    "begin_entry": _("%(who)s began the entry %(subject)s."),
    "change_entry": _("%(who)s changed the submitted entry %(subject)s: %(fields)s."),
    "submit_entry": _("%(who)s submitted the entry %(subject)s to %(call)s."),
    "withdraw_entry": _("%(who)s withdrew the entry %(subject)s."),
    "enter_again": _("%(who)s made the withdrawn entry %(subject)s a draft again."),
    "discard_entry": _("%(who)s deleted the draft %(subject)s."),
    "refuse_entry": _("%(who)s found the entry %(subject)s not eligible: %(reason)s"),
    "reopen_entry": _("%(who)s let the entry %(subject)s count again."),
    "add_material": _("%(who)s changed a material of the submitted entry %(subject)s."),
    "remove_material": _("%(who)s took a material of the submitted entry %(subject)s away."),
    "make_call": _("%(who)s made the call for entries %(subject)s."),
    "change_call": _("%(who)s changed the call for entries %(subject)s: %(fields)s."),
    "save_identity": _("%(who)s changed the identity statement of title %(subject)s."),
}
"""Verb -> sentence. A verb that is not here is shown as it is, so that nothing is hidden."""

ABOUT_REQUESTS = {
    "request_meeting",
    "answer_request",
    "withdraw_request",
    "move_meeting",
    "change_meeting",
    "undo_move",
    "propose_time",
    "answer_proposal",
    "name_colleague",
    "invite_guest",
    "answer_invitation",
    "take_back_invitation",
    "leave_meeting",
    "set_place",
}

VERBS = {
    "request_meeting": _("Requests sent"),
    "answer_request": _("Requests answered"),
    "withdraw_request": _("Requests withdrawn"),
    "edit_request": _("Requests changed"),
    "change_wish": _("Wishes changed"),
    "expire_request": _("Requests expired"),
    "change_meeting_policy": _("Settings of meetings changed"),
    "choose_seen_by": _("Who finds whom"),
    "block_company": _("Companies blocked"),
    "unblock_company": _("Companies unblocked"),
    "leave_edition": _("People dropped out"),
    "return_to_edition": _("People back"),
    "compute_timetable": _("Timetables computed"),
    "save_draft_timetable": _("Drafts saved"),
    "price_dials": _("Dials compared"),
    "publish_timetable": _("Timetables published"),
    "revise_timetable": _("New drafts begun"),
    "discard_draft_timetable": _("Drafts discarded"),
    "move_meeting": _("Meetings moved"),
    "change_meeting": _("Published meetings changed"),
    "take_changes_over": _("Changes taken over"),
    "take_note": _("What happened"),
    "take_back_note": _("Taken back"),
    "start_repair": _("Repairs searched"),
    "accept_repair": _("Repairs accepted"),
    "leave_repair": _("Repairs left"),
    "propose_time": _("Times proposed"),
    "answer_proposal": _("Proposed times answered"),
    "withdraw_proposal": _("Proposed times withdrawn"),
    "undo_move": _("Moves undone"),
    "check_in": _("Check-ins"),
    "run_late": _("Running late"),
    "report_absence": _("Absences reported"),
    "share_card": _("Contact cards given"),
    "block_time": _("Times blocked"),
    "unblock_time": _("Blocks lifted"),
    "go_to_event": _("Events entered in agendas"),
    "leave_event": _("Events taken out of agendas"),
    "choose_mails": _("Mails chosen"),
    "send_letter_again": _("Letters sent again"),
    "leave_letter": _("Letters left"),
    "name_colleague": _("Colleagues named"),
    "invite_guest": _("Guests invited"),
    "answer_invitation": _("Invitations answered"),
    "take_back_invitation": _("Invitations taken back"),
    "leave_meeting": _("People who left a meeting"),
    "set_place": _("Places of meetings changed"),
    "renew_feed_key": _("Calendar addresses renewed"),
    "write_mandate": _("Mandates written"),
    "change_mandate": _("Mandates changed"),
    "delete_mandate": _("Mandates deleted"),
    "state_rights": _("Rights stated"),
    "add_to_statement": _("Rights added"),
    "change_statement": _("Statements of rights changed"),
    "change_line": _("Lines of rights changed"),
    "drop_line": _("Lines of rights taken away"),
    "end_statement": _("Statements of rights ended"),
    "resume_statement": _("Statements of rights resumed"),
    "add_milestone": _("Milestones added"),
    "change_milestone": _("Milestones changed"),
    "drop_milestone": _("Milestones deleted"),
    "book_places": _("Places booked"),
    "wait_for_places": _("Waiting lists joined"),
    "offer_places": _("Places offered"),
    "lapse_offer": _("Offers of places run out"),
    "return_places": _("Places given back"),
    "cancel_booking": _("Bookings cancelled"),
    "rename_booking": _("Bookings renamed"),
    "flow_allotment": _("Allotments gone on"),
    "draw_hall": _("Halls drawn"),
    "lay_out_seats": _("Places laid out"),
    "share_places": _("Places shared anew"),
    "move_booking": _("Bookings moved"),
    "name_signatory": _("Signatories named"),
    "unname_signatory": _("Signatories taken back"),
    "change_edition": _("Settings changed"),
    "import_workbook": _("Workbooks loaded"),
    "import_avails": _("Avails files loaded"),
    "ask_terms": _("Terms asked for"),
    "start_deal": _("Deals begun"),
    "drop_deal": _("Deals dropped"),
    "send_document": _("Offers, memos, licences sent"),
    "accept_document": _("Offers and memos accepted"),
    "decline_document": _("Offers and memos declined"),
    "withdraw_document": _("Offers and memos withdrawn"),
    "expire_document": _("Offers expired"),
    "end_deal": _("Deals ended"),
    "clear_right": _("Older rights cleared"),
    "sign_document": _("Signatures"),
    "conclude_deal": _("Deals signed"),
    "state_value": _("Values stated"),
    "restate_value": _("Values stated anew"),
    "confirm_value": _("Values confirmed"),
    "dispute_value": _("Values disputed"),
    "withdraw_value": _("Values withdrawn"),
    "estimate_value": _("Values estimated"),
    "drop_estimate": _("Estimates taken back"),
    "add_evidence": _("Evidence attached"),
    "remove_evidence": _("Evidence taken back"),
    "open_coproduction": _("Co-productions opened"),
    "change_plan": _("Co-productions changed"),
    "seat_juror": _("%(who)s put %(subject)s into the jury of %(call)s."),
    "change_juror": _("%(who)s changed what %(subject)s judges in the jury of %(call)s."),
    "leave_jury": _("%(who)s took %(subject)s out of the jury of %(call)s; %(readings)s readings came free."),
    "save_criterion": _("%(who)s wrote the criterion %(subject)s of %(call)s."),
    "drop_criterion": _("%(who)s took the criterion %(subject)s of %(call)s away."),
    "take_standard_criteria": _("%(who)s took the standard criteria for %(subject)s."),
    "detect_conflicts": _("%(who)s looked for conflicts of interest in %(subject)s: %(count)s new."),
    "add_conflict": _("%(who)s noted a conflict of interest of %(juror)s with entry %(subject)s."),
    "waive_conflict": _("%(who)s found a conflict of %(juror)s with entry %(subject)s harmless: “%(reason)s”"),
    "restore_conflict": _("%(who)s let a conflict of %(juror)s with entry %(subject)s count again."),
    "compute_assignment": _("%(who)s had the readings of %(subject)s computed."),
    "take_assignment": _("%(who)s dealt out the readings of %(subject)s: %(new)s new, %(gone)s gone."),
    "add_reading": _("%(who)s gave entry %(subject)s to %(juror)s."),
    "remove_reading": _("%(who)s took entry %(subject)s away from %(juror)s."),
    "lock_reading": _("%(who)s settled whether %(juror)s keeps entry %(subject)s."),
    "finish_reading": _("%(who)s scored entry %(subject)s of %(call)s."),
    "recuse": _("%(who)s gave entry %(subject)s of %(call)s back."),
    "add_remark": _("%(who)s spoke about entry %(subject)s of %(call)s."),
    "remind_jurors": _("%(who)s reminded %(count)s jurors of %(subject)s."),
    "make_ranking": _("%(who)s made ranking %(number)s of %(subject)s."),
    "decide_entries": _("%(who)s decided about %(count)s entries of %(subject)s: %(decision)s."),
    "move_reserve": _("%(who)s moved entry %(subject)s on the reserve list to place %(place)s."),
    "write_decisions": _("%(who)s wrote %(count)s letters to applicants of %(subject)s."),
    "answer_outcome": _("%(who)s answered whether entry %(subject)s comes."),
    "agree_to_plan": _("Co-productions agreed to"),
    "take_agreement_back": _("Agreements taken back"),
    "make_device": _("Door devices made"),
    "renew_device": _("Door devices paired anew"),
    "revoke_device": _("Door devices revoked"),
    "pair_device": _("Phones paired"),
    "release_places": _("Empty places given away"),
    "find_door_conflict": _("Two doors, one seat"),
    "note_queue": _("Queues noted"),
}
"""The same in two or three words, for the filter."""


def sentence(entry: LogEntry) -> str:
    """One line of the log in the active language."""
    if entry.verb not in SENTENCES:
        return gettext("%(who)s: %(verb)s %(subject)s") % _words(entry)
    return str(SENTENCES[entry.verb]) % _words(entry)


def link(entry: LogEntry, edition: Edition) -> str:
    """The page of what the line is about, where there is one."""
    if entry.verb in ABOUT_REQUESTS and entry.subject:
        return reverse("meetings:request", args=[edition.slug, entry.subject])
    if entry.verb in ("write_mandate", "change_mandate") and entry.subject:
        return reverse("mandates:mandate", args=[edition.slug, entry.subject])
    if entry.verb == "publish_timetable" and entry.subject.isdecimal():
        return reverse("meetings:version", args=[edition.slug, entry.subject])
    return ""


def verb_words(verb: str) -> str:
    return str(VERBS.get(verb, verb))


class _Words(dict[str, Any]):
    """A detail that an older line did not keep reads as a question mark."""

    def __missing__(self, key: str) -> str:
        return "?"


def _words(entry: LogEntry) -> _Words:
    details = {key: _plain(value) for key, value in entry.details.items()}
    if entry.details.get("status") in RequestStatus.values:
        details["status"] = str(RequestStatus(entry.details["status"]).label)
    for key, model in FIELDS_OF.items():
        if isinstance(entry.details.get(key), list):
            details[key] = ", ".join(_field_words(name, model) for name in entry.details[key])
    who = str(entry.actor) if entry.actor else gettext("Madang itself")
    return _Words(details, who=who, subject=entry.subject or "", verb=entry.verb)


FIELDS_OF: dict[str, tuple[type[Model], ...]] = {"fields": (Edition, MeetingPolicy), "changed": (MeetingRequest, Mandate)}
"""A detail that lists fields -> the models in which they may be."""


def _field_words(name: str, models: tuple[type[Model], ...]) -> str:
    for model in models:
        if name in {field.name for field in [*model._meta.fields, *model._meta.many_to_many]}:
            return str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # plain fields of ours
    return name


def _plain(value: Any) -> str:
    """As text; a dash for nothing, such as where a meeting stood that had no place."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(intcomma(value))
    return (", ".join(str(part) for part in value) if isinstance(value, list) else str(value)) or "–"
