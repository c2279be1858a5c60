import { randomBytes } from 'node:crypto'

let lastMs = 0
let sequence = 0

/**
 * A UUID of version 7 (RFC 9562 §5.7): it sorts by the time of its creation, and within a process strictly, also when the clock
 * steps back. The 12 bits after the time count on from a random start (§6.2, method 1).
 */
export function uuidv7(now: number = Date.now()): string {
  const random = randomBytes(10)
  if (now > lastMs) {
    lastMs = now
    // The upper bit stays free, so that 2,048 more fit into the same millisecond at least.
    sequence = random.readUInt16BE(8) & 0x7ff
  } else if (++sequence > 0xfff) {
    lastMs++
    sequence = random.readUInt16BE(8) & 0x7ff
  }
  const time = lastMs.toString(16).padStart(12, '0')
  const variant = ((random.readUInt16BE(0) & 0x3fff) | 0x8000).toString(16)
  return `${time.slice(0, 8)}-${time.slice(8)}-7${sequence.toString(16).padStart(3, '0')}-${variant}-${random.toString('hex', 2, 8)}`
}
