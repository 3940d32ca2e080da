// A TypeScript client that knows nothing but an endpoint's URL: it finds the authorization server, registers, signs in with PKCE,
// calls a tool, and steps up when a call needs more scopes.
//
//     node tests/clients/oauth.mjs URL PACKAGE
//
// PACKAGE is the path of `@modelcontextprotocol/client`. Prints one JSON object.

import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [url, folder] = process.argv.slice(2);
const { Client, StreamableHTTPClientTransport, UnauthorizedError } = await import(
  pathToFileURL(join(folder, "dist", "index.mjs")).href
);

const redirect = "http://127.0.0.1:9/callback";
/** What a browser with a session at the authorization server would do: follow it to the redirect URI. */
const cookies = new Map();
async function browse(location) {
  let next = new URL(location);
  for (let hops = 0; hops < 20; hops += 1) {
    if (next.href.startsWith(redirect)) return next.searchParams;
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(next, { redirect: "manual", headers: cookie ? { cookie } : {} });
    for (const set of answer.headers.getSetCookie()) {
      const [pair] = set.split(";");
      const at = pair.indexOf("=");
      cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const target = answer.headers.get("location");
    if (!target) throw new Error(`${next} answered ${answer.status}: ${await answer.text()}`);
    next = new URL(target, next);
  }
  throw new Error("too many redirects");
}

const asked = [];
let arrived;
let kept = {};
const authProvider = {
  redirectUrl: redirect,
  clientMetadata: {
    client_name: "tests",
    redirect_uris: [redirect],
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    token_endpoint_auth_method: "none",
    application_type: "native",
  },
  state: () => "a-state",
  clientInformation: () => kept.client,
  saveClientInformation: (client) => void (kept.client = client),
  tokens: () => kept.tokens,
  saveTokens: (tokens) => void (kept.tokens = tokens),
  saveCodeVerifier: (verifier) => void (kept.verifier = verifier),
  codeVerifier: () => kept.verifier,
  saveDiscoveryState: (state) => void (kept.discovery = state),
  discoveryState: () => kept.discovery,
  async redirectToAuthorization(location) {
    const parameters = location.searchParams;
    asked.push({
      scope: parameters.get("scope"),
      resource: parameters.get("resource"),
      pkce: parameters.get("code_challenge_method"),
    });
    arrived = await browse(location);
  },
};

/** Does something; where it ends at the authorization server, finishes there and does it again. */
async function signedIn(act) {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof UnauthorizedError) || !arrived) throw error;
    const parameters = arrived;
    arrived = undefined;
    await transport.finishAuth(parameters);
    return act(true);
  }
}

let transport = new StreamableHTTPClientTransport(new URL(url), { authProvider });
let client = new Client({ name: "tests", version: "1" });
await signedIn(async (again) => {
  if (again) {
    transport = new StreamableHTTPClientTransport(new URL(url), { authProvider });
    client = new Client({ name: "tests", version: "1" });
  }
  await client.connect(transport);
});
const listed = (await client.listTools()).tools.map((tool) => tool.name);
const text = async (name, args) => (await client.callTool({ name, arguments: args })).content[0].text;
const first = await signedIn(() => text("test_simple_text", {}));
const stepped = await signedIn(() => text("echo", { text: "hello" }));
let denied = null;
try {
  await client.callTool({ name: "delete_everything", arguments: {} });
} catch (refusal) {
  denied = refusal.code ?? String(refusal);
}
console.log(JSON.stringify({ asked, listed, first, stepped, denied, token: kept.tokens.access_token }));
await client.close();
process.exit(0);
