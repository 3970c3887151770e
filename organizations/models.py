"""Vendors and other organizations, and the people to talk to (domain.md §8)."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse

from smmware.core.models import VersionedModel


class Category(VersionedModel):
    """What an organization or a contact is to us, such as “Auction house”; organizations and contacts share the set."""

    name = models.CharField(max_length=100)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "categories"
        constraints = [models.UniqueConstraint(Lower("name"), name="category_name_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organization_settings:edit_category", args=[self.pk])


class Organization(VersionedModel):
    """A vendor or partner. Uncategorized is allowed: imported vendors arrive so."""

    name = models.CharField(max_length=255)
    category = models.ForeignKey(
        Category, null=True, blank=True, on_delete=models.SET_NULL, related_name="organizations"
    )
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField("e-mail", max_length=100, blank=True)
    website = models.URLField(max_length=500, blank=True)
    address = models.CharField("street address", max_length=255, blank=True)
    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=50, blank=True)
    postal_code = models.CharField("ZIP code", max_length=20, blank=True)
    notes = models.TextField(max_length=2000, blank=True)
    is_active = models.BooleanField("active", default=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="organization_has_a_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organizations:detail", args=[self.pk])

    @property
    def postal_address(self) -> str:
        """Street, city, state and ZIP code in one line."""
        place = " ".join(part for part in (self.state, self.postal_code) if part)
        return ", ".join(part for part in (self.address, self.city, place) if part)


class Contact(VersionedModel):
    """A person at an organization, or one who stands alone (a daughter who represents a client)."""

    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.SET_NULL, related_name="contacts"
    )
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.SET_NULL, related_name="contacts")
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100, blank=True)
    title = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField("e-mail", max_length=100, blank=True)
    favorites = models.TextField(max_length=2000, blank=True, help_text="Gift ideas.")

    class Meta:
        ordering = ["last_name", "first_name", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(first_name=""), name="contact_has_a_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def get_absolute_url(self) -> str:
        return reverse("organizations:contact", args=[self.pk])
