"""Who gets what from every route, written by hand from the access table that the school is promised.

A allowed, R refused (403), H hidden (404), S sent to sign in. Where a route is about a pupil it is Zofia: her lead
teacher leads all her cycles, "teacher" and "ta" work with her, "other_teacher" does not.
"""

from __future__ import annotations

PEOPLE = (
    "senco", "assistant", "head", "lead", "teacher", "other_teacher", "ta", "safeguarding", "admin", "dpo",
    "staff_parent", "parent", "other_parent", "barred_parent", "young_person", "leaver", "signed_out", "other_school",
)  # fmt: skip

# In the order of PEOPLE: five who work with her, another teacher, the TA; safeguarding, admin, DPO; a parent who is
# staff; the four of the family side; a leaver, nobody, another school.
EVERYBODY = "AAAAA AA AAA A AAAA AAA"
NOBODY_KNOWS_IT = "HHHHH HH HHH H HHHH HHH"
SIGNED_IN = "AAAAA AA AAA A AAAA SSA"
STAFF = "AAAAA AA AAA A HHHH SSA"
REGISTER_LIST = "AAAAA AA AAH A HHHH SSA"
REGISTER_STATUS = "AAAAA AH AAH A HHHH SSA"
REGISTER_ADD = "AARRR RR RRH R HHHH SSA"
PUPIL_READ = "AAAAA HA AAH H HHHH SSH"
PUPIL_WRITE = "AARRR HR RRH H HHHH SSH"
STATUS_READ = "AAAAA HH AAH H HHHH SSH"  # support staff see name, class and strategies only
FAMILY_WRITE = "AARRR HR RHH H HHHH SSH"  # to the office a family's links are not there at all
ASSESS_READ = "AAAAA HA AHH H HHHH SSH"
ASSESS_CONTRIBUTE = "AARAA HA RHH H HHHH SSH"
ASSESS_WRITE = "AARAR HR RHH H HHHH SSH"
PLANNING_READ = "AAAAA AA AHH A HHHH SSH"  # of a meeting each sees their own pupils
PLANNING_WRITE = "AARRR RR RHH R HHHH SSH"
RESTRICTED_WRITE = "RHRHH HH AHH H HHHH SSH"
HELP_OF_STAFF = "AAAAA AA AHH A HHHH SSA"
PLAN_READ = "AAAAA HA AHH H HHHH SSH"
PLAN_DRAFT_OWN_CYCLE = "AARAR HR RHH H HHHH SSH"
PLAN_CONTRIBUTE = "AARAA HA RHH H HHHH SSH"
PLAN_CHANGE = "AARRR HR RHH H HHHH SSH"
CARDS = "AAAAA AA AHH A HHHH SSA"
CARD_READERS = "AAARR RR RHH R HHHH SSA"
PLAN_SAY_READ = "AAAAA HA AHH H HHHH SSH"
COST = "AAAHH HH HHH H HHHH SSH"
COST_CHANGE = "ARRHH HH HHH H HHHH SSH"
INSIGHT = "AAAHH HH HHH H HHHH SSA"
GROUPS_LIST = "AAAAA AA AHH A HHHH SSA"
GROUP_MAKE = "AARRR RR RHH R HHHH SSA"
GROUP_READ = "AAAAA HA AHH H HHHH SSH"
GROUP_LOG = "AARRR HA RHH H HHHH SSH"
HAND_OVER = "AARRR RR RHH R HHHH SSH"
UNDO_ON_DEVICE = "HHRRR HH RHH H HHHH SSH"
TICKS = "AARAA AA RHH A HHHH SSA"
REVIEWS_LIST = "AAAAA AH AHH A HHHH SSA"
REVIEWS_TO_SEAL = "ARRRR RR RHH R HHHH SSA"
REVIEW_WRITE = "AARAR HR RHH H HHHH SSH"
REVIEW_CONTRIBUTE = "AARAA HA RHH H HHHH SSH"
REVIEW_SEAL = "ARRRR HR RHH H HHHH SSH"
REVIEW_SEALED = "AAAAA HH AHH H HHHH SSH"
REVIEW_ADD = "ARARR HH RHH H HHHH SSH"
REQUESTS_LIST = "AAAAA AH AHH A HHHH SSA"
REQUEST_READ = "AAAAA HH AHH H HHHH SSH"
REQUEST_WRITE = "AARRR HH RHH H HHHH SSH"
REQUEST_BUILD = "ARRRR HH RHH H HHHH SSH"
REQUEST_SIGN = "ARARR HH RHH H HHHH SSH"
WORDS_OWED = "HHHHA HH HHH H HHHH SSH"  # the one teacher who was asked, and nobody else
TRY_PROFILE = "AAAAA AH AHH A HHHH SSH"
SCHOOL_READ = "AHAHH HH HAH H HHHH SSA"
SCHOOL_WRITE = "AHRHH HH HAH H HHHH SSA"
SCHOOL_ROW_READ = "AHAHH HH HAH H HHHH SSH"
SCHOOL_ROW_WRITE = "AHRHH HH HAH H HHHH SSH"
AUDIT = "AHAHH HH AHH H HHHH SSH"
AUDIT_OF_SCHOOL = "AHAHH HH AHA H HHHH SSA"  # no child is named, so the data protection officer reads it
BY_LAW = "AHAHH HH RHH H HHHH SSH"
BRING_IN = "ARRRR RH RHH R HHHH SSA"
BRING_IN_FILE = "ARRRR RH RHH R HHHH SSH"
BRING_IN_ONE = "ARRRR HH RHH H HHHH SSH"
KEEPING = "AHAHH HH RHR H HHHH SSA"
FAMILY_HOME = "HHHHH HH HHH H AAAA SSH"
FAMILY_OF_HER = "HHHHH HH HHH H AHHH SSH"

