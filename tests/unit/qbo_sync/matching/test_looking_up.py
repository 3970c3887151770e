"""Looking records up by their match keys, and how well that finds them."""

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from bench.match_quality.__main__ import PRECISION, RECALL, figures, look_for_all
from bench.match_quality.frozen import read
from qbo_sync import directory
from qbo_sync.matching import Sought, candidates, keys_of
from qbo_sync.models import Connection, Entity, MatchKey

FAMILIES = [
    "Abel", "Baker", "Cole", "Diaz", "Ekdahl", "Frost", "Gruber", "Hahn", "Ibsen", "Jung", "Kane", "Lund", "Moss",
    "Nolan", "Olsen", "Pratt", "Quist", "Ross", "Stein", "Tracy", "Ueland", "Voss", "Wolff", "Xiong", "Yates", "Zahn",
    "Adler", "Burke", "Clancy", "Dahl",
]  # fmt: skip


@pytest.fixture
def connection(db: None) -> Connection:
    return Connection.objects.create(realm_id="1", environment="sandbox")


def row(number: int, name: str, **fields: object) -> dict[str, object]:
    return {"Id": str(number), "DisplayName": name, "SyncToken": "0", **fields}


def remember_all(connection: Connection) -> None:
    rows = [row(number, f"{family}, Bob") for number, family in enumerate(FAMILIES)]
    directory.remember(connection, Entity.CUSTOMER, rows)


@pytest.mark.parametrize("count", [1, 30])
def test_two_queries_however_many_are_sought(connection: Connection, count: int) -> None:
    remember_all(connection)
    seekers = [Sought(Entity.CUSTOMER, (f"Robert {family}",)) for family in FAMILIES[:count]]

    with CaptureQueriesContext(database) as queries:
        found = directory.by_match_key(connection, keys_of(seekers))

    assert len(queries) == 2
    assert [candidates(seeker, found)[0].name for seeker in seekers] == [f"{each}, Bob" for each in FAMILIES[:count]]


def test_more_keys_than_a_query_takes_are_looked_up_in_as_many(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember_all(connection)
    monkeypatch.setattr(directory, "CHUNK", 10)
    seekers = [Sought(Entity.CUSTOMER, (f"Robert {family}",)) for family in FAMILIES]

    with CaptureQueriesContext(database) as queries:
        found = directory.by_match_key(connection, keys_of(seekers))

    assert len(queries) == 2
    assert {each[0].name for seeker in seekers if (each := candidates(seeker, found))} == {
        f"{family}, Bob" for family in FAMILIES
    }


@pytest.mark.parametrize("rows", [1, 30])
def test_a_page_is_remembered_in_as_many_queries_as_a_row(connection: Connection, rows: int) -> None:
    page = [row(number, f"{family}, Bob") for number, family in enumerate(FAMILIES[:rows])]

    with CaptureQueriesContext(database) as queries:
        directory.remember(connection, Entity.CUSTOMER, page)

    told = [
        query["sql"].split()[0].replace("COPY", "INSERT") for query in queries
    ]  # which PostgreSQL has for many rows
    assert [word for word in told if word not in ("SAVEPOINT", "RELEASE")] == ["SELECT", "INSERT", "DELETE", "INSERT"]


def test_who_is_renamed_is_found_by_the_new_name_alone(connection: Connection) -> None:
    directory.remember(connection, Entity.CUSTOMER, [row(1, "Harold Whitfield")])
    directory.remember(connection, Entity.CUSTOMER, [row(1, "Zoe Young")])

    keys = set(MatchKey.objects.values_list("key", flat=True))
    assert ("n:young zoe" in keys, "n:harold whitfield" in keys) == (True, False)


def test_a_key_that_everybody_shares_finds_nobody(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "MOST_OF_A_KEY", 1)
    desk = {"PrimaryPhone": {"FreeFormNumber": "608 555 0100"}}
    directory.remember(connection, Entity.CUSTOMER, [row(1, "Zoe Young", **desk), row(2, "Carla Diaz", **desk)])

    assert set(directory.by_match_key(connection, {"p:6085550100", "n:young zoe"})) == {"n:young zoe"}


def test_the_mobile_number_is_a_key_too(connection: Connection) -> None:
    phones = {"PrimaryPhone": {"FreeFormNumber": "608 555 0100"}, "Mobile": {"FreeFormNumber": "608 555 0199"}}
    directory.remember(connection, Entity.VENDOR, [row(1, "Zoe Young", **phones)])

    [found] = directory.by_match_key(connection, {"p:6085550199"})["p:6085550199"]
    assert (found.phone, found.mobile) == ("608 555 0100", "608 555 0199")


def test_another_company_s_directory_is_not_looked_into(connection: Connection) -> None:
    other = Connection.objects.create(realm_id="2", environment="sandbox")
    directory.remember(other, Entity.CUSTOMER, [row(1, "Zoe Young")])

    assert directory.by_match_key(connection, {"n:young zoe"}) == {}


def test_the_frozen_set_is_matched_as_well_as_it_has_to_be() -> None:
    precision, recall = figures(look_for_all(read()))

    assert (precision >= PRECISION, recall >= RECALL) == (True, True), (precision, recall)
