"""Mappings: a small document says how an export's columns become the message table."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from socialcare.analytics.log import MessageLog
from socialcare.analytics.readers import Mapping, presets, read
from socialcare.analytics.readers.documents import KEYS
from socialcare.analytics.table import OPTIONAL, REQUIRED
from socialcare.errors import InvalidMapping, UnreadableExport

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 6, 1, tzinfo=UTC)
EXPORT = """\
nr;am;von;kanal;art;an;inhalt;farbe
1;02.03.2026 10:00;ada;Channel::Email;frage;;Wo ist mein Paket?;rot
2;02.03.2026 10:05;acme_kim;Channel::Email;antwort;1;Unterwegs.;
3;02.03.2026 10:06;ada;Channel::Email;frage;2;Danke!;
4;02.03.2026 10:07;system;Channel::Email;ereignis;;geschlossen;
"""
DOCUMENT = """\
name = "acme"
title = "the desk of Acme"
keep = ["farbe"]
customer = "reply_chain"

[columns]
message_id = "nr"
sent_at = "am"
author_id = "von"
direction = "art"
channel = ["weg", "kanal"]
in_reply_to = "an"
text = "inhalt"

[constants]
brand = "acme"
visibility = "private"

[time]
format = "%d.%m.%Y %H:%M"
zone = "Europe/Berlin"

[values.direction]
inbound = "frage"
outbound = ["antwort"]
skip = "ereignis"

[values.channel]
email = "Channel::Email"
"""


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """An export that no preset knows."""
    path = tmp_path / "export.csv"
    path.write_text(EXPORT)
    return path


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """The mapping that describes it."""
    path = tmp_path / "acme.toml"
    path.write_text(DOCUMENT)
    return path


def check(log: MessageLog) -> None:
    """The messages of the export, as the mapping reads them."""
    assert log.table.drop("sent_at").to_dicts() == [
        {
            "message_id": number,
            "direction": direction,
            "customer_id": "ada",
            "channel": "email",
            "visibility": "private",
            "agent_id": agent,
            "brand": "acme",
            "in_reply_to": parent,
            "text": text,
            "farbe": colour,
        }
        for number, direction, agent, parent, text, colour in [
            ("1", "inbound", None, None, "Wo ist mein Paket?", "rot"),
            ("2", "outbound", "acme_kim", "1", "Unterwegs.", None),
            ("3", "inbound", None, "2", "Danke!", None),
        ]
    ]
    assert log.table["sent_at"].to_list()[0] == datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    assert log.quality.faults == ()
    assert log.quality.format == "acme"
    assert "read as acme (the desk of Acme)" in log.quality.notes
    assert "1 rows are by art no messages and were passed over" in log.quality.notes
    assert (log.quality.rows, log.quality.kept) == (3, 3)


def test_a_mapping_is_a_file_a_document_or_a_value(export: Path, document: Path) -> None:
    """The three ways to give a mapping are the same."""
    value = Mapping.from_toml(document)
    check(read(export, mapping=document, now=NOW))
    check(read(export, mapping=str(document), now=NOW))
    check(read(export, mapping=value, now=NOW))


def test_every_preset_says_what_it_is() -> None:
    """The presets that are shipped are mappings like a user's own."""
    for name, mapping in presets().items():
        assert mapping.name == name
        assert mapping.title
        assert mapping.recognise


