from django.http import HttpRequest, HttpResponse

def titles(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()


def title(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()
