from django.http import HttpRequest, HttpResponse


def requests(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()


def ask(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()


def request_page(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()


def answer(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()


def withdraw(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()


def desk_requests(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()
