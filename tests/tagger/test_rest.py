"""What may go out to a tracking server, and what may be shown of it."""

import pytest

from tagger.rest import NotAnswering, Unclear, ask, is_server, without_password
from tests.tagger.answering import Answering


@pytest.mark.parametrize(
    ("uri", "shown"),
    [
        ("http://user:secret@host:5000/path", "http://host:5000/path"),
        ("https://host", "https://host"),
        ("sqlite:////home/me@here/mlflow.db", "sqlite:////home/me@here/mlflow.db"),
    ],
)
def test_a_password_in_a_uri_is_never_shown(uri: str, shown: str) -> None:
    assert without_password(uri) == shown


def test_servers_are_told_from_files() -> None:
    assert is_server("http://x")
    assert is_server("https://x")
    assert not is_server("sqlite:///x")


@pytest.mark.parametrize(("user", "sent"), [("someone:se%40cret@", "Basic c29tZW9uZTpzZUBjcmV0"), ("", "Bearer abc")])
def test_the_credentials_go_with_the_question(user: str, sent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "abc")
    with Answering(200, '{"model_version": {"version": "3", "source": "models:/m-1"}}') as server:
        assert ask(f"http://{user}{server.address}", "topic-tagger", "a b/c", 5) == ("3", "models:/m-1")
    ((path, headers),) = server.asked
    assert path == "/api/2.0/mlflow/registered-models/alias?name=topic-tagger&alias=a%20b%2Fc"
    assert headers["Authorization"] == sent


def test_another_host_that_the_server_points_to_does_not_get_the_credentials() -> None:
    with (
        Answering(200, '{"model_version": {"version": "3", "source": "x"}}') as other,
        Answering(302, "", {"Location": f"http://{other.address}/"}) as server,
    ):
        ask(f"http://user:secret@{server.address}", "topic-tagger", "3", 5)
    assert "Authorization" in server.asked[0][1]
    assert "Authorization" not in other.asked[0][1]


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (500, "", NotAnswering),
        (503, "<html>", NotAnswering),
        (429, "", NotAnswering),
        (401, "who are you?", Unclear),
        (404, "no such page", Unclear),
        (200, "<html>sign in</html>", Unclear),
        (200, "[]", Unclear),
        (200, '{"model_version": {}}', Unclear),
    ],
)
def test_other_answers_are_told_from_a_server_that_is_ill(status: int, body: str, error: type[Exception]) -> None:
    with Answering(status, body) as server, pytest.raises(error):
        ask(f"http://{server.address}", "topic-tagger", "champion", 5)
