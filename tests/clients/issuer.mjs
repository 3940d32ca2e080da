// An authorization server on loopback: `oidc-provider`, with dynamic registration, PKCE and resource indicators. Whoever comes is
// `ann`, and consents.
//
//     node tests/clients/issuer.mjs FOLDER PORT RESOURCE
//
// FOLDER is where `oidc-provider` is installed, RESOURCE the one resource it issues tokens for. Prints `ready` once it serves.

import { createServer } from "node:http";
import { createRequire } from "node:module";
import { generateKeyPairSync } from "node:crypto";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const SCOPES = ["openid", "offline_access", "fixture:read", "fixture:echo"];
const [folder, port, resource] = process.argv.slice(2);
const found = createRequire(join(folder, "package.json")).resolve("oidc-provider");
const { Provider } = await import(pathToFileURL(found).href);

const key = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" });
const provider = new Provider(`http://127.0.0.1:${port}`, {
  jwks: { keys: [{ ...key, kid: "es256", alg: "ES256", use: "sig" }] },
  cookies: { keys: ["tests"] },
  scopes: SCOPES,
  // A client registers with the scopes of its first challenge; it may ask for the others later.
  extraClientMetadata: {
    properties: ["later_scopes"],
    validator: (context, key, value, metadata) => void (metadata.scope = SCOPES.join(" ")),
  },
  pkce: { required: () => true },
  clientDefaults: { id_token_signed_response_alg: "ES256", token_endpoint_auth_method: "none" },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  extraTokenClaims: () => ({ groups: ["staff"] }),
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  features: {
    devInteractions: { enabled: false },
    registration: { enabled: true },
    resourceIndicators: {
      enabled: true,
      useGrantedResource: () => true,
      getResourceServerInfo: (_, indicator) => {
        if (indicator !== resource) throw new Error(`no such resource: ${indicator}`);
        return {
          scope: "fixture:read fixture:echo",
          audience: indicator,
          accessTokenFormat: "jwt",
          accessTokenTTL: 300,
          jwt: { sign: { alg: "ES256" } },
        };
      },
    },
  },
});

/** Signs `ann` in, and grants what is asked for and nothing more. */
async function interact(request, response) {
  const { prompt, params, grantId } = await provider.interactionDetails(request, response);
  if (prompt.name === "login") {
    return provider.interactionFinished(request, response, { login: { accountId: "ann" } });
  }
  const grant = grantId
    ? await provider.Grant.find(grantId)
    : new provider.Grant({ accountId: "ann", clientId: params.client_id });
  const { missingOIDCScope, missingResourceScopes } = prompt.details;
  if (missingOIDCScope) grant.addOIDCScope(missingOIDCScope.join(" "));
  for (const [indicator, scopes] of Object.entries(missingResourceScopes ?? {})) {
    grant.addResourceScope(indicator, scopes.join(" "));
  }
  const consent = { grantId: await grant.save() };
  return provider.interactionFinished(request, response, { consent }, { mergeWithLastSubmission: true });
}

const serve = provider.callback();
createServer((request, response) => {
  if (!request.url.startsWith("/interaction/")) return serve(request, response);
  interact(request, response).catch((error) => {
    response.statusCode = 500;
    response.end(String(error));
  });
}).listen(Number(port), "127.0.0.1", () => console.log("ready"));
