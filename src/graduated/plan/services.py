"""Writing plans, from one place: drafts, provision, agreement, amendments, carrying over, closing.

What may change a draft refuses an agreed plan; what may change an agreed plan leaves an amendment.
"""

from __future__ import annotations

from graduated.plan.details import (
    AgreementDetails,
    Because,
    Carried,
    CycleFrame,
    OutcomeDetails,
    PlanAgreed,
    PlanRefused,
    ProvisionDetails,
    Words,
)
from graduated.plan.services_agree import agree, send_to_family
from graduated.plan.services_amend import (
    amend_dose,
    amend_outcome,
    amend_provision,
    amend_review_date,
    drop_outcome,
    stop_provision,
    take_up_outcome,
    take_up_provision,
)
from graduated.plan.services_carry import carry_over
from graduated.plan.services_close import close_cycle, discard_cycle
from graduated.plan.services_draft import (
    add_outcome,
    add_responsibility,
    add_strategy,
    change_outcome,
    contribute,
    open_cycle,
    remove_outcome,
    remove_responsibility,
    remove_strategy,
    save_frame,
)
from graduated.plan.services_provision import add_provision, change_group, change_provision, remove_provision

__all__ = [
    "AgreementDetails",
    "Because",
    "Carried",
    "CycleFrame",
    "OutcomeDetails",
    "PlanAgreed",
    "PlanRefused",
    "ProvisionDetails",
    "Words",
    "add_outcome",
    "add_provision",
    "add_responsibility",
    "add_strategy",
    "agree",
    "amend_dose",
    "amend_outcome",
    "amend_provision",
    "amend_review_date",
    "carry_over",
    "change_group",
    "change_outcome",
    "change_provision",
    "close_cycle",
    "contribute",
    "discard_cycle",
    "drop_outcome",
    "open_cycle",
    "remove_outcome",
    "remove_provision",
    "remove_responsibility",
    "remove_strategy",
    "save_frame",
    "send_to_family",
    "stop_provision",
    "take_up_outcome",
    "take_up_provision",
]
