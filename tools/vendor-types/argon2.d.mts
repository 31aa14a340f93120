/** What the part of hash-wasm for Argon2 leaves in `globalThis.hashwasm`, as far as it is used here. */
export interface Argon2 {
  argon2id(options: {
    password: Uint8Array;
    salt: Uint8Array;
    iterations: number;
    parallelism: number;
    /** KiB */
    memorySize: number;
    /** bytes */
    hashLength: number;
    outputType: "binary";
  }): Promise<Uint8Array>;
}
