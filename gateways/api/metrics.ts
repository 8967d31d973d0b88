import { Fault } from "../../schemas/ground/index.ts";
import type { Handler } from "./call.ts";

/** The numbers of the gateway in the text form of Prometheus. */
export async function getMetrics(...[{ services }]: Parameters<Handler>): Promise<Response> {
  const metrics = services?.metrics;
  if (metrics === undefined) throw new Fault("NOT_FOUND", "this gateway gives no numbers");
  return new Response(await metrics.render(), { headers: { "content-type": metrics.contentType } });
}
