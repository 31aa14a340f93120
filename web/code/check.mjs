/**
 * The check byte of a code, by which typing errors are found on the device.
 */

/** Source: spec/code.md, the check byte: CRC-8/AUTOSAR. */
const POLYNOMIAL = 0x2f;
const START = 0xff;
const FINAL = 0xff;

/**
 * @param {Uint8Array} bytes
 * @returns {number} 0 to 255
 */
export function checkByte(bytes) {
  let remainder = START;
  for (const byte of bytes) {
    remainder ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      remainder = remainder & 0x80 ? ((remainder << 1) ^ POLYNOMIAL) & 0xff : remainder << 1;
    }
  }
  return remainder ^ FINAL;
}
