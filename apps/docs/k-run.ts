import { writePrograms, typeErrors, runNode, root } from './test/support/workspace.ts'
import { globSync } from 'node:fs'
import path from 'node:path'
const only = process.argv[2] ?? ''
const written = writePrograms(globSync('guides/*/*.md', { cwd: root }).toSorted().map((file) => path.join(root, file)))
for (const w of written) {
  if (!w.page.name.includes(only)) continue
  const o = await runNode([w.checked], { NODE_ENV: 'production' })
  console.log(w.page.name, w.expectations, o.code, o.output.slice(0, 3000))
}
console.log((await typeErrors()).join('\n'))
