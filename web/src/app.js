// Enhancements only: every page works without this file.
import htmx from "htmx.org/dist/htmx.esm.js";

Object.assign(htmx.config, { includeIndicatorCSS: false, allowEval: false });
window.htmx = htmx;

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
  out.textContent = (left < 0 ? out.dataset.over : out.dataset.left).replace("{n}", Math.abs(left));
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
    try {
      const r = await fetch(form.dataset.autosave, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "application/json" } });
      const data = await r.json().catch(() => ({}));
      if (r.ok) {
        if (data.version) form.querySelector("[name=version]").value = data.version;
        if (state && data.text) state.textContent = data.text;
      } else if (state) state.textContent = data.title || state.dataset.failed;
    } catch {
      dirty = true;
      if (state) state.textContent = state.dataset.offline;
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
}

// Resumable upload (tus 1.0): <input type=file data-tus="/uploads" data-field="upload">. Each file becomes a hidden field with the
// address of the upload; without this script the form sends the file itself.
const CHUNK = 1 << 20;
async function tus(file, url, onProgress) {
  const meta = "filename " + btoa(String.fromCharCode(...new TextEncoder().encode(file.name)));
  const made = await fetch(url, { method: "POST", headers: { "Tus-Resumable": "1.0.0", "Upload-Length": String(file.size), "Upload-Metadata": meta } });
  if (made.status !== 201) throw new Error(await made.text());
  const at = made.headers.get("Location");
  let offset = 0, tries = 0;
  while (offset < file.size) {
    try {
      const r = await fetch(at, {
        method: "PATCH", body: file.slice(offset, offset + CHUNK),
        headers: { "Tus-Resumable": "1.0.0", "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" },
      });
      if (!r.ok) throw new Error(String(r.status));
      offset = Number(r.headers.get("Upload-Offset"));
      tries = 0;
      onProgress(offset / file.size);
    } catch (err) {
      if (++tries > 8) throw err;
      await new Promise((ok) => setTimeout(ok, Math.min(500 * 2 ** tries, 15000)));
      const h = await fetch(at, { method: "HEAD", headers: { "Tus-Resumable": "1.0.0" } }).catch(() => null);
      if (h && h.ok) offset = Number(h.headers.get("Upload-Offset"));
    }
  }
  return at;
}

function uploads(input) {
  const list = document.getElementById(input.dataset.list);
  input.addEventListener("change", async () => {
    const files = [...input.files];
    input.value = "";
    for (const file of files) {
      const li = document.createElement("li");
      const name = document.createElement("span"), state = document.createElement("span"), bar = document.createElement("progress");
      name.textContent = file.name;
      bar.max = 1;
      bar.value = 0;
      bar.setAttribute("aria-label", file.name);
      li.append(name, state, bar);
      list.append(li);
      try {
        const at = await tus(file, input.dataset.tus, (f) => {
          bar.value = f;
          state.textContent = Math.round(f * 100) + " %";
        });
        const hidden = document.createElement("input");
        hidden.type = "hidden";
        hidden.name = input.dataset.field;
        hidden.value = at;
        li.append(hidden);
        bar.remove();
        state.textContent = input.dataset.sent;
      } catch {
        bar.remove();
        state.textContent = input.dataset.failed;
        state.className = "late";
      }
    }
  });
}

function enhance(root) {
  for (const a of $$("textarea[data-max]", root)) count(a);
  for (const f of $$("form[data-autosave]", root)) autosave(f);
  for (const p of $$("progress[data-events]", root)) follow(p);
  for (const i of $$("input[data-tus]", root)) uploads(i);
}

foldFilters();
enhance(document);
focusErrors();
document.addEventListener("htmx:after:swap", (e) => enhance(e.target));
