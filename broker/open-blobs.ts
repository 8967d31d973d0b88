import { type BlobDesk, startBlobDesk } from "./blobs/index.ts";
import { inboxes, type Links } from "./links.ts";
import { hubLimits } from "./nats/index.ts";
import type { BrokerOptions } from "./options.ts";
import type { HeldRegister } from "./register-source.ts";

/** What the operator says, or the usual; never so much that messages lack the room. */
export function blobMaxBytesOf({ blobs, server }: BrokerOptions): number {
  const share = Math.floor(server.maxFileBytes / hubLimits.blobShare);
  return blobs?.maxBytes ?? Math.min(hubLimits.blobMaxBytes, share);
}

/** What a broker has that chunks of files need. */
export interface BlobParts {
  readonly options: BrokerOptions;
  readonly links: Pick<Links, "blobs">;
}

/** Starts to take and hand out chunks of files. */
export function openBlobDesk({ options, links }: BlobParts, register: () => HeldRegister["view"]): BlobDesk {
  const { clock, chance, blobs } = options;
  const bytesPerAgencyDay = blobs?.bytesPerAgencyDay ?? hubLimits.blobBytesPerAgencyDay;
  const ground = { link: links.blobs, inbox: inboxes.blobs, clock, chance, register };
  return startBlobDesk({ ...ground, bytesPerAgencyDay });
} // prettier-ignore
