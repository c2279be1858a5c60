import { isIP, isIPv4 } from 'node:net'
import type { DeployFinding } from '@covet/core'

/**
 * Whether no network is between: an address of this machine alone, or `localhost`. Names below `localhost` are not, since a
 * resolver that does not follow RFC 6761 asks the network for them.
 */
export function isLoopback(host: string): boolean {
  if (isIP(host) === 0) return host === 'localhost'
  return isIPv4(host) ? host.startsWith('127.') : host === '::1'
}

/** What of the servers of a driver, by the name of its plugin, should not be deployed as it is. */
export function tlsFindings<Server extends { readonly name: string }>(
  plugin: string,
  servers: readonly Server[],
  trustsAnybody: (server: Server) => boolean,
): readonly DeployFinding[] {
  const trusting = servers.filter(trustsAnybody).map(({ name }) => name)
  if (trusting.length === 0) return []
  const message =
    `${plugin}({ ssl: { dangerouslyAcceptAnyCertificate } }) is set: whoever answers in the name of ${trusting.join(' or ')} reads and ` +
    'changes what is sent. Name who signs the certificate instead: ssl: { ca }.'
  return [{ id: 'C020', severity: 'warning', message }]
}
