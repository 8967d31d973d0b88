/** Takes webhooks at 127.0.0.1:PORT, keeps each new message as inbox/ID.json: receive.ts PORT. Keeps running. */
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";

import { ProblemError } from "../../index.ts";
import { gateway, read } from "./gateway.ts";
import { isOurs } from "./webhook.ts";

async function keep(id: string): Promise<void> {
  const { data } = await gateway.api.GET("/v1/messages/{id}", { params: { path: { id } } });
  writeFileSync(`inbox/${id}.json`, JSON.stringify(data, undefined, 2)); // told twice, it is still one file
  console.log(`received ${id} ${data?.type} from ${data?.originator}`);
}

mkdirSync("inbox", { recursive: true });
createServer(async (request, response) => {
  const body = await buffer(request);
  if (!isOurs(request.headers, body, read("webhook.json").secret))
    return response.writeHead(401).end();
  try {
    const { type, data } = JSON.parse(body.toString());
    if (type === "message.stored") await keep(data.id);
    return response.writeHead(204).end();
  } catch (error) {
    console.error(String(error));
    const isGone = error instanceof ProblemError && error.retry !== "later";
    return response.writeHead(isGone ? 204 : 503).end(); // 503: tell us again; what is gone is gone
  }
}).listen(Number(process.argv[2]), "127.0.0.1");
