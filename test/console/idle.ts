import { request as ask } from "node:http";

import type { Officer } from "../kit/console-world.ts";

/** What a page that is left alone costs. */
export interface Idle {
  /** What it asked by itself in the hours that were played, beside the stream it listens to. */
  readonly asked: readonly string[];
  /** One beat of the stream, as it goes over the line. */
  readonly beatBytes: number;
  /** One beginning of it: the question and the head of the answer. */
  readonly beginBytes: number;
}

/** As the gateway has them; events.ts says why. */
const [beatMs, lifeMs, retryMs] = [25_000, 3_600_000, 2_000];

/** Bytes of a day in which nobody touches the page. */
export function reckonDay({ beatBytes, beginBytes }: Pick<Idle, "beatBytes" | "beginBytes">): number {
  const dayMs = 86_400_000;
  return Math.ceil(dayMs / beatMs) * beatBytes + Math.ceil(dayMs / (lifeMs + retryMs)) * beginBytes;
} // prettier-ignore

/** Begins to listen as the browser does, and counts what goes over the line until the first words came. */
async function beginStream({ context }: Officer, origin: string): Promise<{ readonly bytes: number; readonly cursor: string }> {
  const cookies = await context.cookies(origin);
  const headers = {
    accept: "text/event-stream",
    "accept-encoding": "gzip, deflate, br, zstd",
    "accept-language": "en",
    "cache-control": "no-cache",
    connection: "keep-alive",
    cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; "),
    pragma: "no-cache",
    referer: `${origin}/console/`,
    "sec-fetch-dest": "empty",
    "sec-fetch-mode": "cors",
    "sec-fetch-site": "same-origin",
    "user-agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0.0.0 Safari/537.36",
  };
  return await new Promise((resolve, reject) => {
    const asked = ask(`${origin}/v1/events`, { headers }, (response) => {
      response.once("data", (data: Buffer) => {
        const [, cursor = ""] = /^id: (.*)$/m.exec(data.toString()) ?? [];
        resolve({ bytes: asked.socket === null ? Infinity : asked.socket.bytesRead + asked.socket.bytesWritten, cursor });
        asked.destroy();
      });
    });
    asked.once("error", reject);
    asked.end();
  });
} // prettier-ignore

/** Leaves an inbox alone for so many hours of its own clock. */
export async function measureIdle(officer: Officer, hours: number): Promise<Idle> {
  const { page, go } = officer;
  await page.clock.install();
  await page.reload();
  await go("inbox?view=all");
  await page.waitForSelector("a.line");
  // what belongs to its opening is over once it listens
  await page.waitForResponse((response) => response.url().endsWith("/v1/events"), { timeout: 60_000 }).catch(() => undefined);
  await page.clock.runFor(180_000);
  const asked: string[] = [];
  page.on("request", (request) => void asked.push(new URL(request.url()).pathname));
  for (let hour = 0; hour < hours; hour += 1) await page.clock.runFor(3_600_000);
  const { bytes: beginBytes, cursor } = await beginStream(officer, new URL(page.url()).origin);
  const beat = `: still here\nid: ${cursor}\n\n`;
  // a piece of its own, with its length before it
  const beatBytes = beat.length + beat.length.toString(16).length + "\r\n\r\n".length;
  return { asked: asked.filter((path) => path !== "/v1/events"), beatBytes, beginBytes };
} // prettier-ignore
