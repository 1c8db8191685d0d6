from django.http import HttpRequest, HttpResponse


def agenda(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()


def agenda_of(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()


def calendar_feed(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()
