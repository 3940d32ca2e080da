// A TypeScript client against one endpoint: what it lists, what an allowed call answers, how a denied one fails.
//
//     node tests/clients/typescript.mjs URL KEY PACKAGE auto|default [PREFIX]
//
// PACKAGE is the path of `@modelcontextprotocol/client` or of `@modelcontextprotocol/sdk`, the generation before it. Prints one
// JSON object. The endpoint is expected to allow `test_simple_text` and to deny `delete_everything`,
// both under names that begin with PREFIX.

import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [url, key, folder, mode, prefix = ""] = process.argv.slice(2);
const load = (...path) => import(pathToFileURL(join(folder, "dist", ...path)).href);
const { Client, StreamableHTTPClientTransport } = folder.endsWith("sdk")
  ? { ...(await load("esm", "client", "index.js")), ...(await load("esm", "client", "streamableHttp.js")) }
  : await load("index.mjs");

const options = mode === "auto" ? { versionNegotiation: { mode: "auto" } } : {};
const client = new Client({ name: "tests", version: "1" }, options);
const transport = new StreamableHTTPClientTransport(new URL(url), {
  requestInit: { headers: { Authorization: `Bearer ${key}` } },
});
await client.connect(transport);
const listed = (await client.listTools()).tools.map((tool) => tool.name);
const allowed = await client.callTool({ name: `${prefix}test_simple_text`, arguments: {} });
let denied = null;
try {
  await client.callTool({ name: `${prefix}delete_everything`, arguments: {} });
} catch (refusal) {
  denied = refusal.code ?? String(refusal);
}
const protocol = client.getNegotiatedProtocolVersion?.() ?? transport.protocolVersion ?? null;
console.log(JSON.stringify({ protocol, listed, allowed: allowed.content[0].text, denied }));
await client.close();
process.exit(0);
