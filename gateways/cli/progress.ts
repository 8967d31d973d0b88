import type { Desk } from "./desk.ts";
import type { Tally } from "./import-tally.ts";

/** How a long act is shown while it runs. */
export interface Progress {
  /** Something moved on. */
  tick(): void;
  /** A gateway is being waited for. */
  waits(agency: string, code: string): void;
  /** A gateway answered. */
  answers(agency: string): void;
  end(): void;
}

/** On a screen, fast enough to look alive; in a file, seldom enough to be read. */
const redrawMs = 200;
const lineMs = 10_000;
const barCells = 24;

function renderBar({ read, created, already, listed }: Tally): string {
  const done = created + already + listed;
  const filled = read === 0 ? 0 : Math.floor((barCells * done) / read);
  const bar = "█".repeat(filled) + "░".repeat(barCells - filled);
  return `${bar} ${done} of ${read} read: ${created + already} accepted, ${listed} listed`;
}

/** Shows how an import goes: one line redrawn on a screen, now and then a line elsewhere, nothing when quiet. */
export function startProgress({ world, common, say }: Desk, tally: Tally): Progress {
  const away = new Map<string, string>();
  const isDrawn = world.isWatched && common.quiet !== true;
  let last = world.clock.elapsed();
  const text = (): string => {
    const waits = [...away].map(([agency, code]) => `${agency} (${code})`).join(", ");
    return renderBar(tally) + (waits === "" ? "" : `; waiting for ${waits}`);
  };
  const show = (): void => {
    const now = world.clock.elapsed();
    if (now - last < (isDrawn ? redrawMs : lineMs)) return;
    last = now;
    if (isDrawn) world.err(`\r\u001b[K${text()}`);
    else say(text());
  };
  const timer = world.clock.every(isDrawn ? redrawMs : lineMs, show);
  return {
    tick: show,
    waits: (agency, code) => {
      if (!isDrawn && !away.has(agency))
        say(`${agency} does not take messages (${code}); waiting for it.`);
      away.set(agency, code);
    },
    answers: (agency) => {
      if (away.delete(agency) && !isDrawn) say(`${agency} takes messages again.`);
      show();
    },
    end: () => {
      timer.stop();
      if (isDrawn) world.err(`\r\u001b[K`);
    },
  };
}
