// @ts-check
/** Fields of the page and answers of the person, tied to each other. A field has no name: no form can carry it away. */

/** @param {any} answers @param {string} path such as `place.name` @returns {any} */
export function valueAt(answers, path) {
  return path.split(".").reduce((group, name) => group[name], answers)
}

/** @param {any} answers @param {string} path @param {any} value */
export function setAt(answers, path, value) {
  const names = path.split(".")
  const last = /** @type {string} */ (names.pop())
  names.reduce((group, name) => group[name], answers)[last] = value
}

/** @param {any} field @returns {string | boolean} */
const read = (field) => (field.type === "checkbox" ? field.checked : field.value)

/** Radio buttons without a name do not know of each other. @param {HTMLElement} root @param {any} field */
function chooseOnly(root, field) {
  for (const other of /** @type {NodeListOf<any>} */ (root.querySelectorAll(`[type=radio][data-field="${field.dataset.field}"]`))) other.checked = other === field
}

/** @param {any} field @param {any} value */
function write(field, value) {
  if (field.type === "checkbox") field.checked = value
  else if (field.type === "radio") field.checked = field.value === value
  else field.value = value
}

/** Show the answers in the fields. @param {ParentNode} root @param {any} answers */
export function fill(root, answers) {
  for (const field of /** @type {NodeListOf<any>} */ (root.querySelectorAll("[data-field]"))) {
    const value = valueAt(answers, field.dataset.field)
    write(field, value)
    if (value && field.type !== "radio") unfold(field)
  }
  for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (root.querySelectorAll("[data-list]"))) {
    box.checked = valueAt(answers, /** @type {string} */ (box.dataset.list)).includes(box.value)
    if (box.checked) unfold(box)
  }
}

/** What was answered is not folded away. @param {Element} field */
const unfold = (field) => field.closest("details.more")?.setAttribute("open", "")

/** Take over what a person changes. @param {HTMLElement} root @param {() => any} answers @param {() => void} changed */
export function follow(root, answers, changed) {
  root.addEventListener("input", ({ target }) => {
    const field = /** @type {any} */ (target)
    if (field.type === "radio") chooseOnly(root, field)
    if (field.dataset.field) setAt(answers(), field.dataset.field, read(field))
    else if (field.dataset.list) setAt(answers(), field.dataset.list, ticked(root, field.dataset.list))
    else return
    changed()
  })
}

/** @param {HTMLElement} root @param {string} list @returns {string[]} */
function ticked(root, list) {
  const boxes = /** @type {NodeListOf<HTMLInputElement>} */ (root.querySelectorAll(`[data-list="${list}"]`))
  return [...boxes].filter((box) => box.checked).map((box) => box.value)
}

let cards = 0

/**
 * Tie the fields of one card (a witness, a file) to its answers, and its labels to its fields.
 * @param {HTMLElement} card @param {any} answers @param {() => void} changed
 */
export function followCard(card, answers, changed) {
  const number = ++cards
  for (const field of /** @type {NodeListOf<any>} */ (card.querySelectorAll("[data-part]"))) {
    const part = field.dataset.part
    field.id = `card-${number}-${part}`
    card.querySelector(`[data-of="${part}"]`)?.setAttribute("for", field.id)
    const hint = card.querySelector(`[data-hint="${part}"]`)
    if (hint) {
      hint.id = `${field.id}-hint`
      field.setAttribute("aria-describedby", hint.id)
    }
    write(field, answers[part])
    field.addEventListener("input", () => {
      answers[part] = read(field)
      changed()
    })
  }
}
