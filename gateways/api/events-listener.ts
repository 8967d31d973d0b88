import type { Exchange, MessageChange, Sight } from "../exchange/index.ts";
import { renderChange } from "./changes.ts";

/** Where a stream writes, and what its reader may see. */
export interface ListenerParts {
  readonly exchange: Pick<Exchange, "changes">;
  readonly controller: ReadableStreamDefaultController<Uint8Array>;
  readonly sight: Sight;
  /** Goes on after this. */
  readonly cursor: string;
}

/** One stream of events. */
export interface Listener {
  /** Writes what there is, as long as there is room for it. @throws {Fault} CURSOR_GONE, STORE_LOCKED and others of `changes` */
  pump(): void;
  /** Says that it is still there; false once nobody has read for long. */
  beat(): boolean;
}

/** A listener that has not read for so many heartbeats is let go; it connects again and goes on where it was. */
const patientBeats = 2;
const pageSize = 50;
const encoder = new TextEncoder();

function renderEvent(change: MessageChange): string {
  return `id: ${change.cursor}\nevent: message\ndata: ${JSON.stringify(renderChange(change))}\n\n`;
}

/**
 * Starts one stream. Replay and live are one: it reads the log from its cursor on, as fast as it is read itself, so that
 * nothing is told twice and nothing is left out between them.
 */
export function makeListener({ exchange, controller, sight, cursor }: ListenerParts): Listener {
  let reached = cursor;
  let fullBeats = 0;
  const write = (text: string): void => controller.enqueue(encoder.encode(text));
  const hasRoom = (): boolean => (controller.desiredSize ?? 0) > 0;
  // a place before the first event, so that whoever is cut off at once misses nothing
  write(`retry: 2000\nid: ${reached}\n\n`);
  const writeAll = (): void => {
    let hasMore = true;
    while (hasMore && hasRoom()) {
      const page = exchange.changes({ cursor: reached, limit: pageSize, sight });
      for (const change of page.items) write(renderEvent(change));
      reached = page.next;
      hasMore = page.hasMore;
    }
  };
  let isPumping = false;
  return {
    pump: () => {
      // writing to a stream that is being read asks it for more at once, in the middle of this
      if (isPumping) return;
      isPumping = true;
      try {
        writeAll();
      } finally {
        isPumping = false;
      }
    },
    beat: () => {
      fullBeats = hasRoom() ? 0 : fullBeats + 1;
      if (hasRoom()) write(`: still here\nid: ${reached}\n\n`);
      return fullBeats < patientBeats;
    },
  };
}
