// @ts-check
/**
 * The sealing worker of a filing: keeps the secret work off the page's own thread. It reaches no network and no storage.
 *
 * Everything that is only for cases already filed is in caseworker.js, so that nobody on a slow line waits for it.
 */
import { FILING, serve } from "./calls.js"

serve(FILING)
