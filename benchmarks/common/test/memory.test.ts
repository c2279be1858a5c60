import { execFileSync } from 'node:child_process'
import { expect, it } from '@jest/globals'

const megabyte = 1_024 * 1_024
const memory = JSON.stringify(new URL('../src/memory.ts', import.meta.url).href)

it("the peak of memory is the process's own, not that of what started it", () => {
  const child = `import { peakMemory } from ${memory}\nprocess.stdout.write(String(peakMemory()))`
  const parent = `
    import { execFileSync } from 'node:child_process'
    import { peakMemory } from ${memory}
    const ballast = Buffer.alloc(300 * ${megabyte}, 1)
    const child = execFileSync(process.execPath, ['--input-type=module', '--eval', ${JSON.stringify(child)}], { encoding: 'utf8' })
    process.stdout.write(JSON.stringify({ child: Number(child), parent: peakMemory(), ballast: ballast.length }))`
  const run = execFileSync(process.execPath, ['--input-type=module', '--eval', parent], { encoding: 'utf8' })
  const peaks = JSON.parse(run) as { child: number; parent: number; ballast: number }
  expect(peaks.parent).toBeGreaterThan(peaks.ballast)
  expect(peaks.child).toBeGreaterThan(10 * megabyte)
  expect(peaks.child).toBeLessThan(200 * megabyte)
})
