import type { Envelope } from "./gen/index.ts";
import { renderDirectChannel, renderFeedChannel } from "./subjects.ts";

/** The channels an envelope belongs to: one for each REC and crime, or one for each mailbox. */
export function channelsOf(envelope: Envelope): readonly string[] {
  if (envelope.scope === "DIRECT") return envelope.mailboxes.map(renderDirectChannel);
  const { handling, type = "" } = envelope;
  return envelope.recs.flatMap((rec) =>
    envelope.crimes.map((crime) => renderFeedChannel({ rec, crime, handling, type })),
  );
}