ROUTES: dict[str, str] = {}


def _answers(row: str, *endpoints: str) -> None:
    for endpoint in endpoints:
        ROUTES[endpoint] = row.replace(" ", "")


_answers(
    EVERYBODY, "first_page", "people.invitation_code",
    "people.second_step_code", "people.sign_in", "people.sign_in_post", "people.sign_out",
    "people.passkey_options", "people.passkey_sign_in", "people.passkey_step", "people.passkey_step_options",
    "web.accessibility", "web.health", "web.help_page", "web.privacy", "ops.ready",
)  # fmt: skip
_answers(EVERYBODY, "people.device", "people.device_code")  # elsewhere the one leads to the sign-in
_answers(NOBODY_KNOWS_IT, "ops.figures")  # without the token
_answers(NOBODY_KNOWS_IT, "people.invitation")
_answers(NOBODY_KNOWS_IT, "people.provider_go", "people.provider_back")  # where no provider is set up
_answers(EVERYBODY, "people.signed_in_elsewhere")
_answers(SIGNED_IN, "people.provider_list", "people.provider_prove", "people.provider_untie", "people.signed_in_here")
_answers(SIGNED_IN, "people.stay")
_answers(
    SIGNED_IN, "people.account", "people.enter", "people.password", "people.end_sign_in", "people.prove_again",
    "people.second_step", "people.second_step_new_codes", "people.second_step_remove", "people.sign_out_everywhere",
    "people.passkeys_page", "people.passkey_add", "people.passkey_add_options", "people.passkey_rename",
    "people.passkey_remove", "people.passkey_prove", "people.passkey_prove_options",
    "web.keep_draft",
)  # fmt: skip
_answers(STAFF, "today.today")
_answers(REGISTER_LIST, "register.register", "register.export_csv", "register.export_xlsx")
_answers(REGISTER_STATUS, "register.tell_mis")
_answers(REGISTER_ADD, "pupils.families", "pupils.new", "pupils.rights")
_answers(PUPIL_READ, "register.pupil", "pupils.staff")
_answers(STATUS_READ, "pupils.status")
_answers(
    PUPIL_WRITE, "pupils.add_adult", "pupils.assign", "pupils.rights_letter", "pupils.change_status", "pupils.details",
    "pupils.end_assignment", "pupils.link_known", "pupils.needs", "register.told_mis", "review.support_begins",
)  # fmt: skip
_answers(
    FAMILY_WRITE, "pupils.adult", "pupils.bar", "pupils.invite", "pupils.lift_bar", "pupils.renew_bar",
    "pupils.agreement",
    "pupils.withdraw_invitation",
)  # fmt: skip
_answers(
    ASSESS_READ, "assess.known", "assess.measures", "pupils.papers", "pupils.paper_file", "pupils.paper_preview",
    "pupils.profile", "pupils.profile_version",
)  # fmt: skip
_answers(
    ASSESS_CONTRIBUTE, "assess.act", "assess.hear", "assess.observe", "assess.record", "pupils.add_paper",
    "pupils.new_profile",
)  # fmt: skip
# A correction of what somebody else recorded: who only contributes may correct their own entries, and these are not.
_answers(ASSESS_WRITE, "assess.correct", "assess.hear_again", "assess.withdraw")
_answers(ASSESS_WRITE, "assess.advise", "assess.involve", "assess.involvement", "pupils.edit_paper")
_answers(HELP_OF_STAFF, "assess.concerns", "assess.professionals")
_answers(ASSESS_READ, "assess.before_meeting", "assess.concern", "assess.pupil_concerns")
_answers(ASSESS_CONTRIBUTE, "assess.add_to_concern", "assess.do_concern_action", "assess.raise_concern")
_answers(ASSESS_WRITE, "assess.meet_about")
_answers(FAMILY_WRITE, "assess.end_concern")  # who ends a concern may start SEN support: the register's writers
_answers(HELP_OF_STAFF, "planning.meetings")
_answers(PLANNING_READ, "planning.meeting", "planning.sheet")
_answers(GROUP_MAKE, "planning.start")
_answers(PLANNING_WRITE, "planning.call_off", "planning.choose", "planning.edit", "planning.hold")
_answers(
    ASSESS_WRITE, "planning.agreement", "planning.bring", "planning.correct", "planning.decide", "planning.question",
    "planning.take_off",
)  # fmt: skip
_answers(ASSESS_CONTRIBUTE, "planning.carry_out")
_answers(
    RESTRICTED_WRITE, "pupils.add_note", "pupils.change_note", "pupils.end_release", "pupils.release_note",
    "pupils.release_paper", "assess.release_concern", "assess.release_observation", "assess.restrict_concern",
    "assess.restrict_observation",
)  # fmt: skip
_answers(RESTRICTED_WRITE, "pupils.add_restricted", "pupils.hold", "pupils.lift_hold", "pupils.renew_hold")
_answers(PLAN_READ, "register.current_plan", "register.cycles", "register.cycle", "register.history")
_answers(PLAN_READ, "register.cycle_pdf")
_answers(ASSESS_READ, "register.progress")
_answers(CARDS, "register.class_card")
_answers(CARD_READERS, "register.plan_readers_page")
_answers(PLAN_SAY_READ, "register.read_plan")
_answers(HELP_OF_STAFF, "plan.checks")
_answers(
    PLAN_DRAFT_OWN_CYCLE, "plan.check_frame", "plan.check_new_outcome", "plan.check_new_provision",
    "plan.check_outcome", "plan.check_provision", "plan.add_outcome", "plan.add_part", "plan.add_provision",
    "plan.agree", "plan.discard", "plan.edit", "plan.edit_outcome", "plan.edit_provision", "plan.new_cycle",
    "plan.remove_outcome", "plan.remove_part", "plan.remove_provision", "plan.remove_strategy", "plan.send",
    "review.paper",
)  # fmt: skip
_answers(COST, "register.costs")
_answers(COST_CHANGE, "plan.newer_rates")
_answers(PLAN_CONTRIBUTE, "plan.add_strategy", "plan.contribute")
_answers(
    PLAN_CHANGE, "plan.amend", "plan.amend_dose", "plan.amend_outcome", "plan.amend_provision",
    "plan.amend_review_date", "plan.drop_outcome", "plan.stop_provision", "plan.take_up_outcome", "plan.translations",
    "plan.withdraw_translation",
    "plan.take_up_provision",
)  # fmt: skip
# Another adult, day or time is no amendment: it is logged by whoever runs or plans the group.
_answers(GROUP_LOG, "plan.change_group")
_answers(FAMILY_OF_HER, "family.plan", "family.review", "family.paper", "family.meeting_file")
_answers(EVERYBODY, "people.language")
_answers(FAMILY_OF_HER, "family.progress", "family.papers", "family.rights")
_answers(GROUPS_LIST, "do.groups", "do.week", "do.all_of_them")
_answers(GROUP_MAKE, "do.new_group")
_answers(PLAN_CHANGE, "do.edit_group", "do.join", "do.leave", "plan.close_left")
_answers(GROUP_READ, "do.sessions", "do.group")
_answers(GROUP_LOG, "do.log", "do.correct", "do.undo", "do.cover", "do.missed", "do.end_cover")
_answers(TICKS, "do.ticks", "do.my_entries", "do.hand_in")
_answers(REVIEWS_LIST, "review.reviews", "review.ask_many")
_answers(REVIEW_WRITE, "review.edit", "review.new", "review.others", "review.suggestion")
_answers(REVIEW_WRITE, "review.arrange", "review.ask", "review.remind", "review.views_form")
_answers(REVIEW_CONTRIBUTE, "review.tick", "review.say")
_answers(REVIEW_WRITE, "review.give_plan", "review.give_review", "review.invite_family", "review.write_to_parents")
_answers(PLAN_READ, "review.given_copy")  # the copy of a plan
_answers(FAMILY_OF_HER, "family.given")
_answers(REVIEW_SEAL, "review.seal")
_answers(REVIEWS_TO_SEAL, "review.to_seal", "review.seal_together")
_answers(REVIEW_SEALED, "review.read", "review.record_pdf", "pupils.family")
_answers(REVIEW_SEALED, "review.discard_typed")  # one's own words that came too late for the seal
_answers(REVIEW_ADD, "review.addendum")
_answers(REQUESTS_LIST, "ehcna.requests")
_answers(REQUEST_READ, "pupils.background")
_answers(
    REQUEST_WRITE, "pupils.add_attendance", "pupils.add_health", "pupils.add_part_time", "pupils.add_suspension",
    "pupils.change_part_time", "pupils.correct_attendance", "pupils.correct_health", "pupils.correct_suspension",
)  # fmt: skip
_answers(REQUEST_READ, "ehcna.advice", "ehcna.evidence", "ehcna.request", "ehcna.progress", "review.request_dates")
_answers(TRY_PROFILE, "ehcna.try_profile")
_answers(REQUEST_WRITE, "request.follow", "request.profile")
_answers(COST, "ehcna.download", "ehcna.pack_file")  # the pack prints hourly rates
_answers(
    REQUEST_WRITE, "ehcna.agreement_form", "ehcna.narrative", "ehcna.versions", "request.consent", "request.earlier",
    "request.exceptions", "request.letter_days", "request.open_new", "request.steps", "request.write",
)  # fmt: skip
_answers(REQUEST_WRITE, "request.advice_asked", "request.advice_sent")
_answers(REQUEST_WRITE, "ehcna.ask_for_words", "ehcna.close_asking", "ehcna.remind_of_words")
_answers(WORDS_OWED, "ehcna.give_words")
_answers(REQUEST_BUILD, "ehcna.build", "ehcna.build_advice", "ehcna.copy_out", "ehcna.copy_out_pdf")
_answers(REQUEST_BUILD, "ehcna.build_again")
_answers(REQUEST_WRITE, "ehcna.choose", "ehcna.give", "ehcna.sent")
_answers(RESTRICTED_WRITE, "erasure.ask_closed_paper")  # the head carries it out
_answers(RESTRICTED_WRITE, "ehcna.release")  # who keeps restricted papers lets one go with one request
_answers(REQUEST_SIGN, "request.sign", "ehcna.sign_advice")
_answers(
    SCHOOL_READ, "school.school", "school.authority", "school.interventions", "school.measures", "school.terms",
    "people.staff.staff", "people.staff.tries",
)  # fmt: skip
_answers(SCHOOL_ROW_READ, "school.intervention", "school.own_authority")
_answers(SCHOOL_WRITE, "school.add_authority")
_answers(SCHOOL_ROW_WRITE, "school.use_authority", "school.withdraw_authority")
_answers(SCHOOL_ROW_WRITE, "school.edit_intervention")
_answers(SCHOOL_WRITE, "school.add_intervention")
_answers(SCHOOL_WRITE, "school.details", "school.add_term", "school.propose", "imports.start", "people.staff.add")
_answers(SCHOOL_WRITE, "backup.now_please")
_answers(SCHOOL_READ, "school.rates", "school.post", "backup.standing")
# The kinds of letter are the same in every school; whose words one reads is one's own school's.
_answers(SCHOOL_READ, "review.letters.letters", "review.letters.letter", "review.letters.pdf")
_answers(SCHOOL_WRITE, "review.letters.edit", "review.letters.preview", "review.letters.put_back")
_answers(SCHOOL_ROW_WRITE, "school.try_again")
_answers(SCHOOL_WRITE, "school.add_rate_card")
_answers(SCHOOL_ROW_WRITE, "school.edit_rate_card")
_answers(SCHOOL_READ, "people.staff.school_devices", "people.staff.changes")
_answers(SCHOOL_WRITE, "people.staff.looked_through")
_answers(HAND_OVER, "register.hand_over")  # who sees no plans hands none over
_answers(SCHOOL_WRITE, "people.staff.add_device")
_answers(SCHOOL_ROW_WRITE, "people.staff.end_sign_ins")
_answers(SCHOOL_ROW_WRITE, "people.staff.end_device", "people.staff.show_device_code")
# Who logs sessions sets a PIN; what it opens is in tests/do/test_on_a_device.py. The entry is nobody's of them.
_answers(TICKS, "people.pin", "people.remove_pin", "do.on_device")
_answers(GROUP_LOG, "do.log_on_device", "do.missed_on_device")
_answers(UNDO_ON_DEVICE, "do.undo_on_device")
_answers(SCHOOL_ROW_READ, "people.staff.link", "people.staff.member")
# The head approves what another proposed; who proposed it may not, which tests/people tries.
_answers(SCHOOL_ROW_READ, "people.staff.second_person")
_answers(
    SCHOOL_ROW_WRITE, "school.edit_term", "school.remove_term", "school.retire_intervention", "school.retire_measure",
    "imports.file", "imports.cancel", "people.staff.end_role", "people.staff.give_role", "people.staff.groups",
    "people.staff.remove_group", "people.staff.renew_link",
    "people.staff.second_step",
)  # fmt: skip
_answers(REVIEWS_LIST, "review.term_calendar", "people.calendar_address", "people.withdraw_calendar")
_answers(NOBODY_KNOWS_IT, "review.feed")  # an address that nobody has
_answers(PLAN_READ, "review.meeting_file")
_answers(AUDIT, "register.who_looked")
_answers(AUDIT_OF_SCHOOL, "disclosure.register", "erasure.register", "register.looking")
_answers(AUDIT, "disclosure.bundle", "disclosure.of_pupil", "disclosure.one")
_answers(
    AUDIT, "disclosure.decide_item", "disclosure.decide_name", "disclosure.decide_words", "disclosure.review",
)  # fmt: skip
_answers("RHRHH HH AHH H HHHH SSH", "disclosure.decide_looked")  # the safeguarding lead says so
_answers(BY_LAW, "disclosure.build_bundle", "disclosure.download")
_answers(
    BY_LAW, "disclosure.acknowledge", "disclosure.answer", "disclosure.extend", "disclosure.identity", "disclosure.new",
    "disclosure.question", "disclosure.question_answered",
)  # fmt: skip
# Two people: each may ask, look and decline; that one of them has to be the head is tried in tests/erasure.
_answers(BY_LAW, "erasure.ask", "erasure.ask_paper", "erasure.ask_pupil", "erasure.order", "erasure.decline")
# A whole record that leaves is for the SENCO and the head; one that comes is for the SENCO.
_answers(BY_LAW, "transfer.bundle", "transfer.leave", "transfer.new", "transfer.receipt")
_answers(BRING_IN, "transfer.arrivals")
_answers(BRING_IN_FILE, "transfer.arrival", "transfer.let_go")
_answers(BRING_IN_ONE, "transfer.brought", "transfer.receipt_file")
_answers(KEEPING, "retention.periods", "retention.register")
_answers(BY_LAW, "retention.ask", "retention.decline", "retention.end_hold", "retention.hold", "retention.order")
_answers(FAMILY_HOME, "family.home", "pupils.another_child")
_answers(INSIGHT, "insight.provision_map", "insight.impact", "insight.export_csv", "insight.export_xlsx")

