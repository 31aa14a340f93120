/** MD5 of bytes that come in parts. */
export interface Md5 {
  init(): Md5;
  update(data: Uint8Array): Md5;
  /** 32 lower-case hexadecimal digits */
  digest(): string;
}

/** What the part of hash-wasm for MD5 leaves in `globalThis.hashwasm`, as far as it is used here. */
export interface Md5Maker {
  createMD5(): Promise<Md5>;
}
