import type { Codec } from './codec.ts'

/** A decimal as an integer of its last digits, so that it sorts, sums and compares exactly: '1.50' of scale 2 is 150. */
export function scaledDecimal(scale: number): Codec {
  return {
    encode: (value) => BigInt((value as string).replace('.', '')),
    decode: (raw) => fromScaled(BigInt(raw as number | bigint | string), scale),
  }
}

export function fromScaled(scaled: bigint, scale: number): string {
  if (scale === 0) return scaled.toString()
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(scale + 1, '0')
  return `${scaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}
