import { types } from 'node:util'

/** Between threads a Buffer becomes a Uint8Array: here those of rows, which nobody else has, are made what they were. */
export function withBuffers(rows: readonly unknown[]): unknown[] {
  for (const row of rows) {
    const cells = row as Record<string, unknown>
    for (const key in cells) {
      const value = cells[key]
      if (types.isUint8Array(value)) cells[key] = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    }
  }
  return rows as unknown[]
}

/** What is sent of a part of some memory is all of it: here that part alone. */
export function withoutTheirMemory(params: readonly unknown[]): readonly unknown[] {
  return params.map((value) => (types.isUint8Array(value) && value.byteLength < value.buffer.byteLength ? new Uint8Array(value) : value))
}
