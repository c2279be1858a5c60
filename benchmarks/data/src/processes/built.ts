// Makes a process load the packages as they are published: JavaScript, not TypeScript that Node strips on the way.
import { registerHooks } from 'node:module'

const source = /(\/packages\/[^/]+\/[^/]+)\/src\/(.+)\.ts$/

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context)
    return { ...resolved, url: resolved.url.replace(source, '$1/dist/$2.js') }
  },
})
