import type { Spellings } from './names.ts'

/** What npm shows first: what, install, the smallest working application, options, errors. */
export const readme = ({ kebab, camel, pascal }: Spellings, description: string): string => `# @covet/${kebab}

${description}.

\`\`\`sh
npm install @covet/${kebab} @covet/core fastify
\`\`\`

## The smallest working application

\`\`\`ts
import { createApp, plugin, type Plugin } from '@covet/core'
import { ${camel}, ${pascal}Token } from '@covet/${kebab}'

const routes: Plugin<'${camel}'> = plugin({
  name: 'routes',
  needs: { ${camel}: ${pascal}Token },
  setup(app, services) {
    app.get('/', () => ({ label: services.${camel}.label }))
  },
})

const app = await createApp({ plugins: [${camel}({ label: 'first' }), routes] })
await app.listen({ port: 3000 })
\`\`\`

In a plain Fastify application: \`await app.register(${camel}())\`.

## Options

| option | default | meaning |
|---|---|---|
| \`label\` | \`'${kebab}'\` | what it calls itself |

## Errors

| code | class | when |
|---|---|---|
| \`${kebab}/empty-label\` | \`EmptyLabelError\` | the label is empty |
`

export const changeset = ({ kebab, camel }: Spellings): string => `---
"@covet/${kebab}": minor
---

Add \`${camel}\`, a plugin for Covet and Fastify.
`
