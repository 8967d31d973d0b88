import type { Lane } from "../../schemas/work/index.ts";
import type { Story } from "./story.ts";

/** The lane of a workflow with an agency, or with whoever is first; there is one. */
export function laneOf(story: Story, workflow: string, other?: string): Lane {
  const { lanes } = story.read();
  const lane = lanes.find(
    (one) => one.workflow === workflow && (other === undefined || one.other === other),
  );
  if (lane === undefined) throw new Error(`no lane of ${workflow}`);
  return lane;
}

/** Why messages of a lane changed nothing, in their order. */
export function reasonsOf({ refused }: Lane): readonly string[] {
  return refused.map(({ reason }) => reason);
}
