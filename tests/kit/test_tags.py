"""What `{% load madang %}` gives to templates, and the parts of pages."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

EDITION = SimpleNamespace(time_zone="Asia/Seoul")
AFTERNOON = dt.datetime(2025, 5, 28, 5, 30, tzinfo=dt.UTC)


def show(source: str, language: str = "en", **facts) -> str:
    with translation.override(language):
        return Template("{% load madang %}" + source).render(Context({"edition": EDITION, "moment": AFTERNOON, **facts}))


def test_when_in_the_editions_zone():
    assert show("{% when moment edition %}") == (
        '<time datetime="2025-05-28T14:30+09:00">Wed 28 May, 14:30 <span class="zone">KST</span></time>'
    )


def test_when_with_the_readers_own_time():
    page = show("{% when moment edition %}", user=SimpleNamespace(time_zone="Europe/Paris"))
    assert '<span class="own-time" title="Your time">(07:30 CEST)</span></time>' in page


def test_own_zone_of_the_participant_where_the_user_has_none():
    page = show(
        "{% clock moment edition %}", user=SimpleNamespace(time_zone=""), participant=SimpleNamespace(time_zone="Europe/Paris")
    )
    assert page == (
        '<time datetime="2025-05-28T14:30+09:00" title="Your time: 07:30 CEST">14:30 <span class="zone">KST</span></time>'
    )


def test_day_of_a_moment_is_the_day_in_the_editions_zone():
    late = dt.datetime(2025, 5, 27, 20, 0, tzinfo=dt.UTC)
    assert show("{% day late edition %}", late=late) == '<time datetime="2025-05-28">Wednesday 28 May 2025</time>'
    assert "2025년 5월 28일 (수)" in show("{% day late edition %}", "ko", late=dt.date(2025, 5, 28))


@pytest.mark.parametrize("tag", ["when", "clock", "day"])
def test_no_moment_gives_nothing(tag):
    assert show("{% " + tag + " none edition %}", none=None) == ""


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ("page=3", "?q=a+b&amp;kind=x&amp;kind=y&amp;page=3"),
        ("q='c'", "?kind=x&amp;kind=y&amp;q=c"),  # another search starts at the first page
        ("kind=None", "?q=a+b"),
        ("kind='' q=None", "?"),
    ],
)
def test_query(changes, expected):
    request = RequestFactory().get("/?q=a+b&kind=x&kind=y&page=2")
    assert show("{% query " + changes + " %}", request=request) == expected


def test_query_without_a_request():
    assert show("{% query page=2 %}") == "?page=2"


def test_localised():
    thing = SimpleNamespace(name="Yard", name_ko="마당", name_fr="")
    assert [show("{% localised thing 'name' %}", language, thing=thing) for language in ("en", "ko", "fr")] == [
        "Yard",
        "마당",
        "Yard",
    ]
    assert show("{% localised thing 'name' %}", thing=SimpleNamespace(name="<b>")) == "&lt;b&gt;"


def test_country_filter():
    assert show("{{ 'FR'|country }}", "ko") == "프랑스"


def test_bar_has_a_point_in_every_language():
    with translation.override("fr"):
        page = render_to_string("parts/bar.html", {"value": 1, "max": 3, "label": "Placés"})
    assert 'width="33.33"' in page


@pytest.mark.parametrize(("value", "whole", "width"), [(5, 0, "0"), (7, 5, "100.00"), (None, 5, "0")])
def test_bar_without_a_whole(value, whole, width):
    assert f'class="fill" width="{width}"' in render_to_string("parts/bar.html", {"value": value, "max": whole, "label": "x"})


class Asked(forms.Form):
    name = forms.CharField(help_text="As on the badge.")
    note = forms.CharField(required=False)
    there = forms.BooleanField(required=False)
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)


def test_field_ties_help_and_errors_to_the_input():
    page = render_to_string("parts/field.html", {"field": Asked({})["name"]})
    assert 'aria-describedby="id_name_helptext id_name_error"' in page
    assert 'aria-invalid="true"' in page
    assert 'id="id_name_helptext"' in page
    assert 'id="id_name_error"' in page
    assert "(optional)" not in page
    assert "(optional)" in render_to_string("parts/field.html", {"field": Asked({})["note"]})


def test_form_lists_its_faults_with_links():
    page = render_to_string("parts/form.html", {"form": Asked({}), "submit": "Send"})
    assert 'href="#id_name"' in page
    assert 'href="#id_kind"' in page
    assert 'id="id_kind"' in page
    assert '<button class="button primary">Send</button>' in page
    assert "Please look at this again" not in render_to_string("parts/form.html", {"form": Asked()})


def test_pager_keeps_the_query():
    request = RequestFactory().get("/?q=a&page=2")
    page = render_to_string("parts/pager.html", {"page": Paginator(range(100), 40).page(2), "request": request})
    assert 'href="?q=a&amp;page=1"' in page
    assert 'href="?q=a&amp;page=3"' in page
    assert "41 to 80 of 100" in page
    assert render_to_string("parts/pager.html", {"page": Paginator(range(10), 40).page(1), "request": request}).strip() == ""
