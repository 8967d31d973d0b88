import type { Bytes } from "../../schemas/ground/index.ts";
import type { TilePlace } from "../log/index.ts";
import type { FollowedLog } from "./state.ts";

/** Where a log is read from. Nothing of it is believed. */
export interface LogSource {
  /** The newest checkpoint. @throws {Fault} when the log cannot be reached */
  checkpoint(): Promise<Bytes>;
  /** A tile or bundle; undefined when it is not there. @throws {Fault} when the log cannot be reached */
  read(place: TilePlace): Promise<Bytes | undefined>;
}

/** Where what was proved is kept. What lies beyond the state that was saved last is not believed. */
export interface LogMirror {
  readonly held: FollowedLog | undefined;
  /** A tile or bundle that was written here. @throws {Fault} LOG_TILE_INVALID when it is not there */
  read(place: TilePlace): Bytes;
  write(place: TilePlace, bytes: Bytes): void;
  /** Lasting when this returns, with all that was written before. */
  save(state: FollowedLog): void;
  /** Keeps two signed notes that cannot both be true: proof against the log. */
  accuse(notes: readonly Bytes[]): void;
}
