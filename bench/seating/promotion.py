"""What is left after waiting lists have moved up while processes were killed (`promoting.py`), in plain SQL."""

from __future__ import annotations

import audit

COUNTED = {
    "badges promoted": "select count(*) from markets_logentry where verb = 'promote_application'",
    "places offered": "select count(*) from markets_logentry where verb = 'offer_places'",
    "offers that ran out": "select count(*) from markets_logentry where verb = 'lapse_offer'",
    "letters": "select count(*) from people_letter",
}
HEAD = ["database", "killed", "seconds", *COUNTED, "faults"]
NEVER = {
    "a badge type has more badges than its quota": """
        select t.id from accreditation_badgetype t where t.quota < (
        select count(*) from accreditation_application a where a.badge_type_id = t.id and a.state = 'accepted')""",
    "a badge is left while somebody waits": """
        select t.id from accreditation_badgetype t where t.quota > (
        select count(*) from accreditation_application a where a.badge_type_id = t.id and a.state = 'accepted')
        and exists (select 1 from accreditation_application a where a.badge_type_id = t.id and a.state = 'waiting')""",
    "somebody waits for a badge who handed in before one who was promoted": """
        select w.id from accreditation_application w join accreditation_application p on p.badge_type_id = w.badge_type_id
        where w.state = 'waiting' and p.state <> 'waiting' and p.submitted_at > w.submitted_at""",
    "accepted without one valid badge": """
        select a.id from accreditation_application a where a.state = 'accepted' and 1 <> (
        select count(*) from accreditation_badge b where b.participant_id = a.participant_id and b.state = 'valid')""",
    "a valid badge of somebody who is not accepted": """
        select b.id from accreditation_badge b join accreditation_application a on a.participant_id = b.participant_id
        where b.state = 'valid' and a.state <> 'accepted'""",
    "a badge's number is given twice": """
        select number from accreditation_badge group by edition_id, number having count(*) > 1""",
    "promoted without one letter and one line in the log": """
        select a.id from accreditation_application a where a.participant_id is not null and 11 <> 10 * (
        select count(*) from people_letter l
        where l.once like 'badge promoted ' || a.code || ' %' or l.once like 'badge accepted ' || a.code || ' %') + (
        select count(*) from markets_logentry g
        where g.subject = a.code and g.verb in ('promote_application', 'accept_application'))""",
    "gave a badge up without one letter": """
        select a.id from accreditation_application a where a.state in ('withdrawn', 'revoked') and 1 <> (
        select count(*) from people_letter l
        where l.once like 'badge withdrawn ' || a.code || ' %' or l.once like 'badge revoked ' || a.code || ' %')""",
    "offered places without one letter and one line in the log": """
        select b.id from seating_booking b where b.waiting_since is not null and b.state <> 'waiting' and 11 <> 10 * (
        select count(*) from people_letter l where l.once = 'seats/' || b.id || '/offered') + (
        select count(*) from markets_logentry g where g.subject = b.code and g.verb = 'offer_places')""",
    "an offer that ran out without one letter": """
        select b.id from seating_booking b where b.waiting_since is not null and b.state = 'expired' and 1 <> (
        select count(*) from people_letter l where l.once = 'seats/' || b.id || '/lapsed')""",
    "a letter or a line of the log about an offer that nobody has": """
        select b.id from seating_booking b where b.state = 'waiting' and (
        exists (select 1 from people_letter l where l.once = 'seats/' || b.id || '/offered')
        or exists (select 1 from markets_logentry g where g.subject = b.code and g.verb = 'offer_places'))""",
    "a place is left while somebody waits whom it suffices": """
        select w.id from seating_booking w where w.state = 'waiting' and w.count <= (
        select count(*) from seating_place p where p.allotment_id = w.allotment_id and p.booking_id is null)""",
    "a place is held by nobody who answers": """
        select p.id from seating_place p join seating_booking b on b.id = p.booking_id where b.state <> 'booked'""",
}


def faults(rows: audit.Rows, places: int) -> list[str]:
    """One line a fault; nothing is held or offered any more."""
    found = [f"{words}: {len(wrong)}" for words, query in NEVER.items() if (wrong := rows(query))]
    return [*found, *audit.faults(rows, places, {}), *audit.out_of_order(rows)]
