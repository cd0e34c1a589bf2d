"""Who may approve an answer, what an approval is bound to, and which answers are looked at."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import asks, at
from socialcare.domain.actor import Actor
from socialcare.domain.approval.deciding import missing, objection
from socialcare.domain.approval.draft import Approval, Draft
from socialcare.domain.approval.kept_finding import KeptFinding, overruled
from socialcare.domain.approval.policy import ApprovalPolicy
from socialcare.domain.approval.requirement import Requirement, in_words, together
from socialcare.domain.approval.seal import seal
from socialcare.domain.approval.spot_check import CheckWhen, SpotCheck
from socialcare.domain.approval.states import DRAFT_TABLE, ENDED, DraftState
from socialcare.domain.approval.template import LONGEST_VALUE, Audience, Template
from socialcare.domain.message import Attachment
from socialcare.errors import InvalidPolicy, InvalidValue
from socialcare.testing.builders import reply

LEGAL = Requirement(roles="legal")
TWO = Requirement(roles=("legal", "pr"), people=2)
LEE = Actor(id="lee", roles=("legal",))


def draft(**fields: Any) -> Draft:
    """A draft that anna wrote."""
    given: dict[str, Any] = {"reply": reply(), "written_at": at(0), "writers": ("anna",)}
    return Draft(**{**given, **fields})


def approval(by: str, *roles: str) -> Approval:
    """An approval by somebody with these roles."""
    return Approval(by=by, roles=roles or ("legal",), at=at(1))


# Requirements


def test_requirements_are_said_in_words() -> None:
    """Whoever is refused reads who must approve, and why."""
    one = Requirement(roles=("pr", "legal", "pr"), reason="compensation")

    assert in_words([one, TWO]) == (
        "somebody out of legal or pr (compensation) and 2 people out of legal or pr"
    )


def test_of_two_requirements_the_stricter_holds() -> None:
    """For the same roles; others are added."""
    one = Requirement(roles=("pr", "legal"))

    assert together([one, LEGAL], [TWO]) == (TWO, LEGAL)


@pytest.mark.parametrize("fields", [{"roles": ()}, {"roles": ("",)}, {"roles": "pr", "people": 3}])
def test_requirements_that_nobody_meets_are_refused(fields: dict[str, Any]) -> None:
    """No role, or more than two people."""
    with pytest.raises(InvalidValue):
        Requirement(**fields)


# Who may approve


@pytest.mark.parametrize(
    ("who", "said"),
    [
        (Actor(id="anna", roles=("legal",)), "wrote it"),
        (Actor(id="lee"), "the roles: none; expected somebody out of legal"),
        (Actor(id="pia", roles=("pr",)), "the roles: pr"),
        (Actor(id="lou", roles=("legal",)), "counts twice"),
    ],
)
def test_who_may_not_approve(who: Actor, said: str) -> None:
    """The writer, whoever lacks the role, and whoever has approved already."""
    found = objection(draft(approvals=(approval("lou"),)), who, [LEGAL])

    assert found is not None
    assert said in found


def test_whom_an_answer_is_credited_to_is_a_writer() -> None:
    """A program that writes for anna gives her no right to approve it."""
    written = draft(writers=("program", "anna"))

    assert objection(written, Actor(id="anna", roles=("legal",)), [LEGAL]) is not None
    assert objection(written, LEE, [LEGAL]) is None


def test_editors_approve_unless_the_house_says_otherwise() -> None:
    """They stand behind it beside its writer."""
    changed = draft(editors=("lee",))

    assert objection(changed, LEE, [LEGAL]) is None
    assert objection(changed, LEE, [LEGAL], editors_approve=False) is not None


@pytest.mark.parametrize(
    ("editors", "approvals", "enough"),
    [
        ((), ("lee",), False),
        ((), ("lee", "lou"), True),
        ((), ("lee", "lee"), False),
        ((), ("anna", "lee"), False),
        (("lee",), ("lee", "lou"), True),
        (("lee", "lou"), ("lee", "lou"), False),
        (("lee", "lou"), ("lee", "lou", "pia"), True),
    ],
)
def test_two_people(editors: Iterable[str], approvals: Iterable[str], *, enough: bool) -> None:
    """Two different ones, never the writer, and one who has written nothing of it."""
    found = missing(draft(editors=editors), map(approval, approvals), [TWO])

    assert (not found) is enough


def test_every_requirement_is_to_be_met() -> None:
    """One person with both roles meets both."""
    pr = Requirement(roles="pr")

    assert missing(draft(), [approval("lee")], [LEGAL, pr]) == (pr,)
    assert missing(draft(), [approval("lee", "legal", "pr")], [LEGAL, pr]) == ()


def test_every_role_may_be_asked_for() -> None:
    """Each by a person of its own, whatever else they may do."""
    both = Requirement(roles=("legal", "pr"), people=2, every_role=True)
    lee, lou = approval("lee"), approval("lou")

    assert missing(draft(), [lee, lou], [both]) == (both,)
    assert missing(draft(), [lee, approval("pia", "pr", "legal")], [both]) == ()
    assert str(both) == "somebody out of legal and somebody out of pr"
    with pytest.raises(InvalidValue):
        Requirement(roles=("legal", "pr"), every_role=True)


# Seals


@pytest.mark.parametrize(
    "change",
    [
        {"text": "It is on its way"},
        {"visibility": "private"},
        {"channel": "x"},
        {"customer_id": "bo"},
        {"in_reply_to": "m1"},
        {"account": "acme"},
        {"brand": "north"},
        {"automated": True},
        {"attachments": (Attachment(url="https://a.example/1.png"),)},
    ],
)
def test_whatever_a_customer_would_see_is_sealed(change: dict[str, Any]) -> None:
    """Words, what is attached, who sees it and where."""
    assert seal(reply(), [asks(0)]) != seal(reply(**change), [asks(0)])


def test_what_the_customer_said_is_sealed() -> None:
    """A new message, also one that comes late, an edited and a deleted one."""
    before = [asks(0, text="Why?")]
    others = [
        [*before, asks(1)],
        [asks(-9, id="late"), *before],
        [asks(0, text="Why not?", edited_at=at(1))],
        [asks(0, text="Why?", edited_at=at(1))],
        [asks(0, text=None, deleted_at=at(1))],
        [],
    ]

    assert len({seal(reply(), each) for each in (before, *others)}) == 1 + len(others)


def test_seals_hold_for_what_changes_nothing() -> None:
    """Order, id and credit, and what is said of a message."""
    heard = [asks(0, text="Why?"), asks(1, text="Well?")]
    scored = [attrs.evolve(each, sentiment=-1.0, received_at=at(9)) for each in reversed(heard)]
    other = reply(id="r2", agent_id="sam", team_id="social")

    assert seal(reply(), heard) == seal(other, scored)


# States


def test_every_state_is_reached_and_left_as_it_should_be() -> None:
    """From what was written every state can be reached, and only two are the end."""
    reached, again = {DraftState.WRITTEN}, True
    while again:
        more = {after for (before, _), after in DRAFT_TABLE.items() if before in reached}
        again = not more <= reached
        reached |= more

    assert reached == set(DraftState)
    assert {state for state in DraftState if state not in {s for s, _ in DRAFT_TABLE}} == ENDED


# Findings


def test_overruling_needs_a_reason_and_leave() -> None:
    """What the playbook leaves to nobody stops whatever is said."""
    findings = [
        KeptFinding(code="defensive", severity="stop", reason="it blames"),
        KeptFinding(code="too_long", severity="stop", reason="300", may_overrule=False),
        KeptFinding(code="profanity", severity="stop", reason="damn"),
    ]
    found = overruled(findings, {"defensive": "they asked", "too_long": "so what", "profanity": ""})

    assert [each.stops for each in found] == [False, True, True]


# Spot checks


def check(**fields: Any) -> SpotCheck:
    """A check of every fifth answer by a lead."""
    given: dict[str, Any] = {"name": "fifth", "share": 0.2, "roles": "lead"}
    return SpotCheck(**{**given, **fields})


def test_a_share_is_chosen_and_always_the_same() -> None:
    """As many as was said, and others for another seed; never by chance."""
    asked = [(f"c{number}", ("x", f"m{number}")) for number in range(3000)]

    def chosen(seed: str) -> list[bool]:
        return [check().chooses("anna", name, key, seed=seed) for name, key in asked]

    assert chosen("a") == chosen("a") != chosen("b")
    assert sum(chosen("a")) / 3000 == pytest.approx(0.2, abs=0.03)


def test_whose_answers_are_checked() -> None:
    """Those who are named, and nothing that a machine wrote."""
    policy = ApprovalPolicy(spot_checks=[check(agents="bo", share=1, when="after")])

    def checks(agent: str | None, when: CheckWhen) -> tuple[Requirement, ...]:
        return policy.checks(agent, "c", None, when)

    assert [each.roles for each in checks("bo", CheckWhen.AFTER)] == [("lead",)]
    assert not checks("bo", CheckWhen.BEFORE)
    assert not checks("anna", CheckWhen.AFTER)
    assert not checks(None, CheckWhen.AFTER)


# The document


def test_a_policy_reads_back_equal() -> None:
    """What is written is what was read."""
    policy = ApprovalPolicy(
        name="acme",
        version="7",
        expires=timedelta(hours=4),
        editors_approve=False,
        seed="s",
        spot_checks=[check(agents=("bo", "cy"), people=2, when="after")],
    )

    assert ApprovalPolicy.from_mapping(policy.to_mapping()) == policy
    assert ApprovalPolicy.from_mapping({}) == ApprovalPolicy()


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ("expires = 'soon'", "expires"),
        ("expires = '0s'", "expires"),
        ("editors_approve = 'no'", "editors_approve"),
        ("sead = 'x'", "approvals.toml"),
        ("seed = 7", "seed"),
        ("[[spot_checks]]\nname = 'a'\nroles = 'lead'", "spot_checks[0].share"),
        ("[[spot_checks]]\nname = 'a'\nroles = 'lead'\nshare = 20", "spot_checks[0].share"),
        ("[[spot_checks]]\nname = 'a'\nroles = 'lead'\nshare = 'x'", "spot_checks[0].share"),
        ("[[spot_checks]]\nname = 'a'\nroles = []\nshare = 1", "spot_checks[0].roles"),
        (
            "[[spot_checks]]\nname = 'a'\nroles = 'l'\nshare = 1\npeople = 3",
            "spot_checks[0].people",
        ),
        (
            "[[spot_checks]]\nname = 'a'\nroles = 'l'\nshare = 1\npeople = ''",
            "spot_checks[0].people",
        ),
        (
            "[[spot_checks]]\nname = 'a'\nroles = 'l'\nshare = 1\nwhen = 'now'",
            "spot_checks[0].when",
        ),
        (2 * "[[spot_checks]]\nname = 'a'\nroles = 'l'\nshare = 1\n", "spot_checks"),
        ("name = ", "approvals.toml"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, line: str, where: str) -> None:
    """The file, the key, what was found and what would be right."""
    path = tmp_path / "approvals.toml"
    path.write_text(line, "utf-8")

    with pytest.raises(InvalidPolicy) as caught:
        ApprovalPolicy.from_toml(path)
    assert str(path) in caught.value.where
    assert caught.value.where.endswith(where)


# Templates

HELLO = Template(id="seen", text="Hello {name}, we see {what}.", audience=Audience(name="all"))


def test_a_template_is_filled() -> None:
    """A value in each blank, taken as it is."""
    assert HELLO.filled({"name": "{what}", "what": "it"}) == "Hello {what}, we see it."


@pytest.mark.parametrize(
    "values",
    [
        {"name": "Ada"},
        {"name": "Ada", "what": "it", "more": "no"},
        {"name": "Ada", "what": ""},
        {"name": "Ada", "what": "x" * (LONGEST_VALUE + 1)},
        {"name": "Ada", "what": "it.\nBuy now"},
    ],
)
def test_blanks_are_no_place_for_other_words(values: dict[str, str]) -> None:
    """Each is filled once, and with no text of its own."""
    with pytest.raises(InvalidValue):
        HELLO.filled(values)


def test_a_template_is_sealed_with_its_audience() -> None:
    """Other words, attachments or people need another approval; another name does not."""
    image = Attachment(url="https://a.example/1.png")
    others = [
        attrs.evolve(HELLO, text="Hi {name}, {what}."),
        attrs.evolve(HELLO, attachments=(image,)),
        attrs.evolve(HELLO, audience=Audience(name="some")),
        attrs.evolve(HELLO, audience=Audience(name="all", visibility="private")),
        attrs.evolve(HELLO, audience=Audience(name="all", channels="x")),
    ]

    assert len({each.seal for each in (HELLO, *others)}) == 1 + len(others)
    assert attrs.evolve(HELLO, id="other").seal == HELLO.seal


@settings(max_examples=30)
@given(st.text(max_size=9), st.text(max_size=9))
def test_no_value_makes_a_blank_of_its_own(one: str, other: str) -> None:
    """Whatever is put in, the words around it are those that were approved."""
    if all(len(each) > 0 and each.isprintable() for each in (one, other)):
        found = HELLO.filled({"name": one, "what": other})

        assert found == f"Hello {one}, we see {other}."
