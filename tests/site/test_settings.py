"""Settings that are worked out from the environment."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from madang.site.settings import database, mail


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("smtp://ann:p%40ss@mail.example:2525", ("mail.example", 2525, "ann", "p@ss", False, True)),
        ("smtps://ann:secret@mail.example", ("mail.example", 465, "ann", "secret", True, False)),
        ("smtp://localhost", ("localhost", 587, "", "", False, False)),
    ],
)
def test_a_mail_server_from_its_address(monkeypatch, address, expected):
    monkeypatch.setenv("MADANG_SMTP", address)
    found = mail()
    names = ("EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD", "EMAIL_USE_SSL", "EMAIL_USE_TLS")
    assert tuple(found[name] for name in names) == expected


def test_without_a_mail_server_mails_are_printed(monkeypatch):
    monkeypatch.delenv("MADANG_SMTP", raising=False)
    assert mail() == {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}


@pytest.mark.parametrize(
    ("name", "of", "address"), [("MADANG_SMTP", mail, "mail.example:25"), ("DATABASE_URL", database, "mysql://x")]
)
def test_an_unknown_address_is_refused_with_its_setting_named(monkeypatch, name, of, address):
    monkeypatch.setenv(name, address)
    with pytest.raises(ImproperlyConfigured, match=name):
        of()
