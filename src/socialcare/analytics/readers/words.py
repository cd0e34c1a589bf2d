"""Words that exports use: names of columns, and values of the worded fields.

A column that has the field's own name is known; one with a name from here is guessed, and said so.
Names are compared in lower case, with anything but letters and digits as `_`.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

COLUMN_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "message_id": (
            "messageid", "msg_id", "tweet_id", "status_id", "post_id", "comment_id", "activity_id",
            "part_id", "id", "uuid",
        ),
        "sent_at": (
            "sent", "sent_on", "sent_time", "created_at", "created_on", "created", "created_time",
            "created_date", "creation_time", "published_at", "posted_at", "post_time",
            "message_time", "message_date", "timestamp", "datetime", "date_time", "time", "date",
            "ts",
        ),
        "received_at": ("received", "received_on", "received_time", "ingested_at"),
        "direction": (
            "message_direction", "inbound", "is_inbound", "incoming", "is_incoming",
            "from_customer", "is_customer", "outbound", "is_outbound", "outgoing", "is_outgoing",
            "from_agent", "is_agent", "from_brand", "is_brand", "message_type",
        ),
        "customer_id": (
            "customer", "customerid", "contact_id", "requester_id", "end_user_id", "client_id",
            "visitor_id", "guest_id",
        ),
        "author_id": (
            "author", "authorid", "author_name", "sender_id", "sender", "user_id", "userid",
            "from_id", "from_user", "from_user_id", "username", "user", "screen_name", "from",
        ),
        "agent_id": (
            "agent", "agentid", "agent_name", "agent_email", "assignee_id", "assignee",
            "handled_by", "answered_by", "operator_id", "operator",
        ),
        "team_id": ("team", "team_name", "group_id", "group", "department", "queue"),
        "brand": ("brand_id", "brand_name", "company"),
        "account": ("account_id", "account_name", "handle", "page_id", "inbox", "inbox_id"),
        "channel": (
            "channel_name", "channel_type", "network", "platform", "source_channel", "medium",
        ),
        "visibility": ("privacy", "is_public", "public", "is_private", "private", "is_internal"),
        "in_reply_to": (
            "in_reply_to_id", "in_response_to", "in_response_to_id", "in_response_to_tweet_id",
            "in_reply_to_status_id", "in_reply_to_tweet_id", "in_reply_to_message_id", "reply_to",
            "reply_to_id", "replied_to_id", "parent_id", "parent", "parent_message_id",
        ),
        "conversation_id": (
            "conversation", "conversationid", "thread_id", "thread", "threadid", "ticket_id",
            "ticket", "ticketid", "case_id", "case_number", "issue_id", "chat_id",
        ),
        "author_role": (
            "author_type", "sender_type", "sender_role", "user_type", "user_role", "role",
        ),
        "automated": ("is_automated", "is_bot", "bot", "auto_reply", "is_auto_reply"),
        "category": ("topic", "subject_category", "issue_type", "reason", "contact_reason"),
        "subcategory": ("sub_category", "subtopic", "sub_topic"),
        "sentiment": ("sentiment_score", "polarity", "compound"),
        "sentiment_scorer": ("scorer",),
        "language": ("lang", "locale", "language_code"),
        "text": ("body", "content", "message", "message_text", "full_text", "comment"),
        "merits_attention": ("needs_attention",),
        "needs_response": ("requires_response", "response_needed"),
        "indirect": ("is_indirect", "indirect_mention"),
        "redirected": ("is_redirected", "redirect"),
        "redirect_requested": ("wants_redirect",),
    }
)  # fmt: skip
"""For each field the names by which exports call it, the likeliest first."""

TRUE_MEANS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(
            ("inbound", "is_inbound", "incoming", "is_incoming", "from_customer", "is_customer"),
            ("inbound", "outbound"),
        ),
        **dict.fromkeys(
            (
                "outbound", "is_outbound", "outgoing", "is_outgoing", "from_agent", "is_agent",
                "from_brand", "is_brand",
            ),
            ("outbound", "inbound"),
        ),
        "is_public": ("public", "private"),
        "public": ("public", "private"),
        "is_private": ("private", "public"),
        "private": ("private", "public"),
        "is_internal": ("internal", "public"),
    }
)  # fmt: skip
"""For yes-or-no columns by their names: what yes and no mean."""

YES = ("true", "t", "yes", "y", "1")
NO = ("false", "f", "no", "n", "0")

VALUE_WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "direction": {
            "inbound": (
                "inbound", "in", "incoming", "received", "from_customer", "customer", "user",
                "contact", "end_user", "client", "visitor",
            ),
            "outbound": (
                "outbound", "out", "outgoing", "sent", "to_customer", "from_agent", "agent",
                "brand", "company", "reply", "admin",
            ),
        },
        "visibility": {
            "public": ("public", "open", "post", "comment", "reply", "timeline"),
            "private": (
                "private", "direct", "dm", "direct_message", "private_message", "email", "chat",
            ),
            "internal": ("internal", "note", "internal_note", "private_note"),
        },
        "author_role": {
            "customer": (
                "customer", "user", "contact", "end_user", "enduser", "lead", "visitor", "client",
                "requester",
            ),
            "agent": ("agent", "admin", "staff", "employee", "operator", "team_member"),
            "peer": ("peer", "community", "member", "other_customer"),
            "bot": ("bot", "system", "automation", "agentbot", "agent_bot"),
        },
    }
)  # fmt: skip
"""For each worded field what its values are called, as `plain` writes them."""


def plain(name: str) -> str:
    """A name in lower case, with `_` for everything but letters and digits.

    >>> plain("In-Response to ID ")
    'in_response_to_id'
    """
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip())
    return re.sub(r"[^0-9a-z]+", "_", snake.lower()).strip("_")


def meanings(field: str, column: str) -> dict[str, str]:
    """What the plain words of a column mean for a field.

    >>> meanings("direction", "is_inbound")["yes"]
    'inbound'
    """
    words = {
        word: value for value, synonyms in VALUE_WORDS.get(field, {}).items() for word in synonyms
    }
    if field not in VALUE_WORDS:
        return {**dict.fromkeys(YES, "true"), **dict.fromkeys(NO, "false")}
    yes, no = TRUE_MEANS.get(plain(column), (None, None))
    if yes is not None and no is not None:
        words |= {**dict.fromkeys(YES, yes), **dict.fromkeys(NO, no)}
    return words
