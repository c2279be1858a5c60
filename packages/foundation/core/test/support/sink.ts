/** Collects log lines. */
export function createSink(): { write(line: string): void; readonly lines: Record<string, unknown>[]; readonly text: string } {
  const written: string[] = []
  return {
    write: (line) => void written.push(line),
    get lines() {
      return written.map((line) => JSON.parse(line) as Record<string, unknown>)
    },
    get text() {
      return written.join('')
    },
  }
}
