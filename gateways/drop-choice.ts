import { Fault } from "../schemas/ground/index.ts";
import type { LoadedGateway } from "./config.ts";
import { type Drop, openDrop } from "./drop/index.ts";
import type { VaultedGateway, VaultedParts } from "./vaulted.ts";

/**
 * Opens the drop folder the operator chose; undefined when he chose none. The gateway is asked for when it is needed: it
 * comes after.
 */
export function openChosenDrop(
  { drop: choice, options }: Pick<LoadedGateway, "drop" | "options">,
  { clock, chance, log }: Pick<VaultedParts, "clock" | "chance" | "log">,
  find: () => VaultedGateway | undefined,
): Drop | undefined {
  if (choice === undefined) return undefined;
  const gateway = (): VaultedGateway => {
    const found = find();
    if (found === undefined) throw new Fault("STORE_LOCKED", "the gateway is not there yet");
    return found;
  };
  return openDrop({
    choice,
    dir: choice.dir,
    ownDir: options.dir,
    people: () => find()?.services.people,
    peek: (id) => gateway().exchange.find(id),
    clock,
    chance,
    log,
  });
}
