"""The pages of this app under Admin→Settings: the categories that organizations and contacts share (domain.md §8)."""

from organizations.forms import CategoryForm
from organizations.listings import CATEGORIES
from smmware.core.section_rows import pages_of

app_name = "organization_settings"
urlpatterns = pages_of(CATEGORIES, CategoryForm, prefix="categories", one="category")
