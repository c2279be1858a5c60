import { DeployFindings, plugin, token, type DeployFinding, type Plugin, type Token } from '@covet/core'
import type { PasswordOptions } from './options.ts'
import { createPasswords, type Passwords as PasswordsService } from './passwords.ts'

export type Passwords = PasswordsService
export const Passwords: Token<'password', Passwords> = token('password')

/** Provides {@link Passwords}, closed with the application. */
export const password = (options: PasswordOptions = {}): Plugin<never, 'password'> =>
  plugin({
    name: '@covet/password',
    provides: { password: Passwords },
    setup(app) {
      if (options.dangerouslyFast) app.services.add(DeployFindings, () => [fastHashes])
      return { password: createPasswords(options) }
    },
  })

const fastHashes: DeployFinding = {
  id: 'C016',
  severity: 'error',
  message: 'password({ dangerouslyFast }) is set: stored passwords can be guessed at high speed. It is for tests only; remove it.',
}
