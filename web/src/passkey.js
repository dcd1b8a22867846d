// Passkeys. A button with data-passkey is shown only where the browser can; it asks our server what to ask the device, asks the device, and
// sends the answer back. The browsers' own conversions from JSON are newer than many phones, so they are done here.
const bytes = (s) => Uint8Array.from(atob(s.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (b) => btoa(String.fromCharCode(...new Uint8Array(b))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");

async function post(url, body) {
  const r = await fetch(url, { method: "POST", headers: { "Content-Type": "application/json", Accept: "application/json" }, body: JSON.stringify(body) });
  const out = await r.json();
  if (!r.ok) throw new Error(out.title || "");
  return out;
}

async function ask(kind, o) {
  o.challenge = bytes(o.challenge);
  for (const list of ["allowCredentials", "excludeCredentials"]) for (const c of o[list] || []) c.id = bytes(c.id);
  if (o.user) o.user.id = bytes(o.user.id);
  const c = kind === "create" ? await navigator.credentials.create({ publicKey: o }) : await navigator.credentials.get({ publicKey: o });
  const r = { clientDataJSON: text(c.response.clientDataJSON) };
  if (kind === "create") {
    r.attestationObject = text(c.response.attestationObject);
    if (c.response.getTransports) r.transports = c.response.getTransports();
  } else {
    r.authenticatorData = text(c.response.authenticatorData);
    r.signature = text(c.response.signature);
    if (c.response.userHandle) r.userHandle = text(c.response.userHandle);
  }
  return { id: c.id, rawId: text(c.rawId), type: c.type, authenticatorAttachment: c.authenticatorAttachment || undefined, clientExtensionResults: c.getClientExtensionResults(), response: r };
}

export function passkeys(root) {
  if (!window.PublicKeyCredential) return;
  for (const b of root.querySelectorAll("[data-passkey]")) b.closest("[data-passkey-box]").hidden = false;
}

document.addEventListener("click", async (e) => {
  const b = e.target.closest("[data-passkey]");
  if (!b || b.getAttribute("aria-busy")) return;
  const say = b.closest("[data-passkey-box]").querySelector("[role=alert]");
  say.textContent = "";
  b.setAttribute("aria-busy", "true");
  try {
    const begun = await post(b.dataset.begin, {});
    const response = await ask(b.dataset.passkey, begun.options.publicKey);
    const done = await post(b.dataset.finish, { token: begun.token, next: b.dataset.next || "", response });
    location.assign(done.to);
  } catch (err) {
    say.textContent = (!(err instanceof DOMException) && err.message) || b.dataset.failed;
  } finally {
    b.removeAttribute("aria-busy");
  }
});
