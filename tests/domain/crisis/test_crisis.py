"""The detector: what raises a suspicion, what does not, and when it is over."""

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import NINE, at
from crises import (
    changes,
    crowd,
    flat,
    floods,
    quiet,
    risen,
    said,
    states,
    ticked,
    times,
    with_policy,
)
from socialcare.domain.crisis.detector import CrisisWatch, decided, step
from socialcare.domain.crisis.observation import Observation
from socialcare.domain.crisis.policy import CrisisPolicy
from socialcare.domain.crisis.states import TABLE, CrisisState, Happening, after
from socialcare.errors import InvalidValue, NaiveDatetime

USUAL = crowd(60, start=0, over=600)
OUTAGE = crowd(60, start=120, over=60, text="payments are down again, nothing works anywhere")


def test_usual_messages_raise_nothing() -> None:
    """As many as ever are no news."""
    _, found = ticked(quiet(), USUAL, until=600)

    assert found == []


def test_many_people_raise_a_suspicion() -> None:
    """Ten times as many people as usual are a suspicion within minutes."""
    _, found = ticked(quiet(), [*USUAL, *OUTAGE], until=180)

    assert states(found) == ["suspected"]
    assert at(120) < found[0].at <= at(140)


def test_the_same_words_of_many_people_are_a_crisis() -> None:
    """Retweets of an outage are people, though each says what the others say."""
    _, found = ticked(quiet(), OUTAGE, until=180)

    assert floods(found) == []
    assert [each.genuine for each in changes(found)] == [each.count for each in risen(found)]


def test_a_slow_rise_is_found_by_a_long_window() -> None:
    """Three times as many over hours is found, though no minute is remarkable."""
    _, found = ticked(quiet(), crowd(144, start=0, over=480), until=480)

    (rise,) = risen(found)

    assert rise.until - rise.since >= timedelta(hours=1)


def test_the_reason_is_a_sentence() -> None:
    """A change says what was counted, what is usual, and how rare that is."""
    _, found = ticked(quiet(), OUTAGE, until=180)
    (rise,) = risen(found)

    assert rise.words("Europe/Berlin").startswith("Since 1")
    assert "are usual; by chance that happens" in rise.words()


def test_rises_below_the_smallest_are_none() -> None:
    """Whatever is surely more, but less than the policy asks for, raises nothing."""
    _, found = ticked(quiet(with_policy(smallest_rise=30.0)), OUTAGE, until=180)

    assert found == []


def test_too_few_messages_are_none() -> None:
    """However rare, fewer messages than the policy asks for raise nothing."""
    _, found = ticked(quiet(with_policy(fewest=1000)), OUTAGE, until=180)

    assert found == []


def test_negative_messages_alone_raise_a_suspicion() -> None:
    """When as many come as ever, but most sound bad, that is a rise."""
    bad = crowd(72, start=0, over=480, negative=True)
    hourly = {"volume": 9.0, "negative": 2.0}
    policy = CrisisPolicy(negative_share=False)
    baselines = {name: flat(name, hourly=hourly[name]) for name in policy.series}
    _, found = ticked(CrisisWatch.begun(policy, baselines, now=NINE), bad, until=480)

    assert [each.series for each in risen(found)] == ["negative"]


def test_a_share_alone_raises_a_suspicion() -> None:
    """A share is held to what came: where it rises and the volume does not, that is a rise."""
    policy = with_policy(volume=False, negative=False)
    mixed = [said(each * 2, f"somebody {each}", negative=each % 10 != 0) for each in range(120)]
    _, found = ticked(quiet(policy), mixed, until=240)
    (rise,) = risen(found)

    assert rise.series == "negative share"
    assert rise.of is not None
    assert rise.usual == pytest.approx(rise.of / 3)
    assert f"{rise.count} of {rise.of} messages negative where" in rise.words()


def test_more_of_everything_is_no_rise_of_a_share() -> None:
    """When ten times as many come, and as large a part sounds bad, the share is as ever."""
    policy = with_policy(volume=False, negative=False)
    loud = [said(each / 2, f"somebody {each}", negative=each % 3 == 0) for each in range(480)]
    _, found = ticked(quiet(policy), loud, until=240)

    assert found == []


def test_late_messages_change_what_a_share_is_held_to() -> None:
    """A minute that fills up late expects more negative messages, and counts no fewer."""
    policy = with_policy(volume=False, negative=False)
    early, late = said(3, "ada", negative=True), said(4, "bob")
    whole = step(quiet(policy), [early, late], now=at(10)).watch
    first = step(quiet(policy), [early], now=at(10)).watch
    patched = step(first, [late], now=at(10)).watch

    assert patched.windows.expected(0, 1) == pytest.approx(whole.windows.expected(0, 1))
    assert patched.windows.of(0, 1) == whole.windows.of(0, 1) == 2


