from django.http import HttpRequest, HttpResponse

def notices(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()
