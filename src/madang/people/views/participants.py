from django.http import HttpRequest, HttpResponse

def participants(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()


def participant(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()
