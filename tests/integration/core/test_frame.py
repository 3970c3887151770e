"""The frame around every page: nothing inline, a way past the menu, and errors in words."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from associates.models import Associate
from smmware.urls import urlpatterns as office

TEMPLATES = sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("the secret cause")


urlpatterns = [*office, path("broken/", broken)]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: str(file.relative_to(settings.BASE_DIR)))
def test_nothing_inline(template: Path) -> None:
    assert INLINE.findall(template.read_text()) == []


def test_the_policy_allows_nothing_from_elsewhere_but_the_way_to_intuits_sign_in(client: Client, db: None) -> None:
    policy = client.get("/sign-in/").headers["Content-Security-Policy"]
    assert sorted(policy.split("; ")) == [
        "base-uri 'self'",
        "default-src 'self'",
        f"form-action 'self' {settings.QBO_SIGN_IN}",
        "frame-ancestors 'none'",
        "object-src 'none'",
    ]


def test_a_way_past_the_menu_and_the_menu_opens_without_script(basic: Associate, client_for: Callable) -> None:
    page = client_for(basic).get("/").content.decode()
    assert page.index('<a class="skip" href="#content">') < page.index("<nav ")
    assert '<main id="content"' in page
    assert 'popovertarget="menu"' in page
    assert re.search(r'<nav id="menu"[^>]* popover>', page)


def test_where_one_is_stands_out_in_the_menu(basic: Associate, client_for: Callable) -> None:
    page = client_for(basic).get(f"/associates/{basic.pk}/").content.decode()
    assert '<a href="/associates/" aria-current="page">Associate Manager</a>' in page


def test_not_found(basic: Associate, client_for: Callable) -> None:
    answer = client_for(basic).get("/nowhere/")
    assert (answer.status_code, "There is nothing here" in answer.content.decode()) == (404, True)


def test_not_allowed_says_why_and_what_to_do(basic: Associate, client_for: Callable) -> None:
    answer = client_for(basic).get("/settings/")
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "Your permission level does not include this part of settings." in page
    assert "ask a Company Owner" in page


@override_settings(ROOT_URLCONF="tests.integration.core.test_frame")
def test_our_own_fault_is_said_without_its_cause(basic: Associate, client_for: Callable) -> None:
    browser = client_for(basic)
    browser.raise_request_exception = False
    answer = browser.get("/broken/")
    page = answer.content.decode()
    assert (answer.status_code, "Something went wrong on our side" in page, "secret" in page) == (500, True, False)


def test_a_form_that_is_too_old_is_said_in_words(basic: Associate) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(basic)
    answer = strict.post("/sign-out/")
    assert (answer.status_code, "Please try again" in answer.content.decode()) == (403, True)