def test_a_topic_raises_a_suspicion() -> None:
    """A topic is watched by itself, in its own name."""
    policy = with_policy(topics=("refunds",))
    talk = crowd(8, start=0, over=60, topics={"refunds"})
    _, found = ticked(quiet(policy), talk, until=60)

    assert [each.series for each in risen(found)] == ["topic:refunds"]


@given(every=st.integers(1, 60))
@settings(max_examples=5)
def test_ticks_do_not_matter(every: int) -> None:
    """Whoever asks every minute and whoever asks once an hour hear of the same changes."""
    each_minute = ticked(quiet(), OUTAGE, until=360)[1]
    seldom = ticked(quiet(), OUTAGE, until=360, every=every)[1]

    assert seldom[: len(each_minute)] == each_minute


@given(seed=st.integers(0, 1000))
@settings(max_examples=5)
def test_order_does_not_matter(seed: int) -> None:
    """Messages that come shuffled make the same detector."""
    shuffled = list(OUTAGE)
    Random(seed).shuffle(shuffled)
    found = step(quiet(), shuffled, now=at(200)).findings

    assert found == step(quiet(), OUTAGE, now=at(200)).findings


def test_batches_do_not_matter() -> None:
    """Messages that come one by one make the same detector as all at once."""
    watch = quiet()
    for each in OUTAGE:
        watch = step(watch, [each], now=NINE).watch
    one_by_one = step(watch, now=at(200))

    assert one_by_one == step(quiet(), OUTAGE, now=at(200))


def test_late_messages_count() -> None:
    """What is told of an hour later still raises a suspicion."""
    watch = step(quiet(), now=at(190)).watch
    found = step(watch, OUTAGE, now=at(191)).findings

    assert states(found) == ["suspected"]


def test_messages_older_than_the_windows_are_left_out() -> None:
    """What is a day late changes nothing."""
    watch = step(quiet(), now=at(2000)).watch
    late = step(watch, OUTAGE, now=at(2000)).watch

    assert late == watch


def test_a_rise_ends_when_counts_are_usual() -> None:
    """It is over after a quiet time, and then all is as before."""
    _, found = ticked(quiet(), OUTAGE, until=900)

    assert states(found) == ["suspected", "over", "watching"]


def test_it_does_not_flicker() -> None:
    """A rise with a short lull in it is one."""
    again = crowd(60, start=200, over=60)
    _, found = ticked(quiet(), [*OUTAGE, *again], until=260)

    assert states(found) == ["suspected"]


def test_a_second_rise_is_a_second_alarm() -> None:
    """After the first one is over, its messages raise no alarm, and new ones do."""
    again = crowd(60, start=600, over=60)
    _, found = ticked(quiet(), [*OUTAGE, *again], until=700)

    assert states(found)[:2] == ["suspected", "over"]
    assert states(found).count("suspected") == 2


def test_a_person_declares_a_crisis() -> None:
    """A declaration makes a suspicion a crisis."""
    watch, _ = ticked(quiet(), OUTAGE, until=180)
    declared = decided(watch, Happening.DECLARED, now=at(181))

    assert states(declared.findings) == ["declared"]
    assert declared.watch.state is CrisisState.DECLARED


def test_a_person_may_declare_before_the_numbers() -> None:
    """Somebody may know of a crisis that no count shows yet, and it is not over at once."""
    declared = decided(quiet(), Happening.DECLARED, now=NINE).watch
    later = step(declared, now=at(60)).watch

    assert later.state is CrisisState.DECLARED


def test_what_was_dismissed_is_no_news() -> None:
    """After a dismissal nothing is told until counts have been usual."""
    watch, _ = ticked(quiet(), OUTAGE, until=150)
    dismissed = decided(watch, Happening.DISMISSED, now=at(150)).watch
    more = [*OUTAGE[30:], *crowd(100, start=180, over=100)]
    found = step(dismissed, more, now=at(280)).findings

    assert found == ()


def test_a_new_rise_after_a_dismissal_is_news() -> None:
    """Once counts were usual again, the next rise is told."""
    watch, _ = ticked(quiet(), OUTAGE, until=150)
    dismissed = decided(watch, Happening.DISMISSED, now=at(150)).watch
    found = step(dismissed, crowd(60, start=800, over=60), now=at(870)).findings

    assert states(found) == ["watching", "suspected"]


@pytest.mark.parametrize("happening", [Happening.ROSE, Happening.SUBSIDED, Happening.DISMISSED])
def test_people_decide_only_what_is_theirs(happening: Happening) -> None:
    """Nobody can make counts rise, nor dismiss what nobody suspects."""
    with pytest.raises(InvalidValue, match="a decision that changes the state 'watching'"):
        decided(quiet(), happening, now=NINE)


