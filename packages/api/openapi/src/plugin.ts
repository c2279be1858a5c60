import { AppMode, modeOf, plugin, type Plugin, type Token, token } from '@covet/core'
import { ensureRouter, type Router } from '@covet/router'
import type { FastifyInstance } from 'fastify'
import { posix } from 'node:path'
import { buildDocument } from './document.ts'
import { type OpenApiOptions, type ResolvedOpenApiOptions, resolveOpenApiOptions } from './options.ts'
import { renderPage } from './page/page.ts'
import { script } from './page/script.ts'
import { style } from './page/style.ts'
import type { OpenApiDocument } from './types.ts'

/** The description of an application's routes. */
export interface OpenApi {
  /** Complete once the application is ready; made at the first call. */
  document(): OpenApiDocument
}

export const OpenApi: Token<'openapi', OpenApi> = token('openapi')

/** Describes the routes as an OpenAPI 3.1 document, and serves it with a page to read it, except in production. */
export const openapi = (options: OpenApiOptions): Plugin<never, 'openapi'> =>
  plugin({
    name: '@covet/openapi',
    stage: 'handle',
    optional: { mode: AppMode },
    provides: { openapi: OpenApi },
    setup(app, { mode = modeOf() }) {
      const resolved = resolveOpenApiOptions(options, mode)
      const service = describe(ensureRouter(app), resolved)
      // A document that cannot be made is found at boot, not by its first reader.
      app.addHook('onReady', async () => void service.document())
      if (resolved.isServed) serve(app, resolved, service)
      return { openapi: service }
    },
  })

function describe(router: Router, options: ResolvedOpenApiOptions): OpenApi {
  let document: OpenApiDocument | undefined
  return { document: () => (document ??= buildDocument(router.routes, options)) }
}

/** The page may load its own style and script, ask the application it describes, and nothing else. */
const contentSecurityPolicy =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

function serve(app: FastifyInstance, { path, docs }: ResolvedOpenApiOptions, service: OpenApi): void {
  if (path !== false) {
    serveText(app, path, 'application/vnd.oai.openapi+json;version=3.1', () => JSON.stringify(service.document()))
  }
  if (docs === false) return
  const base = posix.basename(docs)
  const links = {
    document: path === false ? undefined : posix.relative(posix.dirname(docs), path),
    style: `${base}/style.css`,
    script: `${base}/script.js`,
  }
  serveText(app, docs, 'text/html; charset=utf-8', () => renderPage(service.document(), links))
  serveText(app, `${docs}/style.css`, 'text/css; charset=utf-8', () => style)
  serveText(app, `${docs}/script.js`, 'text/javascript; charset=utf-8', () => script)
}

function serveText(app: FastifyInstance, url: string, type: string, make: () => string): void {
  let text: string | undefined
  app.get(url, { config: { public: true }, schema: { hide: true } }, async (_request, reply) => {
    reply.headers({
      'content-type': type,
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      ...(type.startsWith('text/html') && { 'content-security-policy': contentSecurityPolicy }),
    })
    return (text ??= make())
  })
}
