/**
 * Which words tell a person why something did not work.
 */

import { KeysError } from "../code/vault.mjs";
import { RequestError } from "./api.mjs";

/** There is no room left under a code. */
export class NoRoomError extends Error {
  constructor() {
    super("There is no room left under this code.");
    this.name = "NoRoomError";
  }
}

/**
 * @param {unknown} error
 * @returns {string} key of the words; never throws, so that no step is left without an answer
 */
export function reasonWords(error) {
  if (error instanceof RequestError) return error.reason;
  if (error instanceof NoRoomError) return "no_room";
  if (error instanceof KeysError) {
    if (error.code === "unreachable") return "no_connection";
    return error.code === "insecure" ? "keys_insecure" : "keys_failed";
  }
  return "failed";
}
