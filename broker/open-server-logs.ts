import { type CountedAttempt, startLogReader } from "./audit/index.ts";
import { serverNameOf } from "./nats/index.ts";
import type { Hub } from "./running.ts";

/** Starts to read in each server's log who asked for what is not his; when it is stopped, it was read to its end. */
export function openServerLogs({ options, journal, log }: Hub): { stop(): void } {
  const { hub, server, cluster, clock } = options;
  const readers = (cluster?.servers ?? [server]).map(({ logFile: file, cluster: place }) => {
    const name = serverNameOf(hub, place);
    const onAttempt = (attempt: CountedAttempt): void => journal.attempt(attempt, name);
    return startLogReader({ file, clock, log, onAttempt });
  });
  return {
    stop: () => {
      for (const reader of readers) {
        reader.poll();
        reader.stop();
      }
    },
  };
}
