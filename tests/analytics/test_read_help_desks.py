"""Exports of help desks: several tables become messages, statuses and assignments."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from socialcare.analytics.log import MessageLog
from socialcare.analytics.readers import read
from socialcare.errors import UnreadableExport

NOW = datetime(2026, 6, 1, tzinfo=UTC)
SHARED = Path(__file__).parents[3] / "shared" / "payloads"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is not there")

ZENDESK = {
    "ticket.csv": """\
id,requester_id,created_at,description,status,updated_at,via_channel,brand_id,is_public,type
10,1,2026-03-02 09:00:00,Where is it?,solved,2026-03-03 09:00:00,email,77,TRUE,question
11,2,2026-03-02 10:00:00,No comment yet,open,2026-03-02 10:00:00,web,77,TRUE,
12,1,2026-03-02 11:00:00,gone,deleted,2026-03-02 11:00:00,web,77,TRUE,
""",
    "ticket_comment.csv": """\
id,ticket_id,created,user_id,public,body
100,10,2026-03-02 09:00:00,1,TRUE,Where is it?
101,10,2026-03-02 09:05:00,8,FALSE,ask the carrier
102,10,2026-03-02 09:10:00,8,TRUE,On its way.
103,10,2026-03-02 09:20:00,2,TRUE,A colleague writes
104,10,2026-03-02 09:30:00,5,TRUE,who am I?
105,12,2026-03-02 11:00:00,1,TRUE,gone
106,99,2026-03-02 12:00:00,8,TRUE,a ticket that is not here
107,98,2026-03-02 12:00:00,2,TRUE,neither is this
""",
    "user.csv": "id,role,name\n1,end-user,Ada\n2,end-user,Bo\n8,agent,Kim\n9,admin,Lou\n",
    "ticket_field_history.csv": """\
field_name,ticket_id,updated,user_id,value
status,10,2026-03-02 09:00:00,1,new
status,10,2026-03-02 09:40:00,8,solved
assignee_id,10,2026-03-02 09:01:00,9,8
assignee_id,10,2026-03-02 09:41:00,9,9
group_id,10,2026-03-02 09:00:30,9,500
priority,10,2026-03-02 09:01:00,9,high
status,11,soon,9,open
""",
}

INTERCOM = {
    "conversation_history_data.csv": """\
id,created_at,updated_at,source_author_id,source_author_type,source_body,source_subject,source_type,state,_fivetran_active
7,2026-03-02 09:00:00,2026-03-02 09:00:00,u1,user,Old words,,conversation,open,false
7,2026-03-02 09:00:00,2026-03-02 10:00:00,u1,user,Where is it?,,conversation,closed,true
8,2026-03-02 11:00:00,2026-03-02 11:30:00,a1,admin,,News,email,closed,true
""",
    "conversation_part_history_data.csv": """\
id,conversation_id,created_at,part_type,author_id,author_type,body,assigned_to_id,assigned_to_type,_fivetran_active
70,7,2026-03-02 09:01:00,comment,b1,bot,A human will be with you.,,,true
71,7,2026-03-02 09:02:00,assignment,a1,admin,,a2,admin,true
72,7,2026-03-02 09:03:00,note,a2,admin,hm,,,true
73,7,2026-03-02 09:05:00,comment,a2,admin,draft,,,false
73,7,2026-03-02 09:05:00,comment,a2,admin,On its way.,,,true
74,7,2026-03-02 09:06:00,comment,u1,user,Thanks!,,,true
75,7,2026-03-02 09:07:00,close,a2,admin,Bye!,,,true
76,7,2026-03-02 09:08:00,assignment,a2,admin,,t1,team,true
77,9,2026-03-02 09:09:00,comment,ghost,spirit,boo,,,true
""",
    "conversation_contact_history_data.csv": (
        "contact_id,conversation_id,_fivetran_active\nu1,7,true\nu2,7,false\nu2,8,true\n"
    ),
}

CHATWOOT = {
    "messages.csv": """\
