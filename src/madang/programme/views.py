from django.http import HttpRequest, HttpResponse

def events(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()
