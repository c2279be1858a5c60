import { type Plugin, plugin, type Token, token } from '@covet/core'
import type { TSchema } from 'typebox'
import type { Settings } from './schema.ts'

/** The application's settings, for a plugin that does not know their type. */
export const Config: Token<'config', unknown> = token('config')

/**
 * The same token with the application's own type: `export const AppConfig = configToken<typeof schema>()`, then
 * `needs: { config: AppConfig }`.
 */
export function configToken<S extends TSchema>(): Token<'config', Settings<S>> {
  return token('config')
}

/** Provides settings that `loadConfig` returned. */
export function config(settings: object): Plugin<never, 'config'> {
  return plugin({
    name: '@covet/config',
    provides: { config: Config },
    setup: () => ({ config: settings }),
  })
}
