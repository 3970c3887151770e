"""What is offered while somebody types into a `Picker`."""

from django.http import Http404, HttpRequest, JsonResponse
from django.views.generic import View

from smmware.core.pickers import source_by_key


class ChoicesView(View):
    """The records of a source that have every word typed, as far as the person who asks may choose them."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, source: str) -> JsonResponse:
        try:
            wanted = source_by_key(source)
        except KeyError:
            raise Http404("There is no such list.") from None
        found, more = wanted.find(request.user, request.GET.get("q", "")[:100])
        return JsonResponse({"records": [{"value": each.pk, "text": str(each)} for each in found], "more": more})
