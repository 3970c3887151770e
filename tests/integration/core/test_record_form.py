"""Two people edit one record: the second is told, loses nothing, and may then choose."""

from collections.abc import Callable
from typing import Any

import pytest

from associates.forms import AssociateForm
from associates.models import Associate
from smmware.core.forms import CHANGED_MEANWHILE
from smmware.core.models import ChangedMeanwhile
from tests.factories import AssociateFactory


def edit_url(person: Associate) -> str:
    return f"/associates/{person.pk}/edit/"


def typed(person: Associate, **values: Any) -> dict[str, Any]:
    """What the form sends, as shown when the record had its version of now."""
    shown = {"last_name": person.last_name, "kind": "employee", "level": 10, "is_active": "on"}
    return {**shown, "seen_version": person.version, **values}


def test_the_form_carries_the_version_it_shows(admin: Associate, basic: Associate, client_for: Callable) -> None:
    page = client_for(admin).get(edit_url(basic)).content.decode()
    assert '<input type="hidden" name="seen_version" value="1"' in page


def test_the_second_is_told_and_what_they_typed_comes_back(
    admin: Associate, senior_admin: Associate, basic: Associate, client_for: Callable
) -> None:
    first, second = typed(basic, phone="1"), typed(basic, phone="2")
    assert client_for(admin).post(edit_url(basic), first).status_code == 302
    answer = client_for(senior_admin).post(edit_url(basic), second)
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors() == [CHANGED_MEANWHILE]
    assert answer.context["form"]["phone"].value() == "2"
    assert answer.context["form"]["seen_version"].value() == "2"
    assert Associate.objects.get(pk=basic.pk).phone == "1"


def test_saving_again_replaces_it(admin: Associate, basic: Associate, client_for: Callable) -> None:
    Associate.objects.filter(pk=basic.pk).update(phone="1")
    browser = client_for(admin)
    form = browser.post(edit_url(basic), typed(basic, phone="2")).context["form"]
    again = typed(basic, phone="2", seen_version=form["seen_version"].value())
    assert browser.post(edit_url(basic), again).status_code == 302
    now = Associate.objects.get(pk=basic.pk)
    assert (now.phone, now.version) == ("2", 3)


def test_sent_without_the_version_it_was_shown_with_it_comes_back(
    admin: Associate, basic: Associate, client_for: Callable
) -> None:
    without = {name: value for name, value in typed(basic, phone="2").items() if name != "seen_version"}
    form = client_for(admin).post(edit_url(basic), without).context["form"]
    assert form.non_field_errors() == [CHANGED_MEANWHILE]
    assert (form["phone"].value(), form["seen_version"].value()) == ("2", "1")
    assert Associate.objects.get(pk=basic.pk).phone == basic.phone


def test_somebody_faster_between_check_and_save_is_noticed_too(admin: Associate, basic: Associate) -> None:
    form = AssociateForm(typed(basic, phone="2"), instance=Associate.objects.get(pk=basic.pk), actor=admin)
    assert form.is_valid()
    Associate.objects.filter(pk=basic.pk).update(phone="1")
    with pytest.raises(ChangedMeanwhile):
        form.save()
    assert Associate.objects.values_list("phone", "version").get(pk=basic.pk) == ("1", 2)


def test_and_is_told_on_the_page(
    admin: Associate, basic: Associate, client_for: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = AssociateForm.clean

    def overtaken(form: AssociateForm) -> dict[str, Any] | None:
        cleaned = check(form)
        Associate.objects.filter(pk=basic.pk).update(phone="1")
        return cleaned

    monkeypatch.setattr(AssociateForm, "clean", overtaken)
    answer = client_for(admin).post(edit_url(basic), typed(basic, phone="2"))
    assert (answer.status_code, answer.context["form"].non_field_errors()) == (200, [CHANGED_MEANWHILE])
    assert answer.context["form"]["seen_version"].value() == "2"
    assert Associate.objects.get(pk=basic.pk).phone == "1"


def test_signing_in_meanwhile_is_no_conflict(admin: Associate, basic: Associate, client_for: Callable) -> None:
    browser = client_for(admin)
    sent = typed(basic, phone="2")
    client_for(basic)
    assert browser.post(edit_url(basic), sent).status_code == 302


@pytest.mark.django_db
def test_somebody_new_has_no_version_to_see() -> None:
    owner = AssociateFactory(level=50)
    form = AssociateForm(actor=owner)
    assert form.initial["seen_version"] is None


def test_deleted_meanwhile_what_was_typed_comes_back(admin: Associate, basic: Associate, client_for: Callable) -> None:
    sent = typed(basic, first_name="Rosa", phone="555-0199", hired_on="2026-03-02", title="<b>Organizer</b>")
    url = edit_url(basic)
    basic.delete()
    answer = client_for(admin).post(url, sent)
    assert answer.status_code == 404
    assert answer.context["typed"] == [
        ("Last name", "Basic"),
        ("First name", "Rosa"),
        ("Phone", "555-0199"),
        ("Hire date", "2026-03-02"),
        ("Title", "<b>Organizer</b>"),
    ]
    page = answer.content.decode()
    assert "somebody deleted it while you were editing" in page
    assert "&lt;b&gt;Organizer&lt;/b&gt;" in page


def test_a_password_never_comes_back(admin: Associate, basic: Associate, client_for: Callable) -> None:
    url = f"/associates/{basic.pk}/sign-in/"
    basic.delete()
    sent = {"username": "rosa", "password1": "quiet-harbour-lamp", "password2": "quiet-harbour-lamp", "seen_version": 1}
    answer = client_for(admin).post(url, sent)
    assert answer.context["typed"] == [("Username", "rosa")]
    assert "quiet-harbour-lamp" not in answer.content.decode()
