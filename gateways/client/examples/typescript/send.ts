/** Sends a message once, however often this is started with one key, and shows its ladder: send.ts FILE KEY */
import { setTimeout as sleep } from "node:timers/promises";

import { finish, gateway, read } from "./gateway.ts";

const [, , file = "", key = ""] = process.argv;

await finish(async () => {
  const { id, audience } = await gateway.send(read(file), key);
  console.log(`${id} goes to ${audience.toSorted().join(", ")}`);
  const place = { params: { path: { id } } };
  let { data } = await gateway.api.GET("/v1/messages/{id}", place);
  for (let n = 0; n < 120 && (data?.state === "QUEUED" || data?.state === "ACCEPTED"); n += 1) {
    await sleep(500); // without a link it stays QUEUED: the gateway sends it once there is one
    ({ data } = await gateway.api.GET("/v1/messages/{id}", place));
  }
  console.log(data?.state);
  for (const rung of data?.ladder ?? [])
    console.log(`  ${rung.kind} by ${rung.by}`, rung.detail ?? "");
});
