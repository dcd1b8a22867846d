// Runs oidc-provider, which others wrote and which is certified for OpenID Connect: node provider.mjs ISSUER-PORT CALLBACK. Prints "ready ISSUER"
// once it listens. A person signs in with any name and password on its own pages; the name is the subject and the preferred_username.
import { createRequire } from "node:module";
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";
const require = createRequire(new URL("../../web/package.json", import.meta.url));
const { default: Provider } = await import(pathToFileURL(require.resolve("oidc-provider")));
const [callback, secret, ttl] = process.argv.slice(2);
let handle = (req, res) => res.writeHead(503).end();
const server = createServer((req, res) => handle(req, res));
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: "chungtay", client_secret: secret, redirect_uris: [callback], response_types: ["code"], grant_types: ["authorization_code"] }],
    claims: { openid: ["sub"], profile: ["preferred_username"], email: ["email", "email_verified"] },
    conformIdTokenClaims: false,
    ttl: { IdToken: Number(ttl), AccessToken: 60, AuthorizationCode: 60, Session: 600, Interaction: 600, Grant: 600 },
    findAccount: (ctx, id) => ({
      accountId: id,
      claims: async () => ({ sub: id, preferred_username: id, email: id + "@chungtay.example", email_verified: true }),
    }),
  });
  handle = provider.callback();
  console.log("ready " + issuer);
});
