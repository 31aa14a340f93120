/** 2048 words in the order of BIP39. */
export const wordlist: readonly string[];