@pytest.mark.parametrize(
    ("change", "key", "says"),
    [
        ({"colums": {}}, "document", "did you mean columns?"),
        ({"columns": {"mesage_id": "nr"}}, "columns", "did you mean message_id?"),
        ({"columns": {"message_id": 7}}, "columns.message_id", "a text, or a list of texts"),
        ({"columns": []}, "columns", "a table of keys and values"),
        ({"constants": {"direction": "up"}}, "constants.direction", "one of inbound, outbound"),
        ({"constants": {"text": "x"}}, "constants", "one of brand"),
        ({"time": {"zone": "Berlin"}}, "time.zone", "Europe/Berlin"),
        ({"time": {"format": "%d.%m.%Y %Z"}}, "time.format", "say zone instead"),
        ({"time": {"format": "dd.mm.yyyy"}}, "time.format", "a strptime pattern"),
        ({"time": {"day_first": "yes"}}, "time.day_first", "true or false"),
        ({"values": {"direction": {"in": "x"}}}, "values.direction", "inbound, outbound"),
        ({"values": {"colour": {}}}, "values", "one of author_role"),
        ({"brand": {"pattern": "("}}, "brand.pattern", "a regular expression"),
        ({"sign_off": "-(\\w+)"}, "sign_off", "a group (?P<name>...)"),
        ({"sign_off": 3}, "sign_off", "a text"),
        ({"authors": "robots"}, "authors", "one of agent, brand"),
        ({"customer": "king"}, "customer", "one of column, asker, reply_chain"),
        ({"logic": "magic"}, "logic", "one of messages, zendesk, intercom"),
        ({"entities": "yes"}, "entities", "true or false"),
        ({"joins": {"table": "a"}}, "joins", "written [[joins]]"),
        ({"joins": [{"table": "a", "on": ["b"]}]}, "joins.on", "two columns"),
        ({"status": {"table": "a", "columns": {"at": "b"}}}, "status.columns", "conversation_id"),
        ({"handling": {"tabel": "a"}}, "handling", "did you mean table?"),
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused(
    change: dict[str, Any], key: str, says: str
) -> None:
    """The error names the file, the key, what was found and what would be right."""
    with pytest.raises(InvalidMapping) as caught:
        Mapping.from_mapping(change, source="acme.toml")

    assert caught.value.where == f"acme.toml: {key}"
    assert says in str(caught.value)


@pytest.mark.parametrize("content", ["[columns", "\udcff"])
def test_a_file_that_is_no_toml_is_refused(tmp_path: Path, content: str) -> None:
    """What is no TOML says so, and where."""
    path = tmp_path / "acme.toml"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))

    with pytest.raises(InvalidMapping, match=r"acme\.toml.*TOML"):
        read("nowhere.csv", mapping=path, now=NOW)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """A mapping that can't be opened says why."""
    with pytest.raises(InvalidMapping, match="a file that can be read"):
        read("nowhere.csv", mapping=tmp_path / "acme.toml", now=NOW)
    with pytest.raises(InvalidMapping, match="the path of a TOML file"):
        read("nowhere.csv", mapping=7, now=NOW)  # type: ignore[arg-type]  # the wrong type is the point


def test_a_column_that_is_not_there_is_named(export: Path) -> None:
    """A mapping that names columns the export lacks says which there are."""
    with pytest.raises(InvalidMapping, match=r"columns.text: found 'body', expected a column of"):
        read(export, mapping={"columns": {"text": "body"}}, now=NOW)
    with pytest.raises(InvalidMapping, match="keep: found 'size'"):
        read(export, mapping={"keep": ["size"]}, now=NOW)
    with pytest.raises(UnreadableExport, match="no column gives sent_at"):
        read(export, mapping={"columns": {"message_id": "nr"}}, now=NOW)


@pytest.mark.parametrize("brand", [{"authors": ["acme_kim"]}, {"pattern": "^acme_"}])
def test_the_brand_is_told_by_its_authors(export: Path, brand: dict[str, Any]) -> None:
    """Without a column of directions, who the brand is decides."""
    columns = {"message_id": "nr", "sent_at": "am", "author_id": "von", "in_reply_to": "an"}
    mapping = {"columns": columns, "brand": brand, "time": {"day_first": True, "zone": "UTC"}}
    log = read(export, mapping=mapping, now=NOW)

    assert log.table["direction"].to_list() == ["inbound", "outbound", "inbound", "inbound"]
    assert log.table["agent_id"].to_list() == [None, "acme_kim", None, None]


def test_a_constant_direction_is_enough(export: Path) -> None:
    """An export of one direction says it once."""
    mapping = {
        "columns": {"message_id": "nr", "sent_at": "am", "customer_id": "von"},
        "constants": {"direction": "inbound", "channel": "email"},
        "time": {"day_first": True, "zone": "UTC"},
    }
    log = read(export, mapping=mapping, now=NOW)

    assert log.table["direction"].unique().to_list() == ["inbound"]
    assert log.table["channel"].unique().to_list() == ["email"]


