// A server of the older era that does nothing without a session: the TypeScript SDK's own.
//
//     node tests/clients/sessions.mjs PACKAGE
//
// PACKAGE is the path of `@modelcontextprotocol/sdk`. Its tool `count` says how often it was called in this session, and
// `forget` ends all sessions. Prints `ready URL`, then a line for each request: its verb, method and whether it named a session.

import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder] = process.argv.slice(2);
const load = (...path) => import(pathToFileURL(join(folder, "dist", "esm", "server", ...path)).href);
const { McpServer } = await load("mcp.js");
const { StreamableHTTPServerTransport } = await load("streamableHttp.js");

const sessions = new Map();

async function open() {
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id) => sessions.set(id, transport),
    onsessionclosed: (id) => sessions.delete(id),
  });
  const server = new McpServer({ name: "counter", version: "1" });
  let calls = 0;
  const said = (text) => ({ content: [{ type: "text", text }] });
  server.registerTool("count", { title: "Count", annotations: { readOnlyHint: true } }, () => said(String(++calls)));
  server.registerTool("forget", {}, () => {
    sessions.clear();
    return said("forgotten");
  });
  await server.connect(transport);
  return transport;
}

async function body(request) {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  return pieces.length === 0 ? undefined : JSON.parse(Buffer.concat(pieces).toString());
}

const http = createServer(async (request, response) => {
  const named = request.headers["mcp-session-id"];
  const message = await body(request);
  console.log(request.method, message?.method ?? "-", named === undefined ? "bare" : "named");
  if (named !== undefined && !sessions.has(named)) {
    response.writeHead(404).end();
    return;
  }
  const transport = sessions.get(named) ?? (await open());
  await transport.handleRequest(request, response, message);
});
http.listen(0, "127.0.0.1", () => console.log(`ready http://127.0.0.1:${http.address().port}/mcp`));
