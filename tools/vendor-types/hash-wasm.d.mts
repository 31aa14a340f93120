/** The functions of hash-wasm that are used here. */
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

/** MD5 of bytes that come in parts. */
export interface Md5 {
  init(): Md5;
  update(data: Uint8Array): Md5;
  /** 32 lower-case hexadecimal digits */
  digest(): string;
}
export function createMD5(): Promise<Md5>;