def test_tables_of_a_directory_are_joined(tmp_path: Path) -> None:
    """A mapping can name a table of messages, tables beside it, and side tables."""
    (tmp_path / "posts.csv").write_text(
        "id,talk,at,who,what\n1,T1,2026-03-02T09:00:00Z,7,Where?\n"
        "2,T1,2026-03-02T09:05:00Z,8,Here.\n3,T9,2026-03-02T09:05:00Z,9,Hm.\n"
    )
    (tmp_path / "people.csv").write_text("id,kind,name\n7,guest,Ada\n8.0,staff,Kim\n8,staff,Two\n")
    (tmp_path / "talks.csv").write_text("id,guest,live\nT1,7,yes\nT9,1,no\n")
    (tmp_path / "log.csv").write_text(
        "talk,at,kind,value,by\nT1,2026-03-02T09:06:00Z,state,shut,8\n"
        "T1,2026-03-02T09:01:00Z,owner,8,\nT1,never,state,open,8\n"
    )
    mapping = {
        "table": "posts",
        "joins": [
            {"table": "people", "on": ["who", "id"]},
            {"table": "talks", "on": ["talk", "id"], "where": {"live": "yes"}},
        ],
        "columns": {
            "message_id": "id",
            "sent_at": "at",
            "conversation_id": "talk",
            "author_id": "who",
            "author_role": "people.kind",
            "customer_id": "talks.guest",
            "text": "what",
        },
        "values": {"author_role": {"customer": "guest", "agent": "staff"}},
        "status": {
            "table": "log",
            "where": {"kind": "state"},
            "columns": {"conversation_id": "talk", "at": "at", "status": "value", "by": "by"},
            "values": {"closed": "shut"},
        },
        "assignment": {
            "table": "log",
            "where": {"kind": "owner"},
            "columns": {"conversation_id": "talk", "at": "at", "agent_id": "value"},
        },
    }
    log = read(tmp_path, mapping=mapping, now=NOW)

    assert log.table.select("message_id", "direction", "customer_id", "agent_id").rows() == [
        ("1", "inbound", "7", None),
        ("2", "outbound", "7", "8"),
    ]
    assert [(one.line, one.code) for one in log.quality.set_aside] == [(4, "unknown_direction")]
    assert log.status_table is not None
    assert log.status_table.rows() == [
        ("T1", datetime(2026, 3, 2, 9, 6, tzinfo=UTC), "closed", "8")
    ]
    assert log.assignment_table is not None
    assert log.assignment_table["agent_id"].to_list() == ["8"]
    assert log.quality.count("unreadable_time") == 1


def test_kept_columns_never_hide_a_field(export: Path, document: Path) -> None:
    """A kept column that is called like a field of ours does not overwrite it."""
    text = EXPORT.replace("farbe", "brand")
    export.write_text(text)
    mapping = Mapping.from_toml(document)
    changed = Mapping.from_mapping(
        {
            "columns": dict(mapping.columns),
            "keep": ["brand"],
            "constants": dict(mapping.constants),
            "time": {"day_first": True},
            "values": {k: dict(v) for k, v in mapping.values.items()},
        }
    )

    assert read(export, mapping=changed, now=NOW).table["brand"].to_list() == ["acme"] * 3


def test_a_name_that_is_missing_a_table_says_which_there_are(tmp_path: Path) -> None:
    """A directory without the table of messages says what it has."""
    (tmp_path / "colours.csv").write_text("a,b\n1,2\n")

    with pytest.raises(UnreadableExport, match="no table posts; found colours"):
        read(tmp_path, mapping={"table": "posts"}, now=NOW)


def test_every_key_and_field_is_documented() -> None:
    """The how-to has the keys of a mapping, and the reference the columns of the table."""
    guide = (ROOT / "docs" / "how-to" / "read-an-export.md").read_text("utf-8")
    table = (ROOT / "docs" / "reference" / "message-table.md").read_text("utf-8")

    assert [key for key in KEYS if f"`{key}" not in guide] == []
    assert [field for field in (*REQUIRED, *OPTIONAL) if f"`{field}`" not in table] == []
