"""The manual: which page of docs/manual explains which screen, and the pages as HTML.

The pages are our own Markdown files. Raw HTML in them is shown as text, and what they refer to lies in docs/ or in the
manual itself: nothing is fetched from anywhere, and the pages work without the Internet.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

FOLDER = Path(settings.BASE_DIR) / "docs" / "manual"
PICTURES = "../pictures/"  # as the pages write it, so that they can be read where they lie, too


@dataclass(frozen=True)
class Page:
    """A page of the manual: the name of its file and picture, and the screens it explains.

    Args:
        screens: names of URLs, or patterns of them; of two that fit a screen, the longer one counts.
    """

    slug: str
    screens: tuple[str, ...]

    @property
    def path(self) -> Path:
        return FOLDER / f"{self.slug}.md"

    @property
    def url(self) -> str:
        return reverse("help_page", args=[self.slug])

    @property
    def title(self) -> str:
        """Its first heading, known without making the page: every screen names it in its “?”."""
        return title_of(self.path)

    @property
    def html(self) -> SafeString:
        return html_of(self.path)

    @property
    def about_quickbooks(self) -> bool:
        """Whether it explains screens that only a QBO Admin is shown."""
        return self.slug.startswith("quickbooks-")


@dataclass(frozen=True)
class Section:
    """A part of the manual, by the name of its part of the menu."""

    title: str
    pages: tuple[Page, ...]


def help_for(screen: str, sections: Sequence[Section] | None = None) -> Page | None:
    """The page that explains the screen with this URL name, or None."""
    fitting = [
        (len(pattern), page) for page in pages(sections) for pattern in page.screens if fnmatchcase(screen, pattern)
    ]
    return max(fitting, key=lambda found: found[0])[1] if fitting else None


def pages(sections: Sequence[Section] | None = None) -> Iterator[Page]:
    """Every page, in reading order."""
    for section in MANUAL if sections is None else sections:
        yield from section.pages


@cache
def title_of(path: Path) -> str:
    """The heading in the first line of a page. Raises FileNotFoundError where there is no such file."""
    with path.open(encoding="utf-8") as page:
        return page.readline().removeprefix("# ").strip()


@cache
def html_of(path: Path) -> SafeString:
    """What stands under the first heading of a page. Raises FileNotFoundError where there is no such file."""
    return render(path.read_text(encoding="utf-8").partition("\n")[2])


def render(text: str) -> SafeString:
    """Markdown as HTML. Raw HTML in it is escaped, not passed through."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(text)
    for token in tokens:
        for inner in token.children or []:
            _lead_home(inner)
    return mark_safe(parser.renderer.render(tokens, parser.options, {}))  # noqa: S308 – html is off


def _lead_home(token: Token) -> None:
    """Let a link between pages, and a picture, lead to where the product serves it."""
    if token.type == "image":
        token.attrSet("src", static("manual/" + str(token.attrGet("src")).removeprefix(PICTURES)))
    elif token.type == "link_open" and (target := str(token.attrGet("href"))).endswith(".md"):
        token.attrSet("href", reverse("help_page", args=[target.removesuffix(".md")]))


MANUAL = (
    Section(
        "Every day",
        (
            Page(
                "home",
                ("home", "login", "logout", "password_change", "help", "help_page"),
            ),
            Page("listings", ()),
            Page("search", ("search*", "choices")),
            Page("who-did-what", ("history",)),
        ),
    ),
    Section(
        "Associates",
        (
            Page("associates", ("associates:*",)),
            Page("record-hours", ("hours:record",)),
            Page("record-expenses", ("hours:record_expense", "hours:record_flat_fee")),
            Page("history", ("hours:*",)),
            Page("approvals", ("hours:approvals",)),
        ),
    ),
    Section(
        "Clients/Inquiries",
        (
            Page("clients", ("clients:*",)),
            Page("inquiries", ("clients:inquiries", "clients:add_inquiry", "clients:promote")),
            Page("jobs", ("clients:jobs", "clients:job", "clients:*_job")),
        ),
    ),
    Section(
        "Organizations/Contacts",
        (
            Page("organizations", ("organizations:*",)),
            Page("contacts", ("organizations:contact*", "organizations:*_contact")),
        ),
    ),
    Section(
        "Admin",
        (
            Page("work-lists", ("work_list*",)),
            Page("settings", ("settings*", "*_settings:*")),
            Page("time-and-rates", ("hour_settings:*",)),
            Page("invoice-settings", ("settings_invoices",)),
            Page("job-codes", ("client_settings:*job_code*",)),
            Page("custom-fields", ("client_settings:*custom_field*",)),
            Page("categories", ("organization_settings:*",)),
            Page("invoices", ("invoices:list",)),
            Page("add-invoice", ("invoices:add",)),
            Page("invoice", ("invoices:*",)),
            Page("send-invoice", ("invoices:send", "invoices:print", "invoices:pdf")),
            Page("payments", ("invoices:*_payment",)),
            Page("reports", ("reports", "invoices:months", "hours:*_report", "hours:without_rate")),
        ),
    ),
    Section(
        "QuickBooks Online",
        (
            Page("quickbooks-guide", ("qbo:guide*",)),
            Page("quickbooks-connect", ("qbo:connect*", "qbo:callback", "qbo:other_company", "qbo:disconnect")),
            Page("quickbooks-settings", ("qbo:settings", "qbo:mappings")),
            Page("quickbooks-imports", ("qbo:import*",)),
            Page("quickbooks-copy", ("qbo:*",)),
            Page("quickbooks-choices", ("qbo:choice*", "qbo:renumber", "qbo:waiting", "qbo:run_choices", "qbo:accept")),
            Page("quickbooks-old-invoices", ("qbo:link_invoices",)),
            Page(
                "quickbooks-compare",
                (
                    "qbo:compare", "qbo:send_ours", "qbo:keep_theirs", "qbo:update_record", "qbo:take_back",
                    "qbo:run_reverse", "qbo:unlink", "qbo:move",
                ),
            ),
            Page("quickbooks-runs", ("qbo:runs",)),
        ),
    ),
)  # fmt: skip
