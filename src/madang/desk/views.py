from django.http import HttpRequest, HttpResponse

def desk(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()


def people(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()


def log(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()


def settings(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()
