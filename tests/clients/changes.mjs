// A TypeScript client that is told when the tools of an endpoint change.
//
//     node tests/clients/changes.mjs URL KEY PACKAGE auto|default
//
// PACKAGE is the path of `@modelcontextprotocol/client`. Prints `ready` with the protocol's revision once it listens, and a line
// `told NAME,NAME,…` each time it has been told and has asked for the list anew.

import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [url, key, folder, mode] = process.argv.slice(2);
const { Client, StreamableHTTPClientTransport } = await import(pathToFileURL(join(folder, "dist", "index.mjs")).href);

const told = (error, tools) => console.log(`told ${error ?? tools.map((tool) => tool.name).join()}`);
const client = new Client(
  { name: "tests", version: "1" },
  {
    ...(mode === "auto" ? { versionNegotiation: { mode: "auto" } } : {}),
    listChanged: { tools: { autoRefresh: true, debounceMs: 0, onChanged: told } },
  },
);
const transport = new StreamableHTTPClientTransport(new URL(url), {
  requestInit: { headers: { Authorization: `Bearer ${key}` } },
});
await client.connect(transport);
console.log(`ready ${client.getNegotiatedProtocolVersion()}`);
setInterval(() => {}, 60_000);
