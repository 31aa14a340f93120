/**
 * Bytes as numbers of any width and back, most significant bit first, and as hexadecimal.
 */

/**
 * @param {Uint8Array} bytes
 * @param {number} width - bits of each number
 * @param {number} count - numbers; bits beyond the bytes are zero
 * @returns {number[]}
 */
export function toNumbers(bytes, width, count) {
  return Array.from({ length: count }, (_, index) => {
    let number = 0;
    for (let bit = index * width; bit < (index + 1) * width; bit++) {
      const byte = bytes[bit >> 3] ?? 0;
      number = number * 2 + ((byte >> (7 - (bit & 7))) & 1);
    }
    return number;
  });
}

/**
 * @param {Uint8Array} bytes
 * @returns {string} lower-case hexadecimal digits
 */
export function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * @param {number[]} numbers
 * @param {number} width - bits of each number
 * @param {number} length - bytes
 * @returns {Uint8Array | null} null when bits beyond the bytes are not zero
 */
export function toBytes(numbers, width, length) {
  const bytes = new Uint8Array(length);
  for (let bit = 0; bit < numbers.length * width; bit++) {
    const place = width - 1 - (bit % width);
    if (((numbers[Math.floor(bit / width)] >> place) & 1) === 0) continue;
    if (bit >= length * 8) return null;
    bytes[bit >> 3] |= 0x80 >> (bit & 7);
  }
  return bytes;
}
