from django.http import HttpRequest, HttpResponse


def timetable(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()


def compute(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()


def run_progress(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()


def stop(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()


def grid(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()


def move(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()


def undo(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()


def publish(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()


def unplaced(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()


def version(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()
