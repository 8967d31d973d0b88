/** The part of the package that we use, in our words; its own types are out of its own exports. */
declare module "better-sqlite3-multiple-ciphers" {
  type Row = import("./sqlite.ts").SqlRow;
  type Value = import("./sqlite.ts").SqlValue;

  interface Compiled {
    get(...values: readonly Value[]): Row | undefined;
    all(...values: readonly Value[]): Row[];
    run(...values: readonly Value[]): {
      readonly changes: number;
      readonly lastInsertRowid: number | bigint;
    };
  }

  export default class Sqlite {
    constructor(path: string, options: { readonly timeout: number; readonly readonly: boolean });
    readonly inTransaction: boolean;
    prepare(sql: string): Compiled;
    exec(sql: string): this;
    key(key: Buffer): number;
    rekey(key: Buffer): number;
    close(): this;
  }
}
