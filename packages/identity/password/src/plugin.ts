import { plugin, token, type Plugin, type Token } from '@covet/core'
import type { PasswordOptions } from './options.ts'
import { createPasswords, type Passwords as PasswordsService } from './passwords.ts'

export type Passwords = PasswordsService
export const Passwords: Token<'password', Passwords> = token('password')

/** Provides {@link Passwords}, closed with the application. */
export const password = (options: PasswordOptions = {}): Plugin<never, 'password'> =>
  plugin({
    name: '@covet/password',
    provides: { password: Passwords },
    setup: () => ({ password: createPasswords(options) }),
  })
