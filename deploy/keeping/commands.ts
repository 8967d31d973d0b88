import type { Command } from "commander";

import type { Start } from "../../gateways/cli/index.ts";
import { addDrill } from "./drill-command.ts";
import { addStop } from "./stop-command.ts";
import { addHubSupport, type HubTelling } from "./support-command.ts";

/** What the commands are added with. */
export interface KeepingGround {
  readonly program: Command;
  readonly start: Start;
  readonly telling: HubTelling;
}

/** Adds to `hub …` what keeps one. */
export function addKeeping(hub: Command, { program, start, telling }: KeepingGround): void {
  addStop(hub, program, start);
  addDrill(hub, program, start);
  addHubSupport(hub, program, { start, telling });
}
