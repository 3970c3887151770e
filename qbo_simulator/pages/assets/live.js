// Keeps the parts of a page marked data-live up to date: asks for the page anew every two seconds and puts the part in
// place where it differs. A person can stop it; a hidden page asks nothing.
"use strict";
(() => {
  const parts = document.querySelectorAll("[data-live]");
  const toggle = document.getElementById("live");
  if (!parts.length || !toggle) return;
  toggle.closest("[hidden]").hidden = false;
  async function refresh() {
    if (document.hidden || !toggle.checked) return;
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of parts) {
      const fresh = page.getElementById(part.id);
      if (!fresh || fresh.innerHTML === part.innerHTML) continue;
      const link = part.contains(document.activeElement) && document.activeElement.getAttribute("href");
      part.replaceChildren(...fresh.childNodes);
      if (link) part.querySelector(`a[href="${CSS.escape(link)}"]`)?.focus();
    }
  }
  setInterval(() => refresh().catch(() => {}), 2000);
})();
