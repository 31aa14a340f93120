/**
 * A notice to a platform, put together from parts. Touches neither the page nor the network.
 */

/** @typedef {"en" | "nl" | "fr" | "de"} Language */
/** @typedef {Record<Language, string>} Text */
/** @typedef {"spread" | "deepnude" | "voyeurism" | "threat"} Form */

/**
 * @typedef {object} Citation - of `content/notices.py`
 * @property {Text} cite
 * @property {readonly string[]} forms
 * @property {string} valid_from - the first day of facts, or "" for any
 * @property {string | null} valid_to - the last day, or null
 * @property {string | null} binding - law that a platform must be bound by; null for all
 */

/**
 * @typedef {object} Answers
 * @property {"self" | "helper"} role
 * @property {Form} form
 * @property {string} day - of the facts, such as "2026-11-24"
 * @property {readonly string[]} addresses - as she pasted them
 * @property {string} name - or ""
 * @property {string} email - or ""
 * @property {ReadonlySet<string>} bound - laws that bind the platforms it goes to
 */

/** @typedef {"addresses" | "name" | "email"} Missing */

/**
 * @param {Readonly<Record<string, Text>>} parts
 * @param {readonly Citation[]} laws
 * @param {Answers} answers
 * @param {Language} language
 * @returns {string}
 */
export function notice(parts, laws, answers, language) {
  const { role, form, addresses, name, email, bound } = answers;
  /** @param {string} part */
  const say = (part) => parts[part][language];
  const cited = citedFor(laws, answers).map(({ cite }) => `- ${cite[language]}`);
  const paragraphs = [
    say("subject"),
    say("greeting"),
    `${say(role)} ${say(form)}`,
    [say("addresses"), ...addresses].join("\n"),
    ...(cited.length > 0 ? [[say("laws"), ...cited].join("\n")] : []),
    say(form === "threat" ? "stop" : "remove"),
    ...(bound.has("tida") && form !== "threat" ? [say("tida")] : []),
    say("preserve"),
    say("answer"),
    say("faith"),
    [`${say("signature")} ${name}`.trim(), `${say("contact")} ${email}`.trim()].join("\n"),
  ];
  return `${paragraphs.join("\n\n")}\n`;
}

/**
 * @param {Answers} answers
 * @returns {Missing[]} what platforms usually ask for and is not there
 */
export function missingIn({ addresses, name, email }) {
  /** @type {[Missing, boolean][]} */
  const needed = [["addresses", addresses.length > 0], ["name", name !== ""], ["email", email !== ""]];
  return needed.flatMap(([what, isThere]) => (isThere ? [] : [what]));
}

/**
 * @param {readonly Citation[]} laws
 * @param {Answers} answers
 * @returns {Citation[]} those about the form that hold on the day and for the platforms
 */
export function citedFor(laws, { form, day, bound }) {
  return laws.filter(({ forms, valid_from, valid_to, binding }) => {
    const holds = valid_from <= day && (valid_to === null || day <= valid_to);
    return holds && forms.includes(form) && (binding === null || bound.has(binding));
  });
}
