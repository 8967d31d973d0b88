/**
 * A drop folder in a process of its own, for tests that kill it: `node drop-process.ts DIR OWN_DIR URL TOKEN`. Its gateway
 * runs elsewhere and is asked over HTTP. Prints `up` and works until it is killed.
 */
import { openDrop } from "../../gateways/drop/index.ts";
import { silentLog, systemChance, systemClock } from "../../schemas/ground/index.ts";

const [, , dir = "", ownDir = "", url = "", token = ""] = process.argv;

const drop = openDrop({
  choice: {
    dir,
    as: "owner",
    settleSeconds: 0.05,
    pollSeconds: 0.05,
    out: { from: "beginning" },
  },
  dir,
  ownDir,
  people: () => undefined,
  peek: () => undefined,
  clock: systemClock,
  chance: systemChance,
  log: silentLog,
});
drop.start(async (request) => {
  const { pathname, search } = new URL(request.url);
  const headers = new Headers(request.headers);
  headers.set("authorization", `Bearer ${token}`);
  const body = request.method === "POST" ? await request.text() : null;
  return await fetch(`${url}${pathname}${search}`, { method: request.method, headers, body });
});
process.stdout.write("up\n");
setInterval(() => undefined, 60_000);