# Which record an address is about, where it is not the first that comes to mind.
SUBJECT: dict[str, dict[str, str]] = {
    "review.read": {"review_id": "sealed_review_id"},
    "review.discard_typed": {"review_id": "sealed_review_id"},
    "review.record_pdf": {"review_id": "sealed_review_id"},
    "review.addendum": {"review_id": "sealed_review_id"},
    "erasure.ask": {"review_id": "sealed_review_id"},
    "review.give_review": {"given_review_id": "sealed_review_id"},
    "review.write_to_parents": {"given_review_id": "sealed_review_id"},
    "pupils.lift_hold": {"bar_id": "hold_id"},
    "pupils.renew_bar": {"bar_id": "hold_id"},
    "pupils.renew_hold": {"bar_id": "hold_id"},
    "family.review": {"review_id": "sealed_review_id"},
    "family.paper": {"document_id": "family_document_id"},
    "erasure.ask_closed_paper": {"document_id": "closed_document_id"},
    **{
        f"plan.{act}": {
            "cycle_id": "draft_cycle_id",
            "outcome_id": "draft_outcome_id",
            "provision_id": "draft_provision_id",
            "strategy_id": "draft_strategy_id",
            "responsibility_id": "draft_responsibility_id",
        }
        for act in (
            "add_outcome",
            "add_part",
            "add_provision",
            "agree",
            "check_frame",
            "check_new_outcome",
            "check_new_provision",
            "check_outcome",
            "check_provision",
            "discard",
            "edit",
            "edit_outcome",
            "edit_provision",
            "remove_outcome",
            "remove_part",
            "remove_provision",
            "remove_strategy",
            "send",
            "add_strategy",
            "contribute",
        )
    },
}
