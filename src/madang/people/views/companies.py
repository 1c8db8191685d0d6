from django.http import HttpRequest, HttpResponse

def companies(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()


def company(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()
