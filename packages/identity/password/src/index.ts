export { password, Passwords } from './plugin.ts'
export { createPasswords } from './passwords.ts'
export type { HashCallOptions, PasswordCheck } from './passwords.ts'
export type { GateOptions, ParameterPreset, PasswordOptions } from './options.ts'
export type { Argon2Parameters, Derive, DeriveRequest } from './argon2.ts'
export type { PepperOptions } from './pepper.ts'
export type { PasswordContext, PolicyOptions } from './policy.ts'
export * as errors from './errors.ts'
export {
  InvalidPasswordOptionsError,
  PasswordGateFullError,
  PasswordMalformedError,
  PasswordTooCommonError,
  PasswordTooLongError,
  PasswordTooShortError,
  PasswordsClosedError,
  UnknownPepperError,
  UnsupportedHashError,
} from './errors.ts'