id,content,message_type,private,created_at,conversation_id,inbox_id,sender_type,sender_id
1,Hello?,0,f,2026-03-02 09:00:00,30,4,Contact,50
2,We are closed.,3,f,2026-03-02 09:00:01,30,4,,
3,Conversation was assigned,2,f,2026-03-02 09:01:00,30,4,,
4,check this,1,t,2026-03-02 09:02:00,30,4,User,2
5,Good morning!,1,f,2026-03-02 09:03:00,30,4,User,2
6,I am a bot,1,f,2026-03-02 09:04:00,30,4,AgentBot,1
""",
    "conversations.csv": "id,contact_id,inbox_id,status,team_id\n30,50,4,1,6\n",
    "inboxes.csv": "id,name,channel_type\n4,Shop,Channel::WebWidget\n",
}


def export(folder: Path, files: dict[str, str]) -> MessageLog:
    """These files in a directory, read."""
    for name, content in files.items():
        (folder / name).write_text(content)
    return read(folder, now=NOW)


def messages(log: MessageLog, *columns: str) -> list[tuple[object, ...]]:
    """These columns of all messages, by time."""
    return log.table.sort("sent_at", "message_id").select("message_id", *columns).rows()


def test_zendesk_comments_become_messages(tmp_path: Path) -> None:
    """Who wrote, who can see it and whose ticket it is follow from tickets and users."""
    log = export(tmp_path, ZENDESK)
    columns = ("direction", "visibility", "customer_id", "agent_id", "conversation_id", "channel")

    assert log.quality.format == "zendesk"
    assert messages(log, *columns) == [
        ("100", "inbound", "public", "1", None, "10", "email"),
        ("101", "outbound", "internal", "1", "8", "10", "email"),
        ("102", "outbound", "public", "1", "8", "10", "email"),
        ("103", "inbound", "public", "1", None, "10", "email"),
        ("ticket-11", "inbound", "public", "2", None, "11", "web"),
        ("105", "inbound", "public", "1", None, "12", "web"),
        ("106", "outbound", "public", None, "8", "99", "unknown"),
        ("107", "inbound", "public", "2", None, "98", "unknown"),
    ]
    assert log.table["brand"].drop_nulls().unique().to_list() == ["77"]
    assert log.quality.count("naive_time") == 0


def test_a_zendesk_comment_by_nobody_is_set_aside(tmp_path: Path) -> None:
    """A comment whose author no table knows is set aside with the reason."""
    (one,) = export(tmp_path, ZENDESK).quality.set_aside

    assert (one.line, one.code) == (6, "unknown_direction")
    assert "by user 5, who is not in the export" in one.reason
    assert one.file is not None
    assert one.file.endswith("ticket_comment.csv")


def test_zendesk_history_becomes_statuses_and_assignments(tmp_path: Path) -> None:
    """The history of fields says when statuses and assignees changed."""
    log = export(tmp_path, ZENDESK)

    assert log.status_table is not None
    assert log.status_table.select("conversation_id", "status", "by").rows() == [
        ("10", "new", "1"),
        ("10", "solved", "8"),
        ("11", "open", None),
        ("12", "deleted", None),
    ]
    assert log.assignment_table is not None
    assert log.assignment_table.select("conversation_id", "agent_id", "team_id").rows() == [
        ("10", "8", "500"),
        ("10", "9", "500"),
    ]
    assert log.quality.count("unreadable_time") == 1
    assert any("2 conversations list no change of status" in note for note in log.quality.notes)
    assert any("1 tickets are deleted" in note for note in log.quality.notes)


def test_zendesk_without_users_and_history_still_tells_the_requester(tmp_path: Path) -> None:
    """With tickets and comments alone, the requester's comments are known."""
    log = export(
        tmp_path, {k: v for k, v in ZENDESK.items() if k.startswith("ticket") and "h" not in k}
    )

    assert set(log.table["direction"].to_list()) == {"inbound"}
    assert log.quality.count("unknown_direction") == 6


