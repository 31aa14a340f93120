/**
 * Which words tell a person why something did not work.
 */

import { KeysError } from "../code/vault.mjs";
import { RequestError } from "./api.mjs";

/**
 * @param {unknown} error
 * @returns {string} key of the words; never throws, so that no step is left without an answer
 */
export function reasonWords(error) {
  if (error instanceof RequestError) return error.reason;
  if (error instanceof KeysError) {
    if (error.code === "unreachable") return "no_connection";
    return error.code === "insecure" ? "keys_insecure" : "keys_failed";
  }
  return "failed";
}
