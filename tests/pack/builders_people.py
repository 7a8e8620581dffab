"""Zofia, her family and her school, as the pack prints them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from graduated.pack.content import Adult, Contact, Fact, Need, Pupil, School

MOMENT = datetime(2026, 11, 4, 15, 42, tzinfo=UTC)


BUILDER = "Hannah Legg, SENCO"


HASH = "3f9a2c1d04be77e1a6d5c09b8f2e4413a0c7d96e52b18f3d4e6a7b90c1d2e3f4"


SCHOOL = School(
    name="Purbeck Road Primary School",
    urn="113999",
    establishment="838/2099",
    phase="Primary",
    address="Purbeck Road, Wareham, Dorset BH20 9ZZ",
    telephone="01929 000 123",
    email="office@purbeckroad.example",
)


PUPIL = Pupil(
    legal_name="Zofia Maria Szymańska",
    known_as="Zofia Szymańska",
    born=date(2017, 3, 9),
    upn="H838209921004",
    sex="Female",
    year="Year 5",
    registration_group="5B",
    status="SEN support",
    status_since=date(2024, 9, 9),
    needs=(
        Need(
            rank=1,
            label="Speech, language and communication needs",
            area="Communication and interaction",
            since=date(2024, 9, 9),
        ),
        Need(rank=2, label="Specific learning difficulty", area="Cognition and learning", since=date(2025, 5, 6)),
    ),
    first_language="Polish",
    eal=True,
    interpreter="Polish interpreter for meetings with Mrs Szymańska",
    pupil_premium=False,
    service_family=None,
    ethnicity="White, Eastern European",
    religion="Roman Catholic",
    nhs_number="943 476 5919",
    address="14 Mill Lane, Wareham, Dorset BH20 4QX",
    care_status="Not looked after",
    admitted=date(2021, 9, 6),
    previous_schools=("Przedszkole nr 7, Łódź, to July 2021",),
    other=(Fact("Twin", "Kuba Szymański, also in Year 5"),),
)


ADULTS = (
    Adult(
        name="Małgorzata Szymańska",
        relationship="Mother",
        parental_responsibility=True,
        lives_with_pupil=True,
        language="Polish",
        interpreter="Yes, by telephone or in the room",
    ),
    Adult(
        name="Siôn O'Brien",
        relationship="Father",
        parental_responsibility=True,
        lives_with_pupil=False,
        language="Welsh and English",
        interpreter="Not needed",
    ),
)


CONTACTS = (
    Contact(
        name="Małgorzata Szymańska",
        address="14 Mill Lane, Wareham, Dorset BH20 4QX",
        telephone="07700 900 341",
        email="m.szymanska@post.example",
    ),
    Contact(name="Siôn O'Brien", address="2 Heol y Bont, Aberystwyth", telephone="07700 900 777", withheld=True),
)
