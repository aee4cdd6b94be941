"""What the environment may say, and what it may not."""

from pathlib import Path

import pytest

from flora_mcp.settings import DEFAULT_BASE_URL, OAuth, Settings, SettingsError


def test_an_empty_environment_means_the_studio() -> None:
    settings = Settings.from_environment({})
    assert (settings.api_key, settings.base_url, settings.time_budget_seconds) == (None, DEFAULT_BASE_URL, 45.0)


def test_a_blank_key_counts_as_unset() -> None:
    assert Settings.from_environment({"FLORA_API_KEY": "  "}).api_key is None


def test_values_are_trimmed() -> None:
    settings = Settings.from_environment(
        {"FLORA_API_KEY": " sk_live_x \n", "FLORA_BASE_URL": "https://example.test/v1/ ", "FLORA_DATA_DIR": "/data"}
    )
    assert (settings.api_key, settings.base_url) == ("sk_live_x", "https://example.test/v1")
    assert settings.data_directory == Path("/data")


def test_the_key_does_not_show_in_a_repr() -> None:
    assert "sk_live_x" not in repr(Settings.from_environment({"FLORA_API_KEY": "sk_live_x"}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FLORA_TIME_BUDGET_SECONDS", "soon"),
        ("FLORA_TIME_BUDGET_SECONDS", "0"),
        ("FLORA_TIME_BUDGET_SECONDS", "nan"),
        ("FLORA_MAX_RETRIES", "-1"),
        ("FLORA_BASE_URL", "app.flora.ai"),
        ("FLORA_LOG", "loud"),
        ("FLORA_REQUIRE_ISOLATION", "perfect"),
        ("FLORA_MAX_SPEND_USD", "$5"),
        ("FLORA_MAX_SPEND_USD", "-1"),
        ("FLORA_MAX_SPEND_USD", "inf"),
        ("FLORA_READ_ONLY", "perhaps"),
        ("FLORA_ALLOW_UNKNOWN_PRICES", "2"),
        ("FLORA_BLOCK_METHODS", ","),
        ("FLORA_SPEND_PERIOD", "week"),
        ("FLORA_OAUTH_ISSUER", "login.example.com"),
        ("FLORA_OAUTH_ISSUER", "http://localhost.example.com"),
    ],
)
def test_a_bad_value_is_named_with_what_is_accepted(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({name: value})
    assert name in str(caught.value)
    assert repr(value) in str(caught.value)


def test_a_child_process_reads_the_same_settings() -> None:
    settings = Settings.from_environment(
        {"FLORA_API_KEY": "sk_live_x", "FLORA_DATA_DIR": "/data", "FLORA_MAX_RETRIES": "5", "FLORA_LOG": "off"}
        | {"FLORA_REQUIRE_ISOLATION": "Strong", "FLORA_MAX_SPEND_USD": "2.5", "FLORA_READ_ONLY": "Yes"}
        | {"FLORA_BLOCK_METHODS": "workspaces.* , actions.run", "FLORA_ALLOW_METHODS": "projects.*"}
        | {"FLORA_ALLOW_UNKNOWN_PRICES": "1"}
    )
    assert (settings.max_spend_usd, settings.allow_unknown_prices, settings.read_only) == (2.5, True, True)
    assert (settings.allow_methods, settings.block_methods) == (("projects.*",), ("workspaces.*", "actions.run"))
    assert settings.require_isolation == "strong"
    assert Settings.from_environment(settings.environment()) == settings


def test_a_child_process_takes_the_tokens_of_the_same_issuer() -> None:
    settings = Settings.from_environment(
        {"FLORA_DATA_DIR": "/data", "FLORA_KEYS_FILE": "/run/keys.json", "FLORA_SPEND_PERIOD": "Month"}
        | {"FLORA_OAUTH_ISSUER": "https://login.example.com/", "FLORA_OAUTH_JWKS_URL": "http://localhost:8/keys"}
        | {"FLORA_OAUTH_AUDIENCE": "flora", "FLORA_OAUTH_SCOPES": "read, write"}
    )
    jwks_url = "http://localhost:8/keys"
    oauth = OAuth(issuer="https://login.example.com/", jwks_url=jwks_url, audience="flora", scopes=("read", "write"))
    assert (settings.oauth, settings.keys_file, settings.spend_period) == (oauth, Path("/run/keys.json"), "month")
    assert Settings.from_environment(settings.environment()) == settings


def test_a_part_of_an_authorization_server_is_refused() -> None:
    with pytest.raises(SettingsError, match="FLORA_OAUTH_AUDIENCE is set without FLORA_OAUTH_ISSUER"):
        Settings.from_environment({"FLORA_OAUTH_AUDIENCE": "flora"})


def test_without_rules_and_cap_a_child_has_none_either() -> None:
    settings = Settings.from_environment({"FLORA_DATA_DIR": "/data"})
    assert (settings.max_spend_usd, settings.allow_methods, settings.read_only) == (None, (), False)
    assert Settings.from_environment(settings.environment()) == settings


@pytest.mark.parametrize("name", ["FLORA_MAX_SPEND", "FLORA_MAX_COST_USD", "FLORA_READONLY", "FLORA_BLOCKED_METHODS"])
def test_a_guard_that_nobody_reads_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} is no variable of this server. Did you mean FLORA_"):
        Settings.from_environment({name: "1"})


@pytest.mark.parametrize(
    "name", ["FLORA_ALLOWED_HOSTS", "FLORA_MAX_RUNS", "FLORA_CUSTOM_HEADERS", "FLORA_WEBHOOK_SECRET"]
)
def test_variables_of_others_are_left_alone(name: str) -> None:
    Settings.from_environment({name: "x"})
