import type { ReleaseDesk } from "../approval/index.ts";
import type { AttachmentService } from "../attachments/index.ts";
import type { AuditRecord } from "../audit/index.ts";
import type { CarryDesk } from "../carry/index.ts";
import type { ColleagueDesk } from "../colleagues/index.ts";
import type { ConsolePages } from "../console/index.ts";
import type { LogDesk } from "../proofs/index.ts";
import type { HookDesk } from "../hooks/index.ts";
import type { EvidenceDesk } from "../evidence/index.ts";
import type { InsightDesk } from "../insight/index.ts";
import type { InspectionDesk } from "../inspection/index.ts";
import type { LookupDesk } from "../lookups/index.ts";
import type { DoctorDesk } from "../doctor/index.ts";
import type { DirectoryDesk } from "../directory/index.ts";
import type { DraftDesk, MlaDesk } from "../drafts/index.ts";
import type { ExportDesk } from "../exports/index.ts";
import type { Metrics } from "../metrics/index.ts";
import type { OnwardDesk } from "../onward/index.ts";
import type { OperationDesk } from "../operations/index.ts";
import type { OversightDesk } from "../oversight/index.ts";
import type { PeopleService } from "../people/index.ts";
import type { StatisticsDesk } from "../statistics/index.ts";
import type { RecallDesk } from "../recall/index.ts";
import type { Tracer } from "../traces/index.ts";
import type { WorkDesk } from "../work/index.ts";
import type { Vault } from "../vault/index.ts";

/** The lock before the gateway's store, as the API works with it. */
export type VaultDesk = Pick<
  Vault<unknown>,
  "state" | "held" | "touch" | "unlock" | "lock" | "wipe" | "token"
>;

/** Backups of the gateway, as the API makes them. */
export interface BackupDesk {
  run(wish: {
    readonly withKeys?: boolean | undefined;
    readonly withFiles?: boolean | undefined;
  }): Promise<{
    readonly file: string;
    readonly bytes: number;
    readonly createdAt: number;
    readonly messages: number;
    readonly files: number;
  }>;
}

/** The drop folder, as the API tells of it. */
export interface DropDesk {
  state(): {
    readonly dir: string;
    readonly as: string;
    readonly working: number;
    readonly sent: number;
    readonly partly: number;
    readonly rejected: number;
    readonly written: number;
    readonly withheld: number;
    readonly code?: string | undefined;
    readonly outCode?: string | undefined;
  };
}

/**
 * What handlers may use beside the exchange. Each service is built by its own room and given in by whoever runs the
 * gateway; one that is not there answers NOT_FOUND, as if its routes did not stand in the table.
 */
export interface Services {
  /** Files beside messages. */
  readonly attachments?: AttachmentService;
  /** Who did and read what. Without it nothing is recorded: a gateway's own process always has it. */
  readonly audit?: AuditRecord;
  /** Sealed copies of the store on the gateway's own disk. */
  readonly backup?: BackupDesk | undefined;
  /** Files between gateways, by stick. */
  readonly carry?: CarryDesk;
  /** Who works on what. */
  readonly colleagues?: ColleagueDesk;
  /** The pages officers work in. */
  readonly console?: ConsolePages;
  /** Calls of ours that tell what became of messages. */
  readonly hooks?: HookDesk;
  /** What the register says, and what hangs on it. */
  readonly insight?: InsightDesk;
  /** Inspections by two keys. */
  readonly inspections?: InspectionDesk;
  /** The logs of hubs, as they were seen. */
  readonly log?: LogDesk;
  /** Lookups in what the gateway holds. */
  readonly lookups?: LookupDesk;
  /** Authorities of states, and whether they still answer. */
  readonly directory?: DirectoryDesk;
  /** What keeps the gateway from its work. */
  readonly doctor?: DoctorDesk;
  /** Messages that are being written. */
  readonly drafts?: DraftDesk;
  /** The folder that another system puts files into. */
  readonly drop?: DropDesk | undefined;
  /** Formal requests from police threads. */
  readonly mla?: MlaDesk;
  /** Messages as a file. */
  readonly exports?: ExportDesk;
  /** What was done with messages of others. Without it copies are made as if all were ours. */
  readonly onward?: OnwardDesk;
  /** Evidence of messages for courts. */
  readonly evidence?: EvidenceDesk;
  /** Numbers for those who watch the gateway. */
  readonly metrics?: Metrics;
  /** Traces for the agency's own collector. */
  readonly traces?: Pick<Tracer, "note"> | undefined;
  /** Joint operations. */
  readonly operations?: OperationDesk;
  /** Counts of the hub's log and figures of others, at a seat of oversight. */
  readonly oversight?: OversightDesk | undefined;
  /** Figures without persons. */
  readonly statistics?: StatisticsDesk | undefined;
  /** People, machines and their sessions. Without it the owner of the token is the only caller. */
  readonly people?: PeopleService;
  /** What waits for a second officer. Without it nothing that takes two is taken in. */
  readonly releases?: ReleaseDesk;
  /** What is taken back, kept and erased. */
  readonly recalls?: RecallDesk;
  /** How threads stand, and what is awaited in them. */
  readonly work?: WorkDesk;
  /** The lock before the store. Without it the store is always open. */
  readonly vault?: VaultDesk;
}
