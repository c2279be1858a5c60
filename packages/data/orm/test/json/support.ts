/** A DataRow message of PostgreSQL's protocol. */
export function dataRow(values: readonly (string | Buffer | null)[]): Buffer {
  const cells = values.flatMap((value) => {
    const size = Buffer.alloc(4)
    if (value === null) {
      size.writeInt32BE(-1)
      return [size]
    }
    const text = Buffer.from(value as string)
    size.writeInt32BE(text.length)
    return [size, text]
  })
  const content = Buffer.concat(cells)
  const header = Buffer.alloc(7)
  header.write('D')
  header.writeInt32BE(content.length + 6, 1)
  header.writeInt16BE(values.length, 5)
  return Buffer.concat([header, content])
}

export async function textOf(source: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const part of source) parts.push(part)
  return Buffer.concat(parts).toString()
}