def test_intercom_parts_become_messages(tmp_path: Path) -> None:
    """The source comes first, then the parts with words; only rows in force count."""
    log = export(tmp_path, INTERCOM)
    columns = ("direction", "visibility", "customer_id", "agent_id", "automated", "channel", "text")

    assert log.quality.format == "intercom"
    assert messages(log, *columns) == [
        ("source-7", "inbound", "private", "u1", None, False, "chat", "Where is it?"),
        ("70", "outbound", "private", "u1", "b1", True, "chat", "A human will be with you."),
        ("72", "outbound", "internal", "u1", "a2", False, "chat", "hm"),
        ("73", "outbound", "private", "u1", "a2", False, "chat", "On its way."),
        ("74", "inbound", "private", "u1", None, False, "chat", "Thanks!"),
        ("75", "outbound", "private", "u1", "a2", False, "chat", "Bye!"),
        ("source-8", "outbound", "private", "u2", "a1", False, "email", "News"),
    ]
    assert [(one.line, one.code) for one in log.quality.set_aside] == [(10, "unknown_direction")]
    assert "2 rows are events and no messages and were passed over" in log.quality.notes
    assert (log.quality.rows, log.quality.kept) == (8, 7)


def test_intercom_events_become_statuses_and_assignments(tmp_path: Path) -> None:
    """Closing is a status, and assignments name an admin or a team."""
    log = export(tmp_path, INTERCOM)

    assert log.status_table is not None
    assert log.status_table.select("conversation_id", "status", "by").rows() == [
        ("7", "closed", "a2"),
        ("8", "closed", None),
    ]
    assert log.assignment_table is not None
    assert log.assignment_table.select("agent_id", "team_id").rows() == [("a2", None), (None, "t1")]


def test_chatwoot_tables_become_messages(tmp_path: Path) -> None:
    """Templates are automated, private messages are notes, and activities are none."""
    log = export(tmp_path, CHATWOOT)
    columns = ("direction", "visibility", "customer_id", "agent_id", "automated", "channel")

    assert log.quality.format == "chatwoot"
    assert messages(log, *columns) == [
        ("1", "inbound", "private", "50", None, False, "chat"),
        ("2", "outbound", "private", "50", None, True, "chat"),
        ("4", "outbound", "internal", "50", "2", False, "chat"),
        ("5", "outbound", "private", "50", "2", False, "chat"),
        ("6", "outbound", "private", "50", "1", True, "chat"),
    ]
    assert log.table["team_id"].to_list() == [None, "6", "6", "6", "6"]
    assert log.table["account"].unique().to_list() == ["Shop"]
    assert log.quality.faults == ()
    assert (log.quality.rows, log.quality.kept) == (5, 5)


def test_chatwoot_messages_alone_are_enough(tmp_path: Path) -> None:
    """Without the other tables the contact who began a conversation is its customer."""
    path = tmp_path / "chatwoot.csv"
    path.write_text(CHATWOOT["messages.csv"])
    log = read(path, now=NOW)

    assert log.quality.format == "chatwoot"
    assert set(log.table["customer_id"].to_list()) == {"50"}
    assert log.table["channel"].unique().to_list() == ["unknown"]


def test_a_help_desk_can_be_named(tmp_path: Path) -> None:
    """A format that the directory does not fit says which table is missing."""
    export(tmp_path, CHATWOOT)

    with pytest.raises(UnreadableExport, match="no table ticket_comment"):
        read(tmp_path, "zendesk", now=NOW)


@needs_shared
def test_a_recorded_zendesk_export_is_read() -> None:
    """Seed tables whose comments belong to other tickets give the descriptions."""
    log = read(SHARED / "zendesk_export", now=NOW)

    assert (log.quality.rows, log.quality.kept) == (30, 10)
    assert log.quality.count("unknown_direction") == 20
    assert log.table["direction"].unique().to_list() == ["inbound"]
    assert log.status_table is not None
    assert log.status_table.filter(pl.col("conversation_id") == "11071").height == 13


@needs_shared
def test_a_recorded_intercom_export_is_read() -> None:
    """Seed tables give two sources and one note."""
    log = read(SHARED / "intercom_export", now=NOW)

    assert (log.quality.rows, log.quality.kept) == (3, 3)
    assert sorted(log.table["visibility"].to_list()) == ["internal", "private", "private"]
