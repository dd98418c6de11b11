// @ts-check
/** Check digits. Sources: SEGOB and SAT instructions (CURP, RFC), ISO 7812 (Luhn), Banxico (CLABE), ISO 3779 (VIN). */

const CURP = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ";
const RFC = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ";
const VIN_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ";
const VIN_VALUES = [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9];
const VIN_WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

/** @param {string} alphabet @param {string} value @param {number} first its weight; each next one less @returns {number} */
function weighed(alphabet, value, first) {
  let total = 0;
  for (let place = 0; place < value.length; place++) {
    const number = alphabet.indexOf(value[place]);
    if (number < 0) return NaN;
    total += number * (first - place);
  }
  return total;
}

/** @param {string} value @param {string[]} states @returns {boolean} whether the 18th character of a CURP fits */
function curp(value, states) {
  const total = weighed(CURP, value.slice(0, 17), 18);
  return states.includes(value.slice(11, 13)) && String((10 - (total % 10)) % 10) === value[17];
}

/** @param {string} value @returns {boolean} whether the last character of a person's or company's RFC fits */
function rfc(value) {
  const total = weighed(RFC, value.slice(0, -1).padStart(12), 13);
  return "0123456789A"[(11 - (total % 11)) % 11] === value[value.length - 1];
}

/** @param {string} value @returns {boolean} whether the last digit fits by Luhn: NSS, cards, IMEI, SIN */
function luhn(value) {
  let total = 0;
  for (let place = 0; place < value.length; place++) {
    const number = Number(value[value.length - 1 - place]) * (place % 2 ? 2 : 1);
    total += number > 9 ? number - 9 : number;
  }
  return total % 10 === 0;
}

/** @param {string} value @returns {boolean} whether the 18th digit of a CLABE fits */
function clabe(value) {
  let total = 0;
  for (let place = 0; place < 17; place++) total += (Number(value[place]) * [3, 7, 1][place % 3]) % 10;
  return String((10 - (total % 10)) % 10) === value[17];
}

/** @param {string} value @returns {boolean} whether the ninth character of a VIN fits */
function vin(value) {
  let total = 0;
  for (let place = 0; place < 17; place++) {
    const sign = value[place];
    const number = sign >= "0" && sign <= "9" ? Number(sign) : (VIN_VALUES[VIN_LETTERS.indexOf(sign)] ?? 0);
    total += number * VIN_WEIGHTS[place];
  }
  return "0123456789X"[total % 11] === value[8];
}

/**
 * @param {import("./rules.js").Rules} rules @param {string} name of the check @param {string} value
 * @returns {boolean} whether the value passes; one with a foreign character fails
 */
export function passes(rules, name, value) {
  const upper = value.toUpperCase();
  if (name === "curp") return curp(upper, rules.data.identifiers.curp_states);
  if (name === "rfc") return rfc(upper);
  if (name === "luhn") return luhn(upper);
  if (name === "clabe") return clabe(upper);
  return name === "vin" && vin(upper);
}
