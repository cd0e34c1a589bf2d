"""What `socialcare` can't do ends in a line or two, and never in a traceback."""

from pathlib import Path

import pytest

from socialcare.cli import main

DATA = (
    "message_id,sent_at,direction,customer_id,channel,visibility\n"
    "1,2026-03-02T09:00:00Z,inbound,ada,x,public\n"
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with good data and files that are not what they should be."""
    (tmp_path / "good.csv").write_text(DATA)
    (tmp_path / "good").mkdir()
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "binary.csv").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "binary.parquet").write_bytes(b"PAR1" + bytes(range(256)) + b"PAR1")
    (tmp_path / "binary.csv.gz").write_bytes(b"\x1f\x8b\x08" + bytes(range(256)))
    (tmp_path / "prose.csv").write_text("Once upon a time,\nthere was a desk.\n")
    (tmp_path / "broken.toml").write_text("timezone = \n")
    (tmp_path / "odd.toml").write_text('timezone = "Mars/Olympus"\n')
    (tmp_path / "latin.toml").write_bytes('name = "Zürich"\n'.encode("latin-1"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ("report nothing.csv", "nothing.csv"),
        ("report good.csv nothing.csv", "nothing.csv"),
        ("report good", "good"),
        ("report empty.csv", "empty.csv"),
        ("report binary.csv", "binary.csv"),
        ("report binary.parquet", "binary.parquet"),
        ("report binary.csv.gz", "binary.csv.gz"),
        ("report prose.csv", "prose.csv"),
        ("report good.csv --format fax", "fax"),
        ("report good.csv --map nothing.toml", "nothing.toml"),
        ("report good.csv --map broken.toml", "broken.toml"),
        ("report good.csv --map good", "good"),
        ("report good.csv --hours nothing.toml", "nothing.toml"),
        ("report good.csv --hours broken.toml", "broken.toml"),
        ("report good.csv --hours odd.toml", "odd.toml"),
        ("report good.csv --hours latin.toml", "latin.toml"),
        ("report good.csv --policy fair", "fair"),
        ("report good.csv --policy nothing.toml", "nothing.toml"),
        ("report good.csv --policy broken.toml", "broken.toml"),
        ("report good.csv --policy latin.toml", "latin.toml"),
        ("report good.csv --gap soon", "soon"),
        ("report good.csv --gap 99999999999d", "99999999999d"),
        ("report good.csv --by colour", "colour"),
        ("report good.csv --period decade", "decade"),
        ("report good.csv --tz Mars/Olympus", "Mars/Olympus"),
        ("report good.csv --tz ../etc", "../etc"),
        ("report good.csv --as-of yesterday", "yesterday"),
        ("report good.csv --as-of 2026-03-02", "2026-03-02"),
        ("report good.csv --handling nothing.csv", "nothing.csv"),
        ("report good.csv --handling good.csv", "good.csv"),
        ("report good.csv --handling empty.csv", "empty.csv"),
        ("report good.csv --handling good", "good"),
        ("report good.csv --status binary.csv", "binary.csv"),
        ("report good.csv --json good", "good"),
        ("report good.csv --json no/where.json", "no/where.json"),
        ("report good.csv --html no/where.html", "no/where.html"),
        ("report good.csv --out good.csv", "good.csv"),
        ("report good.csv --out good.csv/rows", "good.csv/rows"),
        ("report good.csv --sideways", "--sideways"),
        ("report", "PATH"),
        ("reprot", "reprot"),
        ("", "ommand"),
    ],
)
def test_refusals(arguments: str, named: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The exit status is 2, and at most two lines name what is wrong."""
    with pytest.raises(SystemExit) as ended:
        main(arguments.split())
    out, err = capsys.readouterr()

    assert ended.value.code == 2
    assert out == ""
    assert named in err
    assert 1 <= len(err.splitlines()) <= 2
    assert all(line.startswith("socialcare: ") for line in err.splitlines())
