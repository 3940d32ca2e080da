// Reads one document per line, in base64, and prints what JSON.parse sees in it, in the form of main.rs.

import { createInterface } from "node:readline";

function form(value) {
  if (value === null) return "null";
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(value + 0);
    return "n" + bytes.toString("hex");
  }
  if (typeof value === "string") return "s" + Buffer.from(value, "utf-8").toString("hex");
  if (Array.isArray(value)) return "[" + value.map(form).join(",") + "]";
  const members = Object.entries(value).map(([key, member]) => form(key) + ":" + form(member));
  return "{" + members.sort().join(",") + "}";
}

for await (const line of createInterface({ input: process.stdin })) {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(line, "base64"));
    console.log(form(JSON.parse(text)));
  } catch (error) {
    console.log("refused: " + error.message.replaceAll("\n", " "));
  }
}
