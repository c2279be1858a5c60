import type { RemotePolicy } from './options.ts'
import { parseStrictObject } from './strict-json.ts'

/**
 * Fetches a JSON Web Key Set within the policy's limits of time, bytes and keys; follows no redirect.
 * @throws {Error} that says which limit or rule was broken
 */
export async function fetchKeySet({ url, fetch, timeoutMs, maxBytes, maxKeys }: RemotePolicy): Promise<{ keys: unknown[] }> {
  const timeout = new AbortController()
  const expired = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    const error = new Error(`No answer within ${timeoutMs} ms.`)
    timeout.abort(error)
    expired.reject(error)
  }, timeoutMs)
  try {
    // The race: a fetch that ignores its signal must not hold the caller.
    const text = await Promise.race([request(url, fetch, maxBytes, timeout.signal), expired.promise])
    return readKeySet(text, maxKeys)
  } finally {
    clearTimeout(timer)
  }
}

async function request(url: string, fetch: RemotePolicy['fetch'], maxBytes: number, signal: AbortSignal): Promise<string> {
  const headers = { accept: 'application/jwk-set+json, application/json' }
  const response = await fetch(url, { headers, redirect: 'error', signal })
  if (response.status !== 200) throw new Error(`The answer has the status ${response.status}, not 200.`)
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength
    if (bytes > maxBytes) throw new Error(`The answer has more than ${maxBytes} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

function readKeySet(text: string, maxKeys: number): { keys: unknown[] } {
  const keys = parseStrictObject(text)?.['keys']
  if (!Array.isArray(keys)) throw new Error('The answer is not a JSON Web Key Set.')
  if (keys.length > maxKeys) throw new Error(`The set has ${keys.length} keys of at most ${maxKeys}.`)
  return { keys }
}
