from django.http import HttpRequest, HttpResponse

def mandates(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()


def new(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()


def mandate(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()


def edit(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()


def delete(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()
