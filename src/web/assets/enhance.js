// Makes plain links and forms smoother; every page works without it.
(() => {
  "use strict";
  const on = (target, name, act) => target?.addEventListener(name, act);
  const all = (part, selector, act) => part.querySelectorAll(selector).forEach(act);
  const root = document.documentElement;
  const remembered = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const remember = (key, value) => { try { localStorage.setItem(key, value); } catch { /* this page only */ } };
  const keysOff = () => remembered("keys") === "off";

  root.classList.add("scripted");
  if (remembered("density") === "comfortable") root.classList.add("comfortable");

  // Swap: fetch the address, swap the region, keep focus and history.
  let latest = 0;
  const status = () => document.getElementById("status"), word = (name) => status().dataset[name];
  const say = (text) => status().replaceChildren(text);

  const put = (region, fresh, title) => {
    const focused = document.activeElement && document.activeElement.id;
    const folds = region.querySelectorAll("details");
    all(fresh, "details", (one, at) => { if (folds[at]) one.open = folds[at].open; });
    const change = () => {
      region.replaceWith(fresh);
      if (title) document.title = title;
      ready(fresh);
      const target = fresh.querySelector("#errors") || (focused && document.getElementById(focused));
      if (target && target !== document.activeElement) target.focus({ preventScroll: target.id !== "errors" });
    };
    if (document.startViewTransition) document.startViewTransition(change); else change();
    say(fresh.dataset.status || title || "");
  };

  const swap = async (selector, address, options, push) => {
    const region = document.querySelector(selector);
    const turn = ++latest;
    region.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { ...options, headers: { "X-Fragment": selector.slice(1) }, credentials: "same-origin" });
      const html = await answer.text();
      if (turn !== latest) return;
      const page = new DOMParser().parseFromString(html, "text/html");
      const fresh = page.querySelector(selector);
      if (!fresh) throw new Error("no region");
      put(region, fresh, page.title);
      if (push && (answer.redirected || !options)) history.pushState({ swap: selector }, "", answer.redirected ? answer.url : address);
    } catch {
      // The plain way still works.
      if (options) { region.removeAttribute("aria-busy"); say(word("notSent")); }
      else location.assign(address);
    }
  };

  const address = (form, button) => {
    const url = new URL(form.getAttribute("action") || location.href, location.href);
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form, button)) if (typeof value === "string" && value !== "") fields.append(name, value);
    url.search = fields;
    return url.href;
  };

  on(document, "click", (event) => {
    const copy = event.target.closest("[data-copy]");
    if (copy && navigator.clipboard) {
      navigator.clipboard.writeText(copy.dataset.copy).then(() => {
        copy.classList.add("done");
        say(word("copied") + " " + copy.dataset.copy);
        setTimeout(() => copy.classList.remove("done"), 1500);
      });
      return;
    }
    const link = event.target.closest("a[data-swap]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (!document.querySelector(link.dataset.swap)) return;
    event.preventDefault();
    history.replaceState({ swap: link.dataset.swap }, "");
    swap(link.dataset.swap, link.href, undefined, true).then(() => {
      if (link.rel) document.querySelector(link.dataset.swap)?.scrollIntoView({ block: "start" });
    });
  });

  on(document, "submit", (event) => {
    const form = event.target;
    const posts = form.method === "post";
    if (posts) {
      // A second press within five seconds is a slip, not a second order.
      const now = Date.now();
      if (now - Number(form.dataset.sent || 0) < 5000) { event.preventDefault(); return; }
      form.dataset.sent = now;
    }
    const selector = form.dataset.swap;
    if (!selector || !document.querySelector(selector)) return;
    event.preventDefault();
    history.replaceState({ swap: selector }, "");
    if (posts) {
      const fields = new FormData(form, event.submitter);
      const body = form.enctype === "multipart/form-data" ? fields : new URLSearchParams(fields);
      swap(selector, form.action, { method: "POST", body }, true).then(() => delete form.dataset.sent);
    } else swap(selector, address(form, event.submitter), undefined, true);
  });

  let typing;
  on(document, "change", (event) => {
    const form = event.target.form;
    if (!form || !("live" in form.dataset)) return;
    clearTimeout(typing);
    typing = setTimeout(() => form.requestSubmit(), 150);
  });

  on(window, "popstate", (event) => {
    const selector = event.state && event.state.swap;
    if (selector && document.querySelector(selector)) swap(selector, location.href, undefined, false);
    else if (!location.hash) location.reload();
  });

  // Suggest: a combobox (WAI-ARIA APG). Arrows move, Enter takes, Escape closes.
  const suggest = (form) => {
    const input = form.querySelector("input[type=search]"), list = document.createElement("ul");
    let at = -1, wait, asked = 0;
    const set = (one, names) => { for (const name in names) one.setAttribute(name, names[name]); };
    set(list, { id: "options", class: "options", hidden: "", role: "listbox", "aria-label": word("suggestions") });
    // Open or not from the start (axe: critical).
    set(input, { role: "combobox", "aria-expanded": false, "aria-controls": "options", "aria-autocomplete": "list" });
    form.append(list);
    const show = (open) => { list.hidden = !open; input.setAttribute("aria-expanded", open); if (!open) mark(-1); };
    const mark = (place) => {
      at = place;
      [...list.children].forEach((item, index) => item.setAttribute("aria-selected", index === place));
      input.setAttribute("aria-activedescendant", place < 0 ? "" : "option-" + place);
    };
    const take = ({ dataset: { text, href } }) => { input.value = text; show(false); if (href) location.assign(href); else form.requestSubmit(); };
    const fill = (found) => {
      list.replaceChildren(...found.slice(0, 8).map((one, index) => {
        const item = document.createElement("li");
        set(item, { id: "option-" + index, role: "option" });
        item.textContent = item.dataset.text = typeof one === "string" ? one : one.text;
        // A suggestion leads to no other site.
        if (/^\/[^/\\]/.test(one.href || "")) item.dataset.href = one.href;
        return item;
      }));
      show(found.length > 0);
      mark(-1);
    };
    on(input, "input", () => {
      clearTimeout(wait);
      const turn = ++asked, q = input.value.trim();
      if (q.length < 2) { show(false); return; }
      wait = setTimeout(async () => {
        try {
          const scope = form.elements.scope ? "&scope=" + form.elements.scope.value : "";
          const answer = await fetch(form.dataset.suggest + "?q=" + encodeURIComponent(q) + scope, { headers: { Accept: "application/json" } });
          if (answer.ok && turn === asked) fill((await answer.json()).data || []);
        } catch { show(false); }
      }, 120);
    });
    on(input, "keydown", (event) => {
      const count = list.children.length;
      // A search field clears itself at Escape: here it closes the list.
      if (event.key === "Escape" && !list.hidden) { event.preventDefault(); show(false); }
      if (list.hidden && count && event.key === "ArrowDown" && input.value.trim().length >= 2) show(true);
      if (list.hidden || !count) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        const next = at + (event.key === "ArrowDown" ? 1 : -1);
        mark(next >= count ? -1 : next < -1 ? count - 1 : next);
      } else if (event.key === "Enter" && at >= 0) { event.preventDefault(); take(list.children[at]); }
    });
    on(list, "mousedown", (event) => { event.preventDefault(); const item = event.target.closest("li"); if (item) take(item); });
    on(input, "blur", () => { asked++; show(false); });
  };

  const reveal = (one) => { one.hidden = false; };
  const ready = (part) => {
    if (navigator.clipboard) all(part, "[data-copy][hidden]", reveal);
  };

  on(document, "keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || keysOff()) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const input = document.getElementById("q");
    if (input) { event.preventDefault(); input.focus(); input.select(); }
  });

  on(document, "DOMContentLoaded", () => {
    ready(document);
    all(document, ".script[hidden]", reveal);
    all(document, "form[data-suggest]", suggest);
    if (matchMedia("(max-width: 760px)").matches) all(document, "details.fold", (one) => { one.open = false; });
    const density = document.querySelector("[data-density]"), keys = document.querySelector("[data-keys]");
    const paint = () => {
      density?.replaceChildren(word(root.matches(".comfortable") ? "compact" : "spacious"));
      keys?.replaceChildren(word(keysOff() ? "keysOff" : "keysOn"));
    };
    on(density, "click", () => { remember("density", root.classList.toggle("comfortable") ? "comfortable" : "compact"); paint(); });
    on(keys, "click", () => { remember("keys", keysOff() ? "on" : "off"); paint(); });
    paint();
    document.getElementById("errors")?.focus();
  });

  on(window, "beforeprint", () => {
    all(document, "[data-address]", (one) => { one.textContent = location.href + " · " + new Date().toISOString().slice(0, 16).replace("T", " ") + " UTC"; });
  });
})();
