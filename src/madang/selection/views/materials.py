"""Materials: added, taken away, and given to those who may see them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from madang.kit.uploads import refused_limit, takes_files
from madang.people.pages import SignedInRequest, signed_in_page
from madang.selection.actions import materials as actions
from madang.selection.actions.entries import NotEligible
from madang.selection.actions.refusals import Refused
from madang.selection.forms_entries import FileForm, LinkForm, material_form
from madang.selection.models import Entry, Material, MaterialKind
from madang.selection.rules.entries import may_change_entry, own_entries, visible_materials
from madang.selection.views.entries import form_context, go, material_context, tell_of

TYPES = {
    ".jpg": "image/jpeg",
    ".pdf": "application/pdf",
    ".srt": "text/plain; charset=utf-8",
    ".vtt": "text/plain; charset=utf-8",
}
MOST = 2**62


def most_bytes(parts: Mapping[str, Any]) -> int:
    """By the kind in the address; a link has no file."""
    kind = str(parts.get("kind", ""))
    return actions.LARGEST.get(MaterialKind(kind), 0) if kind in MaterialKind.values else 0


@takes_files(most_bytes)
@require_POST
@signed_in_page
def add(request: SignedInRequest, code: str, kind: str) -> HttpResponse:
    """A file or a link."""
    found = _changeable(request, code)
    if kind not in MaterialKind.values:
        raise Http404
    form = material_form(MaterialKind(kind), request.POST, request.FILES)
    if limit := refused_limit(request):
        form.full_clean()
        form.errors.pop("file", None)
        form.add_error("file", actions.too_big(limit))
    if form.is_valid() and _added(request, found, form, kind):
        messages.success(request, _("Added."))
        return _answer(request, found, None)
    return _answer(request, found, form)


@require_POST
@signed_in_page
def remove(request: SignedInRequest, code: str, material: int) -> HttpResponse:
    """Take one away."""
    found = _changeable(request, code)
    row = get_object_or_404(found.materials.select_related("entry__call__edition"), pk=material if material < MOST else 0)
    try:
        actions.remove_material(request.user, row)
    except NotEligible:
        messages.error(request, _("This call asks for it: put another in its place, or withdraw the entry."))
    else:
        messages.success(request, _("Taken away."))
    return _answer(request, found, None)


@require_safe
@signed_in_page
def file(request: SignedInRequest, material: int) -> HttpResponse:
    """A material's file: pictures of ours are shown, the rest is saved and never opened as a page of this site."""
    rows = visible_materials(request.user, request.edition).exclude(file="")
    row = get_object_or_404(rows, pk=material if material < MOST else 0)
    stored = str(row.file.name)
    if not default_storage.exists(stored):
        raise Http404
    ending = Path(stored).suffix
    response = FileResponse(default_storage.open(stored), content_type=TYPES.get(ending, "application/octet-stream"))
    name = f"{row.entry.code}-{row.kind}{'-' + row.language if row.language else ''}{ending}"
    response["Content-Disposition"] = content_disposition_header(as_attachment=ending != ".jpg", filename=name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=300" if ending == ".jpg" else "private, no-store"
    return cast(HttpResponse, response)  # one that streams


def _changeable(request: SignedInRequest, code: str) -> Entry:
    found = get_object_or_404(own_entries(request.user, request.edition), code=code)
    if not may_change_entry(request.user, found):
        raise Http404
    return found


def _added(request: SignedInRequest, found: Entry, form: FileForm | LinkForm, kind: str) -> Material | None:
    facts = form.cleaned_data
    try:
        if isinstance(form, FileForm):
            return actions.add_file(request.user, found, kind, file=facts["file"], language=facts.get("language", ""))
        return actions.add_link(request.user, found, kind, link=facts["link"], password=facts.get("password", ""))
    except Refused as refusal:
        form.add_error("file", str(refusal))
        return None


def _answer(request: SignedInRequest, found: Entry, refused: FileForm | LinkForm | None) -> HttpResponse:
    status = 422 if refused is not None else 200
    if request.htmx:
        context = {"entry": found, "swap": True, **material_context(found, refused), **tell_of(request, found)}
        return render(request, "selection/entry_materials.html", context, status=status)
    if refused is None:
        return go(request, "selection:entry", request.edition.slug, found.code)
    context = form_context(request, found) | material_context(found, refused)
    return render(request, "selection/entry.html", context, status=status)
