// Enhancements only: every page works without this file.
import { passkeys } from "./passkey.js";
import { bind as sheet } from "./form.js";

const $$ = (sel, root = document) => [...root.querySelectorAll(sel)];

// The error summary takes the focus, so that it is read first.
function focusErrors() {
  const box = document.querySelector(".errors");
  if (box) box.focus();
}

// On phones the filter is folded unless it is in use; on wide screens it is always open.
function foldFilters() {
  if (!matchMedia("(max-width: 39.99em)").matches) return;
  for (const d of $$("details.filter")) if (!d.dataset.active) d.open = false;
}

// Characters left in a text area with a limit.
function count(area) {
  const out = document.getElementById(area.id + "-count");
  if (!out) return;
  const left = area.maxLength > 0 ? area.maxLength - [...area.value].length : Number(area.dataset.max) - [...area.value].length;
  out.textContent = (left < 0 ? out.dataset.over : out.dataset.left).replace("{n}", Math.abs(left).toLocaleString(document.documentElement.lang || "vi"));
  out.classList.toggle("late", left < 0);
}

document.addEventListener("input", (e) => {
  if (e.target.matches("textarea[data-max]")) count(e.target);
});

document.addEventListener("click", (e) => {
  const show = e.target.closest("[data-show-password]");
  if (show) {
    const input = document.getElementById(show.getAttribute("aria-controls"));
    const plain = input.type === "password";
    input.type = plain ? "text" : "password";
    show.textContent = plain ? show.dataset.hide : show.dataset.show;
    show.setAttribute("aria-pressed", String(plain));
  }
  const jump = e.target.closest(".errors a");
  if (jump) {
    const field = document.getElementById(jump.hash.slice(1));
    if (field) {
      e.preventDefault();
      field.scrollIntoView({ block: "center" });
      field.focus({ preventScroll: true });
    }
  }
});

// A button that is working says so after 400 ms and takes no second click.
document.addEventListener("submit", (e) => {
  const form = e.target;
  if (form.method !== "post" || e.defaultPrevented) return;
  if (form.dataset.busy) {
    e.preventDefault();
    return;
  }
  form.dataset.busy = "1";
  const button = e.submitter;
  setTimeout(() => {
    if (!button || !form.dataset.busy) return;
    button.style.minWidth = button.offsetWidth + "px";
    button.setAttribute("aria-busy", "true");
    if (form.dataset.sending) button.textContent = form.dataset.sending;
  }, 400);
});
addEventListener("pageshow", () => {
  for (const f of $$("form[data-busy]")) delete f.dataset.busy;
});

// Menu closes with Escape.
document.addEventListener("keydown", (e) => {
  if (e.key === "Escape") for (const d of $$("details.menu[open]")) {
    d.open = false;
    d.querySelector("summary").focus();
  }
});

// Draft saved on the server: a form with data-autosave posts itself when it was changed, and says where it is saved.
function autosave(form) {
  const state = form.querySelector("[data-save-state]");
  let timer = 0, dirty = false, running = false;
  async function send() {
    if (!dirty || running) return;
    running = true;
    dirty = false;
    const body = new URLSearchParams(new FormData(form));
    body.delete("once"); // the key is for the one sending that counts
    try {
      const r = await fetch(form.dataset.autosave, { method: "POST", body, headers: { Accept: "application/json" } });
      const data = await r.json().catch(() => ({}));
      if (r.ok) {
        if (data.version) form.querySelector("[name=version]").value = data.version;
        if (state && data.text) state.textContent = data.text;
      } else if (state) state.textContent = data.title || state.dataset.failed;
    } catch {
      dirty = true;
      if (state) state.textContent = state.dataset.away;
    }
    running = false;
  }
  form.addEventListener("input", () => {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(send, 3000);
  });
  form.addEventListener("focusout", send);
  addEventListener("online", send);
}

// Progress of a job as server-sent events: <progress data-events="/jobs/x/events" data-done="/next">.
function follow(bar) {
  const label = document.getElementById(bar.getAttribute("aria-describedby"));
  const src = new EventSource(bar.dataset.events);
  src.addEventListener("progress", (e) => {
    const d = JSON.parse(e.data);
    bar.max = d.total || 1;
    bar.value = d.done;
    if (label && d.text) label.textContent = d.text;
  });
  src.addEventListener("end", () => {
    src.close();
    location.href = bar.dataset.done;
  });
  src.addEventListener("error", () => {
    if (src.readyState !== EventSource.CLOSED) return; // it tries again by itself
    const look = setInterval(async () => { // refused, by a proxy for instance: the page itself is asked whether it still waits
      const page = await fetch(bar.dataset.done).then((r) => (r.ok ? r.text() : ""), () => "");
      if (!page || page.includes(`data-events="${bar.dataset.events}"`)) return;
      clearInterval(look);
      location.href = bar.dataset.done;
    }, 3000);
  });
}

// Resumable upload (tus 1.0): <input type=file data-tus="/files/tus" data-field="papers_sent">. Each file becomes a hidden field with the
// address of the upload; without this script the form sends the file itself. A line that is cut is taken up where the server stands.
const CHUNK = 1 << 20;
const tusHead = { "Tus-Resumable": "1.0.0" };
class Refused extends Error {}

