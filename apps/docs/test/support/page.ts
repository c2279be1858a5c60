import { readFileSync } from 'node:fs'
import path from 'node:path'

/** A line of TypeScript and where it stands in its page. */
export interface Line {
  readonly text: string
  readonly at: number
}

/** A page of a guide as programs: its own, and the files it shows whole. */
export interface Page {
  /** `queries.md` */
  readonly name: string
  readonly folder: string
  readonly program: readonly Line[]
  readonly files: Readonly<Record<string, readonly Line[]>>
  /** Blocks that are not TypeScript. */
  readonly otherBlocks: readonly string[]
  /** What stands in `<!-- needs: … -->`, or nothing. */
  readonly needs: string
}

const fileName = /^\/\/ ([\w-]+\.ts)$/

export function readPage(file: string): Page {
  const lines = readFileSync(file, 'utf8').split('\n')
  const program: Line[] = []
  const files: Record<string, readonly Line[]> = {}
  let block: Line[] | undefined
  let isTable = false
  for (const [index, text] of lines.entries()) {
    const at = index + 1
    if (block) {
      if (text !== '```') block.push({ text, at })
      else {
        const [, named] = fileName.exec(block[0]?.text ?? '') ?? []
        if (named === undefined) program.push(...block, { text: '', at })
        else files[named] = block
        block = undefined
      }
    } else if (text === '```ts') block = []
    else {
      const cells = cellsOf(text)
      isTable = cells.at(-1) === 'Covet' || (isTable && cells.length > 0)
      if (isTable) program.push(...codeOf(cells.at(-1) ?? '').map((code) => ({ text: code, at })))
    }
  }
  const whole = lines.join('\n')
  const [, needs = ''] = /^<!-- needs: (.+) -->$/m.exec(whole) ?? []
  return { name: path.basename(file), folder: path.basename(path.dirname(file)), program, files, otherBlocks: otherBlocksOf(whole), needs }
}

function otherBlocksOf(text: string): readonly string[] {
  return [...text.matchAll(/^[ ]*(```|~~~)(.*)\n((?:.*\n)*?)[ ]*\1$/gm)]
    .filter(([, fence, language]) => fence !== '```' || language !== 'ts')
    .map(([, , , code = '']) => code.trim())
}

function cellsOf(line: string): readonly string[] {
  if (!line.startsWith('|')) return []
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim())
}

/** Code with backticks in it stands between two of them and a space. */
function codeOf(cell: string): readonly string[] {
  return [...cell.replaceAll('\\|', '|').matchAll(/`` (.+?) ``|`([^`]+)`/g)].map(([, long, short = '']) => long ?? short)
}
