/** The order of concerns: where in the life of a request a plugin's hooks run. */
export const stages = [
  'request',
  'cors',
  'headers',
  'limit',
  'session',
  'auth',
  'quota',
  'csrf',
  'access',
  'cache',
  'validate',
  'handle',
  'audit',
] as const

/** `limit` counts by address, `quota` by account; `access` is authorization; see {@link stages} for the order. */
export type Stage = (typeof stages)[number]