async function tus(file, url, row) {
  const meta = "filename " + btoa(String.fromCharCode(...new TextEncoder().encode(file.name)));
  if (!row.at) {
    const made = await fetch(url, { method: "POST", headers: { ...tusHead, "Upload-Length": String(file.size), "Upload-Metadata": meta } });
    if (made.status !== 201) throw new Refused(await made.text());
    row.at = new URL(made.headers.get("Location"), new URL(url, location)).href;
  }
  let offset = row.offset || 0, tries = 0;
  while (offset < file.size) {
    if (row.dropped) return;
    try {
      const r = await fetch(row.at, {
        method: "PATCH", body: file.slice(offset, offset + CHUNK),
        headers: { ...tusHead, "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" },
      });
      if (r.status === 413 || r.status === 422) throw new Refused(await r.text());
      if (!r.ok) throw new Error(String(r.status));
      offset = row.offset = Number(r.headers.get("Upload-Offset"));
      tries = 0;
      row.progress(offset / file.size);
    } catch (err) {
      if (err instanceof Refused || ++tries > 8) throw err;
      row.waiting();
      await new Promise((ok) => setTimeout(ok, Math.min(500 * 2 ** tries, 15000)));
      const h = await fetch(row.at, { method: "HEAD", headers: tusHead }).catch(() => null);
      if (h && h.ok) offset = Number(h.headers.get("Upload-Offset"));
      else if (h && h.status === 404) throw new Refused("");
    }
  }
}

function element(tag, props) {
  return Object.assign(document.createElement(tag), props);
}

function sendFile(file, input, list) {
  const say = input.dataset;
  const li = element("li"), state = element("span"), bar = element("progress", { max: 1, value: 0 });
  const name = element("span", { textContent: file.name });
  const drop = element("button", { type: "button", className: "link", textContent: say.drop });
  drop.setAttribute("aria-label", say.drop + ": " + file.name);
  bar.setAttribute("aria-label", file.name);
  li.append(name, state, bar, drop);
  list.append(li);
  const row = {
    progress(f) {
      bar.value = f;
      state.textContent = say.sending.replace("{0}", Math.round(f * 100));
    },
    waiting() { state.textContent = say.waiting; },
  };
  drop.addEventListener("click", () => {
    row.dropped = true;
    if (row.at) fetch(row.at, { method: "DELETE", headers: tusHead }).catch(() => {});
    li.remove();
    input.focus();
  });
  async function go() {
    li.classList.remove("bad");
    state.className = "";
    row.progress((row.offset || 0) / file.size);
    li.dataset.busy = "1";
    try {
      await tus(file, say.tus, row);
      if (row.dropped) return;
      li.append(element("input", { type: "hidden", name: say.field, value: row.at }));
      bar.remove();
      state.textContent = say.sent;
      state.className = "muted";
    } catch (err) {
      li.classList.add("bad");
      bar.hidden = true;
      state.className = "late";
      state.textContent = err instanceof Refused && err.message ? err.message : say.failed;
      if (!(err instanceof Refused)) {
        const again = element("button", { type: "button", className: "link", textContent: say.again });
        again.addEventListener("click", () => {
          again.remove();
          bar.hidden = false;
          go();
        });
        li.append(again);
      }
    }
    delete li.dataset.busy;
  }
  return go();
}

function uploads(input) {
  const list = document.getElementById(input.dataset.list);
  input.addEventListener("change", async () => {
    const files = [...input.files];
    input.value = "";
    for (const file of files) await sendFile(file, input, list);
  });
  // A form sent while files are still going waits for them.
  input.form.addEventListener("submit", (e) => {
    if (!list.querySelector("[data-busy]")) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    const form = e.target, button = e.submitter;
    const wait = setInterval(() => {
      if (list.querySelector("[data-busy]")) return;
      clearInterval(wait);
      if (!list.querySelector("li.bad")) form.requestSubmit(button);
    }, 200);
  }, true);
}

// A file input speaks the browser's language; this one speaks the page's, and takes files that are dropped on it.
function chooser(input) {
  const box = element("div", { className: "drop" }), button = element("label", { className: "btn sec", textContent: input.dataset.choose });
  const text = element("span", { textContent: input.dataset.none });
  button.htmlFor = input.id;
  box.append(button, text);
  input.classList.add("vh");
  input.after(box);
  const say = () => {
    text.textContent = input.files.length ? [...input.files].map((f) => f.name).join(", ") : input.dataset.none;
  };
  input.addEventListener("change", () => setTimeout(say));
  box.addEventListener("dragover", (e) => {
    e.preventDefault();
    box.classList.add("over");
  });
  box.addEventListener("dragleave", () => box.classList.remove("over"));
  box.addEventListener("drop", (e) => {
    e.preventDefault();
    box.classList.remove("over");
    if (!e.dataTransfer.files.length || !input.multiple && e.dataTransfer.files.length > 1) return;
    input.files = e.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  addEventListener("pageshow", say);
}

// The strip that says there is no network.
function network() {
  for (const s of $$("[data-offline]")) s.hidden = navigator.onLine;
}
addEventListener("online", network);
addEventListener("offline", network);

function enhance(root) {
  for (const a of $$("textarea[data-max]", root)) count(a);
  for (const f of $$("form[data-autosave]", root)) autosave(f);
  for (const p of $$("progress[data-events]", root)) follow(p);
  for (const i of $$("input[data-choose]", root)) chooser(i);
  for (const i of $$("input[data-tus]", root)) uploads(i);
  passkeys(root);
  for (const s of $$("[data-sheet]", root)) sheet(s);
}

network();
foldFilters();
enhance(document);
focusErrors();
