/**
 * The words of the page, as the server put them into it, and how to fill them in.
 *
 * Nothing here is ever read as HTML: what comes out goes into `textContent`.
 */

/** Here "en" is read in Europe: the day comes before the month. */
const DATE_LANGUAGES = { en: "en-GB" };

/** @typedef {Readonly<Record<string, string>>} WordList */

/**
 * Words in the language of the page.
 */
export class Words {
  #list;
  #plurals;
  #dates;

  /**
   * @param {WordList} list
   * @param {string} language - such as "nl"
   */
  constructor(list, language) {
    this.#list = list;
    this.#plurals = new Intl.PluralRules(language);
    // Days come without a time zone; UTC here and there keeps them the day they are.
    const dates = new Map(Object.entries(DATE_LANGUAGES)).get(language) ?? language;
    this.#dates = new Intl.DateTimeFormat(dates, { dateStyle: "long", timeZone: "UTC" });
  }

  /**
   * Read the block `<script type="application/json" id=…>` of the page.
   *
   * @param {string} id
   * @returns {Words}
   */
  static fromPage(id) {
    const text = document.getElementById(id)?.textContent;
    if (text === null || text === undefined) throw new Error(`The page has no words "${id}".`);
    return new Words(JSON.parse(text), document.documentElement.lang);
  }

  /**
   * @param {string} key
   * @param {Record<string, string | number>} [values] - what goes in the place of `{name}`
   * @returns {string}
   */
  say(key, values = {}) {
    const template = this.#list[key];
    if (template === undefined) throw new Error(`The page has no word "${key}".`);
    return template.replaceAll(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
  }

  /**
   * Choose the plural form: the key `KEY_one` or `KEY_other`.
   *
   * @param {string} key
   * @param {number} count
   * @returns {string}
   */
  count(key, count) {
    const exact = `${key}_${this.#plurals.select(count)}`;
    return this.say(exact in this.#list ? exact : `${key}_other`, { count });
  }

  /**
   * @param {string} day - such as "2026-11-23"
   * @returns {string} such as "23 November 2026"
   */
  day(day) {
    return this.#dates.format(new Date(`${day}T00:00:00Z`));
  }
}
