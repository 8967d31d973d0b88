import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** Whether a call comes from the gateway: a signature by the Standard Webhooks specification. */
export function isOurs(headers: IncomingHttpHeaders, body: Buffer, secret: string): boolean {
  const sentAt = Number(headers["webhook-timestamp"]);
  if (!(Math.abs(Date.now() / 1000 - sentAt) <= 300)) return false; // perhaps somebody plays it back
  const text = `${String(headers["webhook-id"])}.${String(headers["webhook-timestamp"])}.`;
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  const mac = createHmac("sha256", key).update(text).update(body).digest("base64");
  const wanted = Buffer.from(`v1,${mac}`);
  const given = String(headers["webhook-signature"])
    .split(" ")
    .map((one) => Buffer.from(one)); // several while a secret is changed
  return given.some((one) => one.length === wanted.length && timingSafeEqual(one, wanted));
}
