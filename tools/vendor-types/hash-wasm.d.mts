/** The one function of hash-wasm that is used here. */
export function argon2id(options: {
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