def test_a_stricter_threshold_declares() -> None:
    """Where the policy says so, what is rarer still is declared by itself."""
    policy = with_policy(declared_at=timedelta(days=365))
    _, found = ticked(quiet(policy), OUTAGE, until=180)

    assert states(found)[-1] == "declared"


def test_what_is_not_in_the_table_changes_nothing() -> None:
    """Every state and happening has a state that follows."""
    still = [pair for pair in ((s, h) for s in CrisisState for h in Happening) if pair not in TABLE]

    assert all(after(*pair) is pair[0] for pair in still)


def test_a_few_who_repeat_themselves_are_a_flood() -> None:
    """Three accounts with one text are no crisis, however much they write."""
    spam = [
        said(120 + number / 4, f"bot {number % 3}", "Win a free phone, see our profile")
        for number in range(120)
    ]
    _, found = ticked(quiet(), spam, until=400)

    assert changes(found) == []
    assert [each.voices.authors for each in floods(found)] == [3]


def test_a_few_with_one_link_are_a_flood() -> None:
    """Texts may differ where all of them link to one place."""
    spam = [
        said(120 + number / 2, f"bot {number % 5}", link="spam.example/win")
        for number in range(120)
    ]
    _, found = ticked(quiet(), spam, until=200)

    assert changes(found) == []
    assert len(floods(found)) == 1


def test_a_few_who_write_much_are_a_flood() -> None:
    """Four people who quarrel at length are no crisis."""
    quarrel = [said(120 + number / 2, f"quarreller {number % 4}") for number in range(120)]
    _, found = ticked(quiet(), quarrel, until=200)

    assert changes(found) == []


def test_new_accounts_with_one_text_are_a_flood() -> None:
    """Many accounts made for it do not count as many people."""
    spam = crowd(80, start=120, over=60, text="Never buy there, all stolen goods", new_account=True)
    _, found = ticked(quiet(), spam, until=200)

    assert changes(found) == []
    assert floods(found)[0].voices.repeated == 1.0


def test_a_crisis_within_a_flood_is_found() -> None:
    """People are heard among bots."""
    spam = [
        said(number / 4, f"bot {number % 3}", "Win a free phone, see our profile")
        for number in range(560)
    ]
    _, found = ticked(quiet(), [*spam, *OUTAGE], until=140)

    assert states(found) == ["suspected"]
    assert 5 <= (changes(found)[0].genuine or 0) < risen(found)[0].count


def test_a_crisis_teaches_nothing() -> None:
    """What comes while a rise is on does not become usual."""
    long = crowd(1440, start=0, over=1440)
    watch, _ = ticked(quiet(), long, until=1440, every=60)

    assert watch.baselines[0].level == pytest.approx(1.0, abs=0.05)


def test_a_busier_channel_becomes_usual() -> None:
    """A level that grows slowly is followed day by day."""
    busier = crowd(7 * 180, start=0, over=7 * 1440)
    watch, found = ticked(quiet(), busier, until=7 * 1440, every=360)

    assert found == []
    assert 1.0 < watch.baselines[0].level < 1.25


def test_the_messages_behind_a_rise_can_be_had() -> None:
    """Right after a rise its messages are there, those of its series alone."""
    policy = with_policy(topics=("refunds",))
    talk = crowd(8, start=30, over=30, topics={"refunds"})
    watch, found = ticked(quiet(policy), [*USUAL, *talk], until=60)
    (rise,) = risen(found)

    assert {one.author for one in watch.latest(rise)} <= {one.author for one in talk}


def test_very_many_in_a_minute_are_sampled_alike() -> None:
    """Of a minute with thousands a part is kept, the same one in whatever order they come."""
    many = [said(number / 2000, f"person {number}") for number in range(1000)]
    one = step(quiet(), many, now=at(1)).watch
    other = step(quiet(), reversed(many), now=at(1)).watch
    kept: set[Observation] = set(one.windows.latest(1)[0].sample)

    assert kept == set(other.windows.latest(1)[0].sample)
    assert one.windows.count(0, 0) == 1000
    assert len(kept) == 200


def test_every_series_needs_a_baseline() -> None:
    """A detector without one says which is missing."""
    with pytest.raises(InvalidValue, match="none for negative"):
        CrisisWatch.begun(CrisisPolicy(), {"volume": flat("volume")}, now=NINE)


def test_a_naive_now_is_refused() -> None:
    """Without a time zone nobody knows when it is."""
    with pytest.raises(NaiveDatetime):
        step(quiet(), now=NINE.replace(tzinfo=None))


def test_findings_are_in_order() -> None:
    """What is found in one long step is told oldest first."""
    found = step(quiet(), OUTAGE, now=at(2000)).findings

    assert times(found) == sorted(times(found))
    assert len(found) == 3
